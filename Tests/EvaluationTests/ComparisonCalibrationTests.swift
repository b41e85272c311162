import Evaluation
import Statistics
import Testing

/// How often comparisons call a set better, over repeated draws from known Gaussians. `Documentation/Uncertainty.md` states what these tests print.
@Suite struct ComparisonCalibrationTests {
    static let repetitions = 400

    /// A reference with a decaying diagonal covariance, and two generated sets with shifted means and stretched axes.
    struct Setting: CustomTestStringConvertible {
        let name: String, dimension: Int, reference: Int, count: Int, first: (shift: Double, stretch: Double), second: (shift: Double, stretch: Double)
        /// Whether both sets are draws of one distribution; whether their distances are equal in expectation.
        let areAlike: Bool, areEquallyFar: Bool
        var testDescription: String { name }

        func draw(_ count: Int, _ change: (shift: Double, stretch: Double), _ generator: inout MersenneTwister) throws -> FeatureSet {
            try FeatureSet((0..<count * dimension).map { index in
                let scale = 1 - 0.8 * Double(index % dimension) / Double(max(1, dimension - 1))
                return Float(scale * change.stretch * generator.standardNormal() + change.shift)
            }, dimension: dimension)
        }
    }

    /// What holds where a test's level is 5 %: 3.5 binomial standard deviations of 400 repetitions about it.
    private static let level = 0.012...0.088

    static let settings = [
        Setting(name: "alike, far from the reference", dimension: 16, reference: 500, count: 300, first: (0.3, 1.2), second: (0.3, 1.2), areAlike: true, areEquallyFar: true),
        Setting(name: "all alike", dimension: 16, reference: 500, count: 300, first: (0, 1), second: (0, 1), areAlike: true, areEquallyFar: true),
        Setting(name: "alike, fewer images than features", dimension: 64, reference: 40, count: 40, first: (0.3, 1.2), second: (0.3, 1.2), areAlike: true, areEquallyFar: true),
        Setting(name: "equally far on either side", dimension: 16, reference: 500, count: 300, first: (0.2, 1), second: (-0.2, 1), areAlike: false, areEquallyFar: true),
        Setting(name: "different", dimension: 16, reference: 500, count: 300, first: (0.2, 1.2), second: (0.26, 1.2), areAlike: false, areEquallyFar: false),
        Setting(name: "different, near the reference", dimension: 16, reference: 500, count: 300, first: (0, 1), second: (0.1, 1), areAlike: false, areEquallyFar: false),
        Setting(name: "different, fewer images than features", dimension: 64, reference: 40, count: 40, first: (0.2, 1.2), second: (0.3, 1.2), areAlike: false, areEquallyFar: false),
    ]

    @Test(arguments: settings) func frechet(_ setting: Setting) throws {
        try calibrate("FID", setting) { a, b, real in try FrechetComparison(exchanges: 499)(.features(a), .features(b), reference: .features(real)) }
    }

    @Test(arguments: Array(settings[..<2]) + [settings[3], settings[5]]) func kernel(_ setting: Setting) throws {
        try calibrate("KID", setting) { a, b, real in try KernelComparison(precision: .float32, exchanges: 499)(.memory(a), .memory(b), reference: .memory(real)) }
    }

    private func calibrate(_ metric: String, _ setting: Setting, _ compare: (FeatureSet, FeatureSet, FeatureSet) throws -> MetricComparison) throws {
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
        // The exchange test's level is exact; nothing else is claimed of it where the sets are not alike than that it finds more than the interval.
        if setting.areAlike { #expect(Self.level.contains(exchange), "\(exchange)") } else { #expect(exchange >= interval - 0.02, "\(exchange)") }
        // The interval's level is at most 5 %, and its power is what a normal difference of this mean and deviation gives it.
        let z = NormalDistribution.quantile(0.975)
        let expected = NormalDistribution.cumulative((abs(mean) - z * error) / deviation) + NormalDistribution.cumulative((-abs(mean) - z * error) / deviation)
        #expect(abs(interval - expected) < 0.06, "\(interval) instead of \(expected)")
        if setting.areEquallyFar {
            #expect(interval <= Self.level.upperBound && better <= Self.level.upperBound, "\(interval), \(better)")
        } else {
            // Whoever is called better is, and the interval alone would say little more.
            #expect(share { $0.verdict == .second } == 0 && better >= interval - 0.05 && better > 0.3, "\(better)")
        }
        // The standard error errs on the wide side only.
        #expect(error > 0.92 * deviation, "\(error) for \(deviation)")
    }
}
