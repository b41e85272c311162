import Foundation
import Reports
import TestSupport
import Testing
import Tracking

/// Reports of what the run store knows.
@Suite struct StoredRunTests {
    private let folder: String, store: RunStore

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gan-eval-report-" + UUID().uuidString).path
        store = try RunStore(folder + "/runs.sqlite")
    }

    private func report(_ value: Double, network: String = "n") -> String {
        #"{"results": [{"metric": "fid", "title": "FID (n)", "value": \#(value), "interval": [\#(value - 1), \#(value + 1)], "confidence": 0.95, "standard_error": 0.5}], "identity": {"network": "\#(network)"}, "counts": {"real": 10, "fake": 10}}"#
    }

    private func run(_ name: String, _ kind: RecordedRun.Kind, _ values: [String]) throws -> RecordedRun {
        var run = RecordedRun(name: name, kind: kind, command: "gan-eval train -o \(name)", version: "1")
        run.configuration = ["game": "dcgan", "network": "n"]
        run = try store.begin(run)
        for (place, text) in values.enumerated() {
            try store.add(RecordedEvaluation(kind: "evaluation", created: Double(place), command: "c\(place)", report: text, results: ReportText.results(text)), to: run)
        }
        return run
    }

    @Test func aRunIsFoundByNameWithItsLastNumbers() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try run("deep", .training, [report(20), report(10), report(30, network: "other")])
        try store.append([MetricSeries(.init(kind: "losses", name: "critic loss"), [MetricPoint(step: 1, value: 0.5), MetricPoint(step: 2, value: 0.25)]),
                          MetricSeries(.init(kind: "measurement", name: "fid"), [MetricPoint(step: 2, value: 12, lower: 11, upper: 13)])], to: run)
        for created in [9.0, 10] { try store.add(RecordedEvaluation(kind: "comparison", created: created, command: "compare \(created)", report: StoredComparisonTests.json(), results: []), to: run) }
        let files = try SubjectFiles(["deep"], store: store), subjects = files.subjects
        #expect(files.comparisons.map(\.source.command) == ["compare 10.0"], "of two of the same sets the last")
        #expect(subjects.count == 1 && subjects[0].name == "deep")
        #expect(subjects[0].evaluations.map { $0.results[0].value } == [10, 30] && subjects[0].evaluations[0].source == Source("run \(run.key)", command: "c1", time: "1970-01-01T00:00:01Z"))
        let record = try #require(subjects[0].run)
        #expect(record.curves.map(\.name) == ["critic loss", "fid", "fid lower", "fid upper"] && record.curves[3].points == [[2, 13]] && record.configuration.map(\.value) == ["dcgan", "n"])
        // Under a name of one's own, and by key.
        #expect(try SubjectFiles(["ours=\(run.key)"], store: store).subjects.map(\.name) == ["ours"])
    }

    /// The store knows where a run's folder lies on this machine; a report says what it was called by whoever asked.
    @Test func aNamedFolderKeepsItsName() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = folder + "/place", link = folder + "/link"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try "game: dcgan\n".write(toFile: place + "/config.yaml", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place)
        var begun = RecordedRun(name: "place", kind: .training, command: "", version: "1")
        begun.folder = place
        let run = try store.begin(begun)
        try store.add(RecordedEvaluation(kind: "evaluation", created: 1, command: "c", report: report(20), results: ReportText.results(report(20))), to: run)
        for path in [place, link] {
            let subject = try #require(try SubjectFiles([path], store: store).subjects.first)
            #expect(subject.run?.source.place == path && subject.run?.configuration.map(\.value) == ["dcgan"])
        }
        #expect(try SubjectFiles([place], store: store).subjects.first?.evaluations.count == 1, "with what the store knows of it")
        #expect(try SubjectFiles(["place"], store: store).subjects.first?.run?.source.place == place, "a name leads where the store says")
    }

    /// A typing error is answered with all that an argument may be, and the run that was probably meant.
    @Test func aTypingErrorIsAnswered() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let expected = "a run's folder, a result's JSON file, a folder that holds some, a run of the run store by name or key, or NAME= before one of these"
        func found(_ argument: String, _ store: RunStore?) -> String? {
            do { _ = try SubjectFiles([argument], store: store) { name, names in names.first { $0.hasPrefix(name.prefix(1)) } ?? "" } } catch ReportError.unreadable(_, expected, let found) { return found } catch { return "\(error)" }
            return nil
        }
        #expect(found("none", nil) == "nothing, and there is no run store here" && found("none", store) == "nothing; \(store.path) holds no runs")
        for name in ["deep", "wide"] { _ = try run(name, .training, []) }
        #expect(found("wild", store) == "nothing; the nearest run of \(store.path) is 'wide'" && found("ours=deap", store) == "nothing; the nearest run of \(store.path) is 'deep'" && found("none", store) == "nothing")
        // A name of two runs is another mistake.
        _ = try run("wide", .training, [])
        #expect(throws: TrackingError.self) { try SubjectFiles(["wide"], store: store) }
    }

    /// What a store says of a run that is watched.
    @Test func aStoreKnowsHowARunEnded() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var begun = RecordedRun(name: "a", kind: .training, command: "", version: "1")
        begun.folder = folder + "/a"
        let run = try store.begin(begun)
        func state(_ written: Double?, now: Double = 0) throws -> RunState {
            let found = try #require(try store.run(in: folder + "/a"))
            return RunState(of: found, written: written.map { Date(timeIntervalSince1970: found.updated + $0) }, now: Date(timeIntervalSince1970: found.updated + now))
        }
        #expect(try state(nil) == .running && state(-600, now: 600) == .running)
        for (status, reason, end) in [(RecordedRun.Status.finished, nil, RunEnd.finished), (.interrupted, nil, .interrupted), (.failed, "collapsed", .failed("collapsed"))] as [(RecordedRun.Status, String?, RunEnd)] {
            try store.update(run, status: status, reason: reason)
            #expect(try state(-1) == .ended(end) && state(nil) == .ended(end))
            // It went on without the store, and a minute ago still did.
            #expect(try state(30, now: 31) == .unknown && state(30, now: 91) == .ended(end))
        }
        // A folder within, or above, is not the run's.
        #expect(try store.run(in: folder + "/a/samples") == nil && store.run(in: folder) == nil && RunState(of: nil, written: nil, now: Date()) == .unknown)
    }

    @Test func anEvaluationIsASubjectOfItsOwn() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try run("/somewhere/fake.h5", .evaluation, [report(20)])
        let subject = try #require(try SubjectFiles(["/somewhere/fake.h5"], store: store).subjects.first)
        #expect(subject.run == nil && subject.evaluations.count == 1 && subject.name == "fake.h5")
    }

    /// A folder that the store knows brings what was measured of it.
    @Test func aFolderBringsItsEvaluations() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = Fixtures.path("report/runs/deep")
        var run = RecordedRun(name: "deep", kind: .training, command: "", version: "1")
        run.folder = place
        run = try store.begin(run)
        let text = report(7)
        try store.add(RecordedEvaluation(kind: "evaluation", created: 1, command: "", report: text, results: []), to: run)
        #expect(try SubjectFiles([place], store: store).subjects[0].evaluations.map { $0.results[0].value } == [7] && SubjectFiles([place]).subjects[0].evaluations.isEmpty)
    }
}
