import Evaluation
import Statistics

/// Decides on numbers alone what became of every metric of a suite, so that the suite as a whole rarely raises a false alarm.
///
/// A metric has *regressed* where it is worse than the baseline by more than its tolerance **and** that is significant, *improved* likewise; it *drifts* where the line through the nights since the baseline falls
/// by more than the tolerance and its slope is significant. Both tests of all metrics make one family (``HolmProcedure``).
///
/// The family's level is a fifth of 1 − `confidence`. A baseline is drawn once and compared with every night, so an unlucky one raises alarms night after night: at the full level the average over baselines would be
/// kept, yet in one baseline of nine the rate of the nights after it would be higher. At a fifth, at least 98 baselines of 100 keep it (`NightlySimulationTests` shows it).
///
/// A metric without a standard error is decided by its tolerance alone.
public struct NightlyTest: Sendable, Hashable {
    /// Nights without cause for an alarm that bring none, for the whole suite.
    public var confidence: Double
    /// Nights that a line is drawn through, at most.
    public var window: Int

    /// A test.
    public init(confidence: Double = 0.99, window: Int = 28) {
        precondition(confidence > 0 && confidence < 1 && window >= Slide.fewestNights, "confidence \(confidence), window \(window)")
        (self.confidence, self.window) = (confidence, window)
    }

    /// Of the whole family of tests.
    public var level: Double { (1 - confidence) / 5 }

    /// By how much a metric has to get worse to be found in the first night with a probability of 95 %: what a suite is good for, known before anything has got worse.
    ///
    ///     max(t, tolerance/f) · f + z₀.₉₅ · f
    ///
    /// with t the quantile that Holm's first step asks for and f = s·√(1 + 1/n) the standard error of the difference of n baseline nights and another. Where the scatter of nights takes the place of s, that is itself uncertain, and the
    /// noncentral t says what a step must be: t·(1 − 1/4ν) + z₀.₉₅·√(1 + t²/2ν) in place of t + z₀.₉₅ (Abramowitz and Stegun 26.7.10).
    /// - Parameters:
    ///   - agreed: The baseline; other nights are taken to be as sure as one of its own.
    ///   - tolerance: In units of the metric.
    ///   - metrics: Number of metrics of the whole suite.
    ///   - isRetrained: Whether every night measures another training.
    /// - Returns: In units of the metric; nil without a standard error.
    public func reliablyFound(_ agreed: Agreement, tolerance: Double, metrics: Int, isRetrained: Bool = true) -> Double? {
        guard metrics > 0 else { return nil }
        let tail = level / Double(2 * metrics) / 2, count = Double(agreed.count), power = NormalDistribution.quantile(0.95), own = (1 + 1 / count).squareRoot()
        if isRetrained, let scatter = agreed.scatter {
            let error = scatter.variance.squareRoot() * own, t = StudentDistribution.quantile(1 - tail, degreesOfFreedom: scatter.degreesOfFreedom), freedom = scatter.degreesOfFreedom
            return max((t * (1 - 1 / (4 * freedom)) + power * (1 + t * t / (2 * freedom)).squareRoot()) * error, tolerance + power * error)
        }
        guard let error = agreed.estimate.usableError else { return nil }
        // The error of a night like those of the baseline, and of their mean.
        var sum = VarianceSum()
        sum.add(error * error / count, degreesOfFreedom: agreed.estimate.degreesOfFreedom)
        sum.add(error * error, degreesOfFreedom: agreed.estimate.degreesOfFreedom.map { $0 / count })
        let ofDifference = error * own, quantile = sum.degreesOfFreedom.isFinite ? StudentDistribution.quantile(1 - tail, degreesOfFreedom: sum.degreesOfFreedom) : NormalDistribution.quantile(1 - tail)
        return max(quantile * ofDifference, tolerance) + power * ofDifference
    }

    /// One metric of one case.
    public struct Series: Sendable {
        /// Which way is better.
        public var better: MetricDescription.Better
        /// The value of real images, where that is what is best and is known.
        public var aim: Double?
        /// How much it may get worse.
        public var tolerance: Tolerance
        /// What was agreed on.
        public var baseline: Agreement
        /// Whether every night measures another training, so that nights scatter by more than their samples.
        public var isRetrained: Bool
        /// What was found tonight.
        public var tonight: Estimate
        /// What was found since the baseline on nights with images of their own, tonight included, oldest first.
        public var nights: [Estimate]

        /// A series.
        public init(better: MetricDescription.Better, aim: Double? = nil, tolerance: Tolerance = .none, baseline: Agreement, isRetrained: Bool = true, tonight: Estimate, nights: [Estimate]) {
            (self.better, self.aim, self.tolerance, self.baseline, self.isRetrained, self.tonight, self.nights) = (better, aim, tolerance, baseline, isRetrained, tonight, nights)
        }

        /// The line through the last nights: of the values, or of their distances from the aim.
        fileprivate func slide(window: Int) -> Slide? {
            guard better == .asReal, let aim else { return Slide(from: baseline, nights, better: better, window: window, isRetrained: isRetrained) }
            func distance(_ one: Estimate) -> Estimate { Estimate(abs(one.value - aim), standardError: one.standardError, degreesOfFreedom: one.degreesOfFreedom) }
            return Slide(from: Agreement(distance(baseline.estimate), values: baseline.values), nights.map(distance), better: .smaller, window: window, isRetrained: isRetrained)
        }
    }

    /// What became of a metric.
    public struct Judgement: Sendable, Hashable {
        /// Tonight against the baseline.
        public let change: Change
        /// Its p-value among all tests of the suite; nil where the tolerance decides alone.
        public let changeP: Double?
        /// The nights since the baseline; nil where there are too few.
        public let slide: Slide?
        /// Its p-value among all tests of the suite.
        public let slideP: Double?
        /// The worst that holds.
        public let verdict: Verdict
    }

    /// Judges all metrics of a suite.
    public func callAsFunction(_ series: [Series]) -> [Judgement] {
        let changes = series.map { Change(from: $0.baseline, to: $0.tonight, better: $0.better, aim: $0.aim, tolerance: $0.tolerance, isRetrained: $0.isRetrained) }
        let slides = series.map { $0.slide(window: window) }
        let pValues = changes.map(\.pValue), slidePs = slides.map { $0?.pValue }
        var adjusted = HolmProcedure.adjusted((pValues + slidePs).compactMap(\.self))[...]
        let changePs = pValues.map { $0.flatMap { _ in adjusted.popFirst() } }, slideAdjusted = slidePs.map { $0.flatMap { _ in adjusted.popFirst() } }
        return series.indices.map { index in
            let change = changes[index], slide = slides[index]
            var verdict = Verdict.unchanged
            if change.isBeyondTolerance, changePs[index].map({ $0 <= level }) ?? true { verdict = change.worsening > 0 ? .regression : .improvement }
            let slides = slide.map { $0.worsening > change.tolerance } ?? false
            if slides, let p = slideAdjusted[index], p <= level { verdict = max(verdict, .drift) }
            return Judgement(change: change, changeP: changePs[index], slide: slide, slideP: slideAdjusted[index], verdict: verdict)
        }
    }
}

/// What became of a metric, from good to bad.
public enum Verdict: String, Sendable, CaseIterable, Comparable, Codable {
    /// Nothing that could be told from chance, or that anybody wants to hear of.
    case unchanged
    /// Better than the baseline, which is out of date.
    case improvement
    /// A slow slide over several nights.
    case drift
    /// Worse than the baseline.
    case regression

    /// By badness.
    public static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
