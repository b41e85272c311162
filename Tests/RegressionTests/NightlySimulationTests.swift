import Foundation
import Regression
import Testing

/// What `Documentation/Regression.md` promises of the verdicts, by nights drawn at random. `Scripts/nightly` puts the table that these tests print into `Reports/nightly/simulation.md`.
@Suite(.serialized) struct NightlySimulationTests {
    private static let suites = 100, nights = 1000

    /// A line of the table, where somebody asked for it.
    private func report(_ line: String) throws {
        guard let path = ProcessInfo.processInfo.environment["NIGHTLY_TABLE"] else { return }
        if !FileManager.default.fileExists(atPath: path) { try Data("| what happens | nights | what is found |\n|---|---:|---|\n".utf8).write(to: URL(fileURLWithPath: path)) }
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data((line + "\n").utf8))
        try file.close()
    }

    private func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }

    /// One baseline and a thousand nights after it, as a team would live through them: less than one night in a hundred may cry wolf.
    @Test func aThousandNightsWithoutChange() throws {
        var suite = SimulatedSuite(seed: 1), found: [Verdict: Int] = [:]
        for _ in 0..<1000 { found[suite.next().map(\.verdict).max() ?? .unchanged, default: 0] += 1 }
        let alarms = 1000 - found[.unchanged, default: 0]
        #expect(alarms <= 10, "\(found)")
        try report("| nothing, one baseline | 1000 | \(alarms) alarms |")
    }

    /// Many baselines, lucky and unlucky: the rate over all of them, and of how many the nights after it cry wolf more often than promised.
    @Test func unluckyBaselinesAreRare() throws {
        var alarms = 0, byVerdict: [Verdict: Int] = [:], unlucky = 0
        for seed in 0..<Self.suites {
            var suite = SimulatedSuite(seed: 1000 + UInt64(seed)), own = 0
            for _ in 0..<Self.nights {
                let worst = suite.next().map(\.verdict).max() ?? .unchanged
                byVerdict[worst, default: 0] += 1
                if worst > .unchanged { own += 1 }
            }
            alarms += own
            if own > Self.nights / 100 { unlucky += 1 }
        }
        let nights = Self.suites * Self.nights, rate = Double(alarms) / Double(nights)
        #expect(rate <= 0.005 && rate > 0, "\(byVerdict) of \(nights)")
        #expect(unlucky <= 7, "2 of 100 are expected, and 3.5 deviations more")
        try report("| nothing, \(Self.suites) baselines | \(nights) | alarms in \(percent(rate)) of nights: \(byVerdict[.regression] ?? 0) regressions, \(byVerdict[.improvement] ?? 0) improvements, \(byVerdict[.drift] ?? 0) drifts; of which after \(unlucky) baselines more often than in 1 % |")
    }

    /// What a suite says that it will find is found, and not more cheaply than it says.
    @Test func whatIsPromisedIsFound() throws {
        let test = NightlyTest(), known = try #require(test.reliablyFound(Agreement(Estimate(0, standardError: 1)), tolerance: 0, metrics: SimulatedSuite.count))
        // SciPy: (norm.isf(0.002/32/2) + norm.isf(0.05)) * 2**0.5
        #expect(abs(known - 7.987508179350758) < 1e-9)
        let estimated = try #require(test.reliablyFound(Agreement(Estimate(0, standardError: 1, degreesOfFreedom: 19)), tolerance: 0, metrics: SimulatedSuite.count))
        try stepsAreFoundAtOnce(3, estimated)
        // A tolerance beyond what is significant takes the place of the quantile.
        let tolerated = try #require(test.reliablyFound(Agreement(Estimate(0, standardError: 1)), tolerance: 20, metrics: 1))
        #expect(abs(tolerated - (20 + 1.6448536269514722 * 2.0.squareRoot())) < 1e-12)
        #expect(test.reliablyFound(Agreement(Estimate(0)), tolerance: 1, metrics: 1) == nil)
    }

    /// One metric gets worse by so many standard errors from one night to the next, whose error is known (and, the harder case, estimated from 20 parts).
    @Test(arguments: [(0, 8.0), (0, 6.0), (0, 4.0)]) func stepsAreFoundAtOnce(_ index: Int, _ size: Double) throws {
        let count = 2000
        var found = 0
        for seed in 0..<count {
            var suite = SimulatedSuite(seed: 5000 + UInt64(seed))
            if suite.next({ $0 == index ? size : 0 })[index].verdict == .regression { found += 1 }
        }
        let power = Double(found) / Double(count)
        // 3.5 binomial deviations of 2000 repetitions at 95 % are 1.7 %.
        if size >= 7.9 { #expect(power >= 0.95 - 0.017 && power <= 0.99) } else { #expect(power > (size == 6 ? 0.4 : 0.05) && power < (size == 6 ? 0.8 : 0.2)) }
        try report("| one metric of 16 worse by \(String(format: "%.1f", size)) standard errors\(index == 3 ? ", these estimated from 20 parts" : "") | 1 | a regression, in \(percent(power)) of \(count) suites |")
    }

    /// One metric gets worse by the same little every night, far less than any night alone could show: found within so many nights.
    @Test(arguments: [(0.5, 11), (0.3, 16), (0.15, 25)]) func slidesAreFound(_ slope: Double, _ nights: Int) throws {
        let count = 1000
        var found = 0, sooner = 0, total = 0
        for seed in 0..<count {
            var suite = SimulatedSuite(seed: 9000 + UInt64(seed))
            for night in 1...nights {
                let verdict = suite.next({ $0 == 0 ? slope * Double(night) : 0 })[0].verdict
                guard verdict >= .drift else { continue }
                found += 1
                total += night
                if verdict == .drift { sooner += 1 }
                break
            }
        }
        let power = Double(found) / Double(count), mean = Double(total) / Double(max(found, 1))
        #expect(power >= 0.95 - 3.5 * (0.95 * 0.05 / Double(count)).squareRoot())
        // A night alone needs a step of 8 to be this sure; the slide is much smaller by then.
        #expect(slope * Double(nights) < 8 && sooner > found / 2, "found as a slide")
        try report("| one metric of 16 worse by \(slope) standard errors every night | \(nights) | found in \(percent(power)) of \(count) suites, on average in night \(String(format: "%.1f", mean)) |")
    }

    /// A baseline of several nights and a thousand nights after each, of the same generator or of another training every night.
    @Test(arguments: [(14, 0.0, false), (28, 0, true), (14, 1, true), (28, 1, true), (28, 4, true)]) func severalNightsCryWolfRarely(_ nights: Int, _ trainings: Double, _ isRetrained: Bool) throws {
        let suites = Self.suites
        var alarms = 0, unlucky = 0
        for seed in 0..<suites {
            var suite = SimulatedSuite(.init(), .init(baselineNights: nights, trainings: trainings, isRetrained: isRetrained), seed: 20_000 + UInt64(seed)), own = 0
            for _ in 0..<Self.nights { if suite.next().contains(where: { $0.verdict > .unchanged }) { own += 1 } }
            alarms += own
            if own > Self.nights / 100 { unlucky += 1 }
        }
        let rate = Double(alarms) / Double(suites * Self.nights)
        #expect(rate <= 0.01, "\(alarms) of \(suites * Self.nights)")
        #expect(unlucky <= 7, "\(unlucky) of \(suites) baselines")
        try report("| nothing, \(suites) baselines of \(nights) nights\(Self.words(trainings, isRetrained)) | \(suites * Self.nights) | alarms in \(percent(rate)) of nights; after \(unlucky) baselines more often than in 1 % |")
    }

    /// What one night as the baseline does where every night is another training: why several are needed.
    @Test func oneNightCannotKnowHowTrainingsVary() throws {
        var alarms = 0
        for seed in 0..<40 {
            var suite = SimulatedSuite(.init(), .init(trainings: 1), seed: 20_000 + UInt64(seed))
            for _ in 0..<100 { if suite.next().contains(where: { $0.verdict > .unchanged }) { alarms += 1 } }
        }
        let rate = Double(alarms) / 4000
        #expect(rate > 0.02, "or the nights before this would need no baseline of several")
        try report("| nothing, 40 baselines of 1 night\(Self.words(1, true)) | 4000 | alarms in \(percent(rate)) of nights |")
    }

    private static func words(_ trainings: Double, _ isRetrained: Bool) -> String {
        trainings == 0 ? (isRetrained ? ", the same generator" : ", the same generator, `retrained: false`") : ", every night another training that adds \(trainings == 1 ? "as much variance as" : "\(String(format: "%.0f", trainings)) times the variance of") its samples"
    }

    /// What a suite says that it will find with a baseline of several nights is found; where nights are the same generator's, that is less than with one night.
    @Test(arguments: [(14, 0.0, false), (28, 0, false), (28, 0, true), (28, 1, true), (60, 0, true)]) func severalNightsFindSmallerSteps(_ nights: Int, _ trainings: Double, _ isRetrained: Bool) throws {
        let test = NightlyTest(), count = 2000, deviation = (1 + trainings).squareRoot()
        // The scatter that is expected, as numbers that have it.
        let spread = ((1 + trainings) * Double(nights - 1) / Double(nights)).squareRoot(), values = (0..<nights).map { $0 % 2 == 0 ? spread : -spread }
        let size = try #require(test.reliablyFound(Agreement(values.map { Estimate($0, standardError: 1) }), tolerance: 0, metrics: SimulatedSuite.count, isRetrained: isRetrained))
        var found = 0
        for seed in 0..<count {
            var suite = SimulatedSuite(test, .init(baselineNights: nights, trainings: trainings, isRetrained: isRetrained), seed: 40_000 + UInt64(seed))
            if suite.next({ $0 == 0 ? size : 0 })[0].verdict == .regression { found += 1 }
        }
        let power = Double(found) / Double(count)
        #expect(power >= 0.95 - 0.017 && power <= 0.985, "\(size): \(power)")
        #expect(size < 7.98 * deviation, "one night with the same deviation needs 7.99 of them")
        try report("| one metric of 16 worse by \(String(format: "%.1f", size)) standard errors of its samples, baseline of \(nights) nights\(Self.words(trainings, isRetrained)) | 1 | a regression, in \(percent(power)) of \(count) suites |")
    }

    /// What is significant but tolerated is no regression, and no drift.
    @Test func tolerancesHold() {
        let test = NightlyTest(), nights = (1...20).map { Estimate(Double($0), standardError: 1) }
        func verdict(_ tolerance: Tolerance, _ tonight: Double) -> Verdict {
            test([.init(better: .smaller, tolerance: tolerance, baseline: Agreement(Estimate(100, standardError: 1)), tonight: Estimate(tonight, standardError: 1), nights: nights)])[0].verdict
        }
        #expect(verdict(.absolute(50), 120) == .unchanged && verdict(.relative(0.3), 120) == .unchanged)
        let alone = test([.init(better: .smaller, tolerance: .relative(0.1), baseline: Agreement(Estimate(100, standardError: 1)), tonight: Estimate(120, standardError: 1), nights: [])])[0]
        #expect(alone.verdict == .regression && alone.slide == nil)
    }
}
