import Evaluation
import Testing

/// How often comparisons call a set better, over repeated draws from known Gaussians. `Documentation/Uncertainty.md` states what these tests print.
@Suite struct ComparisonCalibrationTests {
    static let repetitions = 400

    /// A reference with a decaying diagonal covariance, and two generated sets with shifted means and stretched axes.
    struct Setting: CustomTestStringConvertible {
        let name: String, dimension: Int, reference: Int, count: Int, first: (shift: Double, stretch: Double), second: (shift: Double, stretch: Double)
        /// In which fraction of repetitions p ≤ 0.05, the interval leaves 0 out, and a set is called better.
        let exchange: ClosedRange<Double>, interval: ClosedRange<Double>, better: ClosedRange<Double>
        var testDescription: String { name }

        func draw(_ count: Int, _ change: (shift: Double, stretch: Double), _ generator: inout MersenneTwister) throws -> FeatureSet {
            try FeatureSet((0..<count * dimension).map { index in
                let scale = 1 - 0.8 * Double(index % dimension) / Double(max(1, dimension - 1))
                return Float(scale * change.stretch * generator.standardNormal() + change.shift)
            }, dimension: dimension)
        }
    }

    /// What holds where the test's level is 5 %: 3.5 binomial standard deviations of 400 repetitions about it.
    private static let level = 0.012...0.088
    /// Where all sets are alike the jackknife's variance is too large, and where N ≤ d as well.
    private static let conservative = 0.0...0.07

    static let settings = [
        Setting(name: "alike, far from the reference", dimension: 16, reference: 500, count: 300, first: (0.3, 1.2), second: (0.3, 1.2), exchange: level, interval: level, better: conservative),
        Setting(name: "all alike", dimension: 16, reference: 500, count: 300, first: (0, 1), second: (0, 1), exchange: level, interval: conservative, better: conservative),
        Setting(name: "alike, fewer images than features", dimension: 64, reference: 40, count: 40, first: (0.3, 1.2), second: (0.3, 1.2), exchange: level, interval: conservative, better: conservative),
        Setting(name: "equally far on either side", dimension: 16, reference: 500, count: 300, first: (0.2, 1), second: (-0.2, 1), exchange: 0.3...1, interval: level, better: level),
        Setting(name: "different", dimension: 16, reference: 500, count: 300, first: (0.2, 1.2), second: (0.26, 1.2), exchange: 0.9...1, interval: 0.9...1, better: 0.9...1),
        Setting(name: "different, near the reference", dimension: 16, reference: 500, count: 300, first: (0, 1), second: (0.1, 1), exchange: 0.9...1, interval: 0.6...1, better: 0.6...1),
        Setting(name: "different, fewer images than features", dimension: 64, reference: 40, count: 40, first: (0.2, 1.2), second: (0.3, 1.2), exchange: 0.45...0.8, interval: 0.35...0.7, better: 0.35...0.7),
    ]

    @Test(arguments: settings) func frechet(_ setting: Setting) throws {
        try calibrate("FID", setting, bounded: true) { a, b, real in try FrechetComparison(exchanges: 499)(.features(a), .features(b), reference: .features(real)) }
    }

    @Test(arguments: Array(settings[..<2]) + [settings[3], settings[5]]) func kernel(_ setting: Setting) throws {
        try calibrate("KID", setting, bounded: false) { a, b, real in try KernelComparison(precision: .float32, exchanges: 499)(.memory(a), .memory(b), reference: .memory(real)) }
    }

    /// - Parameter bounded: Whether a setting's power was stated for this metric; its levels hold for any.
    private func calibrate(_ metric: String, _ setting: Setting, bounded: Bool, _ compare: (FeatureSet, FeatureSet, FeatureSet) throws -> MetricComparison) throws {
        var generator = MersenneTwister(seed: 777), found: [MetricComparison] = []
        for _ in 0..<Self.repetitions {
            let real = try setting.draw(setting.reference, (0, 1), &generator), a = try setting.draw(setting.count, setting.first, &generator)
            found.append(try compare(a, try setting.draw(setting.count, setting.second, &generator), real))
        }
        func share(_ holds: (MetricComparison) -> Bool) -> Double { Double(found.count(where: holds)) / Double(found.count) }
        let exchange = share { $0.exchange.pValue <= 0.05 }, interval = share { !$0.interval.contains(0) }, better = share { $0.verdict == .first || $0.verdict == .second }
        let mean = found.reduce(0) { $0 + $1.difference } / Double(found.count)
        let deviation = (found.reduce(0) { $0 + ($1.difference - mean) * ($1.difference - mean) } / Double(found.count)).squareRoot(), error = found.reduce(0) { $0 + $1.standardError } / Double(found.count)
        print("comparison: \(metric) | \(setting.name) | d = \(setting.dimension), N = \(setting.count) | difference \(mean) | deviation \(deviation) | mean standard error \(error) | p ≤ 0.05 \(exchange) | interval \(interval) | better \(better)")
        // Alike, or alike to the metric: levels. Different: power.
        if bounded || setting.exchange.lowerBound < 0.1 { #expect(setting.exchange.contains(exchange), "p: \(exchange)") }
        if bounded || setting.interval.upperBound < 0.1 { #expect(setting.interval.contains(interval), "interval: \(interval)") }
        if bounded || setting.better.upperBound < 0.1 { #expect(setting.better.contains(better), "better: \(better)") }
        // Whoever is called better is.
        if setting.interval.lowerBound >= 0.3 { #expect(share { $0.verdict == .second } == 0) }
    }
}
