import Games
import NeuralNetworks

/// Looks now and then whether the generator still makes different samples.
///
/// Where the data are a mixture with known modes, ``ModeCoverage`` judges: collapsed is what is no more even than half of the modes. Elsewhere the samples' spread is held against the
/// data's: see ``Spread``. Five looks in a row must agree, so that neither the first steps nor one odd look stop a run.
final class CollapseHook: PatientHook {
    static let section = "collapse"
    /// Spread below which samples are as good as one. Measured on the 8 × 8 digits after 200 steps: 0.72 and more for DCGAN and for perceptrons with R1; the clipped Wasserstein game, which is slow,
    /// grows from 0.20 past 0.33 at step 400 to 0.65; a generator that ran ahead of its critic is at 0.12 to 0.22.
    static let leastSpread = 0.3
    var patience = Patience(5)

    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        let every = run.trainer.configuration.diagnoseEvery
        guard every > 0, report.step % every == 0, let diversity = try run.trainer.diversity() else { return }
        try run.write(RunLog.Line(kind: "diversity", step: report.step, numbers: diversity.numbers))
        try patience.hear(diversity.complaint, run, at: report.step)
    }
}

/// How different a generator's samples are.
enum Diversity {
    /// Which modes of a mixture they reach.
    case modes(ModeCoverage)
    /// Their spread against the data's.
    case spread(Double)

    /// For the log.
    var numbers: [(name: String, value: Double)] {
        switch self {
        case let .modes(coverage): [("modes", Double(coverage.modesFound)), ("high quality", coverage.highQualityShare), ("reverse divergence", coverage.reverseDivergence)]
        case let .spread(spread): [("spread", spread)]
        }
    }

    /// What is wrong, in words.
    var complaint: String? {
        let advice = "Add a gradient penalty or R1, use the Wasserstein objective, or give the critic more moves or a higher learning rate"
        switch self {
        case let .modes(coverage): return coverage.verdict == .collapsed ? "mode collapse: \(coverage). \(advice)" : nil
        case let .spread(spread):
            guard spread < CollapseHook.leastSpread else { return nil }
            return "mode collapse: two samples lie on average \((spread * 1000).rounded() / 1000) times as far apart as two of the data. \(advice)"
        }
    }
}

/// How far apart samples are: the root of the mean squared distance of two of them, `√(2 Σⱼ varⱼ)`, which is √2 times the deviation over a minibatch that Karras et al. 2018
/// (arXiv:1710.10196, section 3) show the critic, taken over all numbers of a sample at once.
enum Spread {
    /// - Shape: `values` is `[n, size]`, n ≥ 2.
    static func of(_ values: [Float], size: Int) -> Double {
        let count = values.count / size
        var sums = [Double](repeating: 0, count: size), squares = 0.0
        for row in 0..<count {
            for column in 0..<size { sums[column] += Double(values[row * size + column]) }
        }
        for row in 0..<count {
            for column in 0..<size {
                let deviation = Double(values[row * size + column]) - sums[column] / Double(count)
                squares += deviation * deviation
            }
        }
        return (2 * squares / Double(count - 1)).squareRoot()
    }
}
