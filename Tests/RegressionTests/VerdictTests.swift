import Evaluation
import Regression
import Testing

/// Verdicts on numbers, against values of SciPy (`scipy.stats.norm`, `t`, `linregress`) that stand beside them.
@Suite struct VerdictTests {
    private func judge(_ baseline: Estimate, _ tonight: Estimate, _ better: MetricDescription.Better = .smaller, _ tolerance: Tolerance = .none) -> NightlyTest.Judgement {
        NightlyTest()([.init(better: better, tolerance: tolerance, baseline: Agreement(baseline), tonight: tonight, nights: [])])[0]
    }

    @Test func aRepetitionIsNoChange() {
        for error in [nil, 0, 1e-9] as [Double?] {
            let same = Estimate(41.25, standardError: error), judgement = judge(same, same)
            #expect(judgement.verdict == .unchanged && judgement.change.pValue == 1 && judgement.change.difference == 0)
        }
    }

    @Test func significanceIsStudents() throws {
        // 2 * scipy.stats.norm.sf(3)
        let normal = try #require(judge(Estimate(0, standardError: 3), Estimate(15, standardError: 4)).change.pValue)
        #expect(abs(normal - 0.0026997960632601866) < 1e-15)
        // 2 * scipy.stats.t.sf(3, 38): two errors of 19 degrees each.
        let student = try #require(judge(Estimate(0, standardError: 1, degreesOfFreedom: 19), Estimate(3 * 2.0.squareRoot(), standardError: 1, degreesOfFreedom: 19)).change.pValue)
        #expect(abs(student - 0.004746332217033876) < 1e-12)
        // 2 * scipy.stats.t.sf(10, 19), far out: only one of the two errors is estimated, and the other is 0.
        let far = try #require(judge(Estimate(0, standardError: 0), Estimate(10, standardError: 1, degreesOfFreedom: 19)).change.pValue)
        #expect(abs(far / 5.263026162335899e-09 - 1) < 1e-9)
    }

    @Test func bothAreNeeded() {
        let before = Estimate(40, standardError: 1)
        #expect(judge(before, Estimate(60, standardError: 1)).verdict == .regression)
        #expect(judge(before, Estimate(60, standardError: 1), .smaller, .absolute(25)).verdict == .unchanged, "significant, but tolerated")
        #expect(judge(before, Estimate(43, standardError: 1), .smaller, .absolute(1)).verdict == .unchanged, "beyond the tolerance, but by chance")
        #expect(judge(before, Estimate(20, standardError: 1), .smaller, .relative(0.1)).verdict == .improvement)
        #expect(judge(before, Estimate(20, standardError: 1), .larger, .relative(0.1)).verdict == .regression)
        for value in [20.0, 60] { #expect(judge(before, Estimate(value, standardError: 1), .asReal).verdict == .regression, "any change is for the worse") }
    }

    /// Where the value of real images is known, nearer is better and farther is worse, on either side.
    @Test func anAimIsApproached() {
        func judge(_ tonight: Double, nights: [Double] = []) -> NightlyTest.Judgement {
            let all = nights.map { Estimate($0, standardError: 1) }
            return NightlyTest()([.init(better: .asReal, aim: 50, baseline: Agreement(Estimate(40, standardError: 1)), tonight: Estimate(tonight, standardError: 1), nights: all)])[0]
        }
        for (tonight, verdict) in [(20.0, Verdict.regression), (80, .regression), (50, .improvement), (51, .improvement), (60, .unchanged), (41, .unchanged)] { #expect(judge(tonight).verdict == verdict, "\(tonight)") }
        #expect(judge(60).change.pValue == 1 && judge(60).change.difference == 20)
        #expect(judge(39, nights: (1...12).map { 40 - Double($0) / 2 }).verdict == .drift && judge(41, nights: (1...12).map { 40 + Double($0) / 2 }).verdict == .unchanged)
    }

    @Test func withoutStandardErrorsTheToleranceDecides() {
        let judgement = judge(Estimate(0.5), Estimate(0.45), .larger, .absolute(0.04))
        #expect(judgement.verdict == .regression && judgement.changeP == nil)
        #expect(judge(Estimate(0.5), Estimate(0.45), .larger, .absolute(0.06)).verdict == .unchanged)
        // A share of exactly 1 has a standard error of 0, which says nothing when both have it.
        #expect(judge(Estimate(1, standardError: 0), Estimate(0.9, standardError: 0), .larger, .absolute(0.2)).verdict == .unchanged)
    }

    @Test func aSlideIsALine() throws {
        let values = [1.0, 2.5, 2.0, 4.5, 4.0, 6.5, 6.0, 8.0], estimates = values.map { Estimate($0, standardError: 1) }
        func line(_ estimates: [Estimate], _ better: MetricDescription.Better) -> Slide? { Slide(from: Agreement(estimates[0]), Array(estimates.dropFirst()), better: better) }
        let slide = try #require(line(estimates, .smaller))
        // scipy.stats.linregress(range(8), values).slope; sqrt(12/(8*63)) by hand.
        #expect(abs(slide.slope - 0.9464285714285714) < 1e-12 && abs(slide.standardError - (12.0 / (8 * 63)).squareRoot()) < 1e-15 && slide.nights == 8)
        #expect(abs(slide.pValue / 4.296749031766306e-10 - 1) < 1e-9)
        #expect(try #require(line(estimates, .larger)).pValue > 0.999 && line(estimates, .larger)?.worsening ?? 0 < 0)
        // Without errors the scatter decides: linregress(range(8), values).pvalue / 2.
        let scattered = try #require(line(values.map { Estimate($0) }, .smaller))
        #expect(abs(scattered.pValue / 8.804054215330934e-05 - 1) < 1e-9)
        #expect(line(Array(estimates.prefix(5)), .smaller) == nil && line(values.prefix(7).map { Estimate($0) }, .smaller) == nil)
        #expect(line(Array(repeating: Estimate(3), count: 20), .smaller) == nil, "what never moves does not slide")
    }

    private static let nights = [40.1, 41.3, 39.2, 40.8, 42.0, 38.9, 40.4, 41.1]

    /// A baseline of eight nights that are other trainings: a new observation against their mean, as `scipy.stats` has it.
    @Test func trainingsScatter() throws {
        let agreed = Agreement(Self.nights.map { Estimate($0, standardError: 0.5) })
        let scatter = try #require(agreed.scatter)
        // numpy.mean, numpy.var(ddof=1)
        #expect(abs(agreed.estimate.value - 40.475) < 1e-12 && abs(scatter.variance - 1.1078571428571415) < 1e-12 && scatter.degreesOfFreedom == 7 && agreed.estimate.standardError == 0.5)
        let change = Change(from: agreed, to: Estimate(46, standardError: 0.5), better: .smaller, tolerance: .none)
        // t = (46 - mean)/sqrt(var*(1 + 1/8)); 2*scipy.stats.t.sf(t, 7)
        let error = try #require(change.standardError), p = try #require(change.pValue)
        #expect(change.isOfTrainings && change.baselineNights == 8 && abs(error - 1.116395667187169) < 1e-12 && abs(p / 0.001658200037710005 - 1) < 1e-9, "\(p)")
        // The same generator every night: 2*scipy.stats.norm.sf((46 - mean)/sqrt(0.25/8 + 0.25))
        let fixed = Change(from: agreed, to: Estimate(42, standardError: 0.5), better: .smaller, tolerance: .none, isRetrained: false)
        let own = try #require(fixed.pValue)
        #expect(!fixed.isOfTrainings && abs(own / 0.004033018053130681 - 1) < 1e-9, "\(own)")
        // The scatter is at least what samples explain, and fewer than six nights do not tell it.
        #expect(Agreement(Self.nights.map { Estimate($0, standardError: 3) }).scatter?.variance == 9)
        #expect(Agreement(Self.nights.prefix(5).map { Estimate($0, standardError: 0.5) }).scatter == nil && Agreement(Array(repeating: Estimate(1), count: 9)).scatter == nil)
        // Without standard errors, one night leaves the decision to the tolerance, eight do not.
        #expect(Change(from: Agreement(Estimate(40)), to: Estimate(46), better: .smaller, tolerance: .none).pValue == nil)
        #expect(Change(from: Agreement(Self.nights.map { Estimate($0) }), to: Estimate(46), better: .smaller, tolerance: .none).pValue == change.pValue)
    }

    /// The mean is the first point of the line, as sure as it is.
    @Test func slidesFromAMean() throws {
        let agreed = Agreement(Self.nights.map { Estimate($0, standardError: 0.5) }), since = [40.0, 41, 43, 42, 45, 46].map { Estimate($0, standardError: 0.5) }
        let slide = try #require(Slide(from: agreed, since, better: .smaller))
        // numpy.polyfit(range(7), [40.475, 40, …], 1)[0]; sqrt(var*(9/8 + 4 + 1 + 0 + 1 + 4 + 9))/28; scipy.stats.t.sf(slope/error, 7)
        #expect(slide.nights == 7 && abs(slide.slope - 0.9848214285714302) < 1e-12 && abs(slide.standardError - 0.16863658320150324) < 1e-12)
        #expect(abs(slide.pValue / 0.0003185511483928633 - 1) < 1e-9, "\(slide.pValue)")
    }

    @Test func theWorstCounts() {
        let gone = Problem(.missingData, of: "a", "gone"), other = Problem(.changedProtocol, of: "b", "other")
        func code(_ verdicts: [Verdict], _ problems: [Problem] = []) -> Int32 { NightOutcome(verdicts, problems).exitCode }
        #expect(code([]) == 0 && code([.unchanged]) == 0 && code([.unchanged, .improvement]) == 11 && code([.drift, .improvement]) == 12 && code([.drift, .regression]) == 10)
        #expect(code([.improvement], [other]) == 15 && code([], [other, gone]) == 13 && code([.drift], [gone]) == 12 && code([.regression], [gone]) == 10)
        #expect(Problem.Kind.allCases.map(\.exitCode) == [13, 14, 15, 16, 17])
    }
}
