import Evaluation
import Statistics
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What became of a metric between the baseline and a night.
///
/// Both measured other generated images against the same real ones, so the variance of the difference is that of the generated images alone,
///
///     Var(tonight − baseline) = s²(baseline)/n + s²(tonight)
///
/// with ``Estimate/standardError`` as s and n the nights of the baseline; what the real images contribute to both numbers cancels to first order (`FrechetComparison` writes the same variance down for two sets at hand).
/// Where every night measures another training, and the baseline's nights are enough to tell how much these scatter (``Agreement/scatter``), it is
///
///     Var(tonight − baseline) = S²·(1 + 1/n)
///
/// with n − 1 degrees of freedom: what samples and trainings contribute is in S² both.
public struct Change: Sendable, Hashable {
    /// What was agreed on: the mean of its nights.
    public let baseline: Estimate
    /// How many nights that is the mean of.
    public let baselineNights: Int
    /// What was found.
    public let tonight: Estimate
    /// Which way is better.
    public let better: MetricDescription.Better
    /// The value of real images, where that is what is best and is known.
    public let aim: Double?
    /// What is tolerated, in units of the metric.
    public let tolerance: Double

    /// Of the difference; nil where neither night has one, or one of them has none.
    public let standardError: Double?
    /// How well that is known; infinite where all its parts are known well.
    public let degreesOfFreedom: Double
    /// Whether the scatter of nights, and not their samples alone, says how large chance is.
    public let isOfTrainings: Bool

    /// A change.
    /// - Parameter isRetrained: Whether every night measures another training.
    public init(from agreed: Agreement, to tonight: Estimate, better: MetricDescription.Better, aim: Double? = nil, tolerance: Tolerance, isRetrained: Bool = true) {
        (baseline, self.tonight, self.better, self.aim, self.tolerance) = (agreed.estimate, tonight, better, aim, tolerance.amount(at: agreed.estimate.value))
        baselineNights = agreed.count
        let count = Double(agreed.count)
        isOfTrainings = isRetrained && agreed.scatter != nil
        if isRetrained, let scatter = agreed.scatter {
            (standardError, degreesOfFreedom) = ((scatter.variance * (1 + 1 / count)).squareRoot(), scatter.degreesOfFreedom)
            return
        }
        var sum = VarianceSum()
        for (estimate, share) in [(agreed.estimate, 1 / count), (tonight, 1)] { sum.add((estimate.usableError ?? 0) * (estimate.usableError ?? 0) * share, degreesOfFreedom: estimate.degreesOfFreedom) }
        let isKnown = agreed.estimate.standardError != nil && tonight.standardError != nil && (agreed.estimate.usableError ?? tonight.usableError) != nil
        (standardError, degreesOfFreedom) = (isKnown ? sum.variance.squareRoot() : nil, sum.degreesOfFreedom)
    }

    /// Tonight minus the baseline.
    public var difference: Double { tonight.value - baseline.value }

    /// By how much the metric is worse, negative where it is better: where the value of real images is best, by how much it is farther from that. Where that value is not known, every change is for the worse.
    public var worsening: Double {
        if better == .asReal, let aim { return abs(tonight.value - aim) - abs(baseline.value - aim) }
        return better.worsening(difference)
    }

    /// Whether the change, for the worse or the better, is larger than what is tolerated.
    public var isBeyondTolerance: Bool { abs(worsening) > tolerance }

    /// Whether it is worse or better by chance: two-sided, from Student's t. Nil where no standard error says how large chance is; 1 where nothing changed.
    ///
    /// Two distances from an aim differ by less than the values do, so that it errs on the careful side there.
    public var pValue: Double? {
        guard worsening != 0 else { return 1 }
        guard let error = standardError else { return nil }
        return min(1, 2 * StudentDistribution.upperTail(abs(worsening) / error, degreesOfFreedom: degreesOfFreedom))
    }
}

extension MetricDescription.Better {
    /// A change in units of the metric as one for the worse.
    func worsening(_ change: Double) -> Double {
        switch self {
        case .smaller: change
        case .larger: -change
        case .asReal: abs(change)
        }
    }
}
