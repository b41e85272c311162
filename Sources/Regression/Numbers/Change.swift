import Evaluation
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What became of a metric between the baseline and a night.
///
/// Both nights measured other generated images against the same real ones, so the variance of the difference is that of the generated images alone,
///
///     Var(tonight − baseline) = s²(baseline) + s²(tonight)
///
/// with ``Estimate/standardError`` as s; what the real images contribute to both numbers cancels to first order (`FrechetComparison` writes the same variance down for two sets at hand).
public struct Change: Sendable, Hashable {
    /// What was agreed on.
    public let baseline: Estimate
    /// What was found.
    public let tonight: Estimate
    /// Which way is better.
    public let better: MetricDescription.Better
    /// The value of real images, where that is what is best and is known.
    public let aim: Double?
    /// What is tolerated, in units of the metric.
    public let tolerance: Double

    /// A change.
    public init(from baseline: Estimate, to tonight: Estimate, better: MetricDescription.Better, aim: Double? = nil, tolerance: Tolerance) {
        (self.baseline, self.tonight, self.better, self.aim, self.tolerance) = (baseline, tonight, better, aim, tolerance.amount(at: baseline.value))
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
        var sum = VarianceSum()
        for estimate in [baseline, tonight] { sum.add((estimate.usableError ?? 0) * (estimate.usableError ?? 0), degreesOfFreedom: estimate.degreesOfFreedom) }
        return min(1, 2 * StudentDistribution.upperTail(abs(worsening) / error, degreesOfFreedom: sum.degreesOfFreedom))
    }

    /// Of the difference; nil where neither night has one, or one of them has none.
    public var standardError: Double? {
        guard let first = baseline.standardError, let second = tonight.standardError, baseline.usableError ?? tonight.usableError != nil else { return nil }
        return (first * first + second * second).squareRoot()
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
