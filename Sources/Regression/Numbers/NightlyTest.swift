import Evaluation

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
    ///     max(t, tolerance/s√2) · s√2 + z₀.₉₅ · s√2
    ///
    /// with t the quantile that Holm's first step asks for.
    /// - Parameters:
    ///   - estimate: The baseline; other nights are taken to be as sure.
    ///   - tolerance: In units of the metric.
    ///   - metrics: Number of metrics of the whole suite.
    /// - Returns: In units of the metric; nil without a standard error.
    public func reliablyFound(_ estimate: Estimate, tolerance: Double, metrics: Int) -> Double? {
        guard let error = estimate.usableError, metrics > 0 else { return nil }
        let tail = level / Double(2 * metrics) / 2, ofDifference = error * 2.0.squareRoot()
        let quantile = estimate.degreesOfFreedom.map { StudentDistribution.quantile(1 - tail, degreesOfFreedom: 2 * $0) } ?? NormalDistribution.quantile(1 - tail)
        return max(quantile * ofDifference, tolerance) + NormalDistribution.quantile(0.95) * ofDifference
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
        public var baseline: Estimate
        /// What was found tonight.
        public var tonight: Estimate
        /// What was found since the baseline on nights with images of their own, tonight included, oldest first.
        public var nights: [Estimate]

        /// A series.
        public init(better: MetricDescription.Better, aim: Double? = nil, tolerance: Tolerance = .none, baseline: Estimate, tonight: Estimate, nights: [Estimate]) {
            (self.better, self.aim, self.tolerance, self.baseline, self.tonight, self.nights) = (better, aim, tolerance, baseline, tonight, nights)
        }

        /// The line through the last nights: of the values, or of their distances from the aim.
        fileprivate func slide(window: Int) -> Slide? {
            let all = ([baseline] + nights).suffix(window)
            guard better == .asReal, let aim else { return Slide(Array(all), better: better) }
            return Slide(all.map { Estimate(abs($0.value - aim), standardError: $0.standardError, degreesOfFreedom: $0.degreesOfFreedom) }, better: .smaller)
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
        let changes = series.map { Change(from: $0.baseline, to: $0.tonight, better: $0.better, aim: $0.aim, tolerance: $0.tolerance) }
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
