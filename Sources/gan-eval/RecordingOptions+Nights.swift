import Evaluation
import Regression
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension RecordingOptions {
    /// Records a night: all nights of a suite are one run, whose steps they are, and whose curves are the metrics of its cases and the exit code.
    func record(_ night: Night, of suite: String) throws {
        try recording { store in
            let path = Paths.absolute(suite), now = Date().timeIntervalSince1970
            let evaluation = RecordedEvaluation(kind: "night", created: now, command: CommandText.own, report: night.json, results: [])
            try store.transaction { writer in
                let known = try writer.run(in: path), step = (known?.step ?? 0) + 1
                var run = known ?? RecordedRun(name: night.suite, kind: .evaluation, command: CommandText.own, version: Version.current)
                if known == nil {
                    run.folder = path
                    run = try writer.begin(run)
                }
                try writer.append(night.curves(step: step, time: now), to: run)
                try writer.add(evaluation, to: run)
                try writer.tag(run, adding: tags)
                try writer.update(run, status: .finished, step: step)
            }
        }
    }
}

extension Night {
    /// A point for each metric of a case, with the interval that its standard error gives, and one for the exit code.
    fileprivate func curves(step: Int, time: Double) -> [MetricSeries] {
        func curve(_ name: String, _ value: Double, _ ends: ClosedRange<Double>? = nil) -> MetricSeries {
            MetricSeries(.init(kind: "night", name: name), [MetricPoint(step: step, time: time, value: value, lower: ends?.lowerBound, upper: ends?.upperBound)])
        }
        return lines.map { name, line in curve("\(name) \(line.measured.metric)", line.measured.estimate.value, line.measured.estimate.interval()) } + [curve("exit code", Double(outcome.exitCode))]
    }
}
