import Evaluation
import Tracking
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A suite with its baseline and its history: measures, compares, remembers.
public struct NightlyJob {
    private let suite: Suite, baselinePath: String, historyPath: String?, label: String?, date: String

    /// A job of this moment.
    /// - Parameters:
    ///   - baseline: The baseline's file; nil for ``Suite/usualBaseline``.
    ///   - history: The history's file, nil for its usual place beside the baseline.
    ///   - keepsHistory: Whether nights are remembered. Without history no slide is found.
    ///   - label: What is measured; nil for the commit that the suite is checked out at.
    public init(_ suite: Suite, baseline: String? = nil, history: String? = nil, keepsHistory: Bool = true, label: String? = nil, date: String = NightlyJob.now) {
        (self.suite, self.date) = (suite, date)
        baselinePath = baseline ?? suite.usualBaseline
        historyPath = keepsHistory ? history ?? Suite.usualHistory(besideBaseline: baselinePath) : nil
        self.label = label ?? CodeVersion.current(in: Paths.absolute(suite.path + "/..")).map { String($0.prefix(12)) }
    }

    /// This moment in UTC: `2026-11-23T05:00:00Z`.
    public static var now: String {
        var seconds = time(nil), parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + "\(number)" }
        return "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }

    /// Measures the suite, compares it with the baseline and adds the night to the history.
    /// - Parameter report: Told of the night before the history is written, which may fail.
    /// - Throws: ``RegressionError`` for files that are damaged; `EvaluationError.cancelled`; `ArchiveError` for a history that cannot be written. What keeps a case from being compared is no error but a ``Problem``.
    public func run(_ settings: MeasuringSettings, report: (Night) -> Void = { _ in }) throws -> Night {
        // Files are looked at before hours of work, not after.
        let baseline = try Baseline.read(baselinePath), history = try historyPath.map(History.init(reading:))
        let measured = try measure(settings)
        let night = judge(measured.cases, measured.problems, baseline, history)
        report(night)
        if let historyPath { try History.append(night.record, to: historyPath) }
        return night
    }

    /// Measures the suite and makes that the baseline, averaged with nights before it where the suite wants several; the only thing that does.
    ///
    /// A case is averaged with the nights of the baseline so far and those since, at most ``Suite/baselineNights`` in all, where neither it nor they were found to have changed: else tonight's numbers are those of something else, and stand alone.
    /// - Parameter report: Told of the night before the history is written, which may fail.
    /// - Throws: as ``run(_:report:)``; ``RegressionError/notUpdated(file:problem:)`` where a case could not be measured.
    public func update(_ settings: MeasuringSettings, report: (Night) -> Void = { _ in }) throws -> Night {
        let earlier = try Baseline.read(baselinePath), history = try historyPath.map(History.init(reading:))
        let measured = try measure(settings)
        if let problem = measured.problems.first { throw RegressionError.notUpdated(file: baselinePath, problem: problem) }
        var night = judge(measured.cases, [], earlier, history)
        let baseline = Baseline(date: date, label: label, cases: measured.cases.map { average($0, night, earlier, history) })
        try baseline.write(to: baselinePath)
        (night.baseline, night.isUpdate, night.problems) = (baseline, true, [])
        night.describeAverages(suite)
        report(night)
        if let historyPath { try History.append(night.record, to: historyPath) }
        return night
    }

    private func measure(_ settings: MeasuringSettings) throws -> (cases: [MeasuredCase], problems: [Problem]) {
        let measurer = try CaseMeasurer(suite, settings)
        var cases: [MeasuredCase] = [], problems: [Problem] = []
        for item in suite.cases {
            switch try measurer.measure(item) {
            case .success(let measured): cases.append(measured)
            case .failure(let failure): problems.append(failure.problem)
            }
        }
        return (cases, problems)
    }

    /// A case with the nights before it that it may be averaged with.
    private func average(_ measured: MeasuredCase, _ night: Night, _ earlier: Baseline?, _ history: History?) -> MeasuredCase {
        guard suite.baselineNights > 1, let earlier, let agreed = earlier.cases.first(where: { $0.name == measured.name }), let item = night.items.first(where: { $0.name == measured.name }),
            item.lines.allSatisfy({ $0.judgement?.verdict == .unchanged })
        else { return measured }
        return measured.averaged(with: agreed.accepted + (history?.accepted(measured.name, since: earlier.identifier) ?? []), atMost: suite.baselineNights)
    }

    /// Compares what was measured with what was agreed on.
    func judge(_ cases: [MeasuredCase], _ failures: [Problem], _ baseline: Baseline?, _ history: History?) -> Night {
        let count = cases.reduce(0) { $0 + $1.metrics.count }
        func tolerance(_ name: String, _ metric: MeasuredMetric) -> Tolerance { suite.cases.first { $0.name == name }?.tolerance(of: metric.metric) ?? .none }
        var problems = failures, notes = cases.flatMap(\.notes) + (history?.notes ?? []), series: [NightlyTest.Series] = [], places: [(item: Int, line: Int)] = []
        var items = cases.map { measured in Night.Item(name: measured.name, generated: measured.generated, lines: measured.metrics.map { metric in
            let tolerance = tolerance(measured.name, metric).amount(at: metric.estimate.value)
            return Night.Line(measured: metric, reliablyFound: suite.test.reliablyFound(metric.agreement, tolerance: tolerance, metrics: count))
        }) }
        let identifier = baseline?.identifier ?? "none"
        if baseline == nil { problems += suite.cases.map { Problem(.noBaseline, of: $0.name, "\(baselinePath) does not exist; look at the numbers and set it with --update") } }
        for (index, measured) in cases.enumerated() {
            guard let baseline else { break }
            guard let agreed = baseline.cases.first(where: { $0.name == measured.name }) else {
                problems.append(Problem(.noBaseline, of: measured.name, "the case is not in the baseline; look at the numbers and set it with --update"))
                continue
            }
            let differences = Comparability.differences(agreed, measured)
            notes += differences.notes
            guard differences.problems.isEmpty else {
                problems += differences.problems
                continue
            }
            for (line, metric) in measured.metrics.enumerated() {
                guard let before = agreed[metric.metric] else {
                    problems.append(Problem(.noBaseline, of: measured.name, metric: metric.metric, "the metric is not in the baseline; look at the number and set it with --update"))
                    continue
                }
                var nights = history?.estimates(of: measured.name, metric.metric, since: identifier).filter { !agreed.allGenerated.contains($0.generated) } ?? []
                if !nights.contains(where: { $0.generated == measured.generated }), !agreed.allGenerated.contains(measured.generated) { nights.append((measured.generated, metric.estimate)) }
                let isRetrained = suite.cases.first { $0.name == measured.name }?.isRetrained ?? true, agreement = before.agreement, allowed = tolerance(measured.name, metric)
                series.append(.init(better: metric.better, aim: metric.aim, tolerance: allowed, baseline: agreement, isRetrained: isRetrained, tonight: metric.estimate, nights: nights.map(\.estimate)))
                items[index].lines[line].reliablyFound = suite.test.reliablyFound(agreement, tolerance: allowed.amount(at: agreement.estimate.value), metrics: count, isRetrained: isRetrained)
                places.append((index, line))
            }
        }
        // What nobody asks for any more would go unwatched without a word.
        for agreed in baseline?.cases ?? [] {
            guard let item = suite.cases.first(where: { $0.name == agreed.name }) else {
                problems.append(Problem(.noBaseline, of: agreed.name, "the case is in the baseline but not in the suite; --update drops it"))
                continue
            }
            for metric in agreed.metrics where !item.metrics.contains(metric.metric) {
                problems.append(Problem(.noBaseline, of: agreed.name, metric: metric.metric, "the metric is in the baseline but not in the suite; --update drops it"))
            }
        }
        for (place, judgement) in zip(places, suite.test(series)) { items[place.item].lines[place.line].judgement = judgement }
        return Night(suite: suite.name, date: date, label: label, baseline: baseline, items: items, problems: problems, notes: notes, test: suite.test, earlier: history?.nights ?? [])
    }
}
