import Foundation
import Testing
import Tracking

/// What leaves a store for other tools, and what comes in from them.
@Suite struct ExchangeTests {
    private let place: Place, store: RunStore

    init() throws {
        place = try Place()
        store = try RunStore(place.path("runs.sqlite"))
    }

    private func filled() throws -> RecordedRun {
        var run = RecordedRun.example("a/b, \"c\"")
        (run.tags, run.note) = (["x"], "ends of lines:\u{2028}\u{85}\n.")
        run = try store.begin(run)
        try store.append([MetricSeries(.init(kind: "measurement", name: "fid", identity: ["network": "n"]), [MetricPoint(step: 10, time: 1.5e9, value: 20.25, lower: 19, upper: 21), MetricPoint(step: 20, value: .nan)])], to: run)
        let report = #"{"results": [{"metric": "kid", "title": "KID", "value": 0.5}], "identity": {}}"#
        try store.add(RecordedEvaluation(kind: "evaluation", created: 1.6e9, command: "c", report: report, results: ReportText.results(report)), to: run)
        try store.update(run, status: .finished, step: 20)
        return try store.run(run.key)
    }

    @Test func anExportedRunComesBackWhole() throws {
        let run = try filled(), file = place.path("out.jsonl")
        try RunExport(store).write([run], as: .jsonl, to: file)
        #expect(throws: TrackingError.refused(run: run.key, reason: "the store has this run already; nothing of \(file) was added")) { try RunImport(into: store, command: "", version: "")(file) }
        let other = try RunStore(place.path("other.sqlite")), back = try #require(try RunImport(into: other, command: "", version: "")(file).first)
        #expect(try RunExport(other).text([other.run(back.key)], as: .jsonl) == RunExport(store).text([run], as: .jsonl))
        #expect(try other.series(of: back) == store.series(of: run) && other.evaluations(of: back) == store.evaluations(of: run))
    }

    /// A second line that is known already takes back the first.
    @Test func anImportIsWholeOrNothing() throws {
        let run = try filled(), file = place.path("out.jsonl"), other = try RunStore(place.path("other.sqlite"))
        let line = try RunExport(store).text([run], as: .jsonl), fresh = line.replacingOccurrences(of: run.key, with: "0123456789")
        try Data((fresh + line + line).utf8).write(to: URL(fileURLWithPath: file))
        #expect(throws: TrackingError.refused(run: run.key, reason: "the store has this run already; nothing of \(file) was added")) { try RunImport(into: other, command: "", version: "")(file) }
        #expect(try other.runs().isEmpty)
        try Data((fresh + line).utf8).write(to: URL(fileURLWithPath: file))
        #expect(try RunImport(into: other, command: "", version: "")(file).map(\.key) == ["0123456789", run.key])
    }

    /// Times that others' files hold and that are none, and everything that shows or exports a run afterwards.
    @Test(arguments: ["{\"step\": 1, \"timestamp\": 1.7e18, \"loss\": 2}", "{\"step\": 1, \"timestamp\": -1e300, \"loss\": 2}", "{\"step\": 1, \"timestamp\": null, \"loss\": 2}", "step,time,loss\n1,inf,2", "step,time,loss\n1,nan,inf", "\u{FEFF}step,loss\n1,2"])
    func oddTimesAreNone(_ text: String) throws {
        let series = try imported(text, "odd.v1.log"), runs = try store.runs()
        #expect(series.map { $0.points[0].time } == [nil] && runs[0].name == "odd.v1")
        #expect(try RunTable(store.summaries()).text.contains("odd.v1") && store.description(of: runs[0]).contains("odd.v1"))
        for format in RunExport.Format.allCases { try RunExport(store).write(runs, as: format, to: place.path("out-" + format.rawValue)) }
    }

    @Test func anExportNeverReplacesTheStore() throws {
        let run = try filled()
        for ending in ["", "-wal"] { #expect(throws: TrackingError.self) { try RunExport(store).write([run], as: .jsonl, to: store.path + ending) } }
        #expect(try store.run(run.key).name == run.name)
    }

    @Test func tablesAreQuoted() throws {
        let run = try filled(), lines = try RunExport(store).text([run], as: .csv).split(separator: "\n")
        #expect(lines.count == 4 && lines[1] == "\(run.key),\"a/b, \"\"c\"\"\",measurement,fid,10,2017-07-14T02:40:00Z,20.25,19.0,21.0" && lines[2].hasSuffix(",fid,20,,,,") && lines[3].hasSuffix(",evaluation,kid,,2020-09-13T12:26:40Z,0.5,,"))
    }

    /// Read back by the format's own rules; the real TensorBoard reads them in `Scripts/test-exports`.
    @Test func eventFilesAreRecordsWithChecksums() throws {
        try RunExport(store).write([filled()], as: .tensorboard, to: place.path("boards"))
        let folder = place.path("boards/a-b, \"c\""), name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)
        #expect(name.hasPrefix("events.out.tfevents."))
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
        var position = 0, records: [[UInt8]] = []
        func number(_ count: Int) -> UInt64 {
            defer { position += count }
            return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
        }
        while position < bytes.count {
            let start = position, length = Int(number(8))
            #expect(number(4) == UInt64(Self.masked(bytes[start..<start + 8])))
            records.append(Array(bytes[position..<position + length]))
            position += length
            #expect(number(4) == UInt64(Self.masked(records[records.count - 1])))
        }
        #expect(records.count > 8 && records.contains { String(decoding: $0, as: UTF8.self).contains("measurement/fid") })
        #expect(String(decoding: records[0], as: UTF8.self).contains("brain.Event:2"))
    }

    /// CRC-32C bit by bit, as its polynomial says.
    private static func masked(_ content: some Sequence<UInt8>) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in content {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82f63b78 : sum >> 1 }
        }
        return (~sum >> 15 | ~sum << 17) &+ 0xa282ead8
    }

    @Test func mlflowFindsMetricsParametersAndArtifacts() throws {
        let run = try filled(), folder = place.path("mlruns")
        for _ in 0..<2 { try RunExport(store).write([run], as: .mlflow, to: folder) }
        let experiment = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first), runs = try FileManager.default.contentsOfDirectory(atPath: folder + "/" + experiment).filter { $0 != "meta.yaml" }
        #expect(runs.count == 1, "an export again takes the place of the first")
        func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(experiment)/\(runs[0])/\(name)", encoding: .utf8) }
        #expect(try text("metrics/measurement/fid") == "1500000000000 20.25 10\n\(Int(run.created * 1000)) nan 20\n")
        #expect(try text("params/critic.learningRate") == "0.0002" && text("tags/tag.x") == "true" && text("artifacts/evaluation-1.json").contains("kid") && text("meta.yaml").contains("status: 3"))
    }

    /// Names that others have chosen are names, wherever they would lead as paths.
    @Test(arguments: RunExport.Format.allCases) func namesLeadNowhere(_ format: RunExport.Format) throws {
        for name in ["../../escaped", "/escaped", "..", "", ".", "a/b", "Loss", "Loss/G", "line\nbreak", String(repeating: "long", count: 200)] {
            var run = RecordedRun.example(name)
            (run.tags, run.configuration) = ([name], [name: "1", "plain": name])
            run = try store.begin(run)
            try store.append([MetricSeries(.init(kind: name, name: name), [MetricPoint(step: 1, value: 1)])], to: run)
            try store.add(RecordedEvaluation(kind: name, created: 1, command: name, report: "{}", results: [RecordedResult(metric: name, title: name, value: 1)]), to: run)
        }
        let below = place.path("deep/er")
        try FileManager.default.createDirectory(atPath: below, withIntermediateDirectories: true)
        try RunExport(store).write(store.runs(), as: format, to: below + "/out")
        #expect(try FileManager.default.contentsOfDirectory(atPath: below) == ["out"] && FileManager.default.contentsOfDirectory(atPath: place.path("deep")) == ["er"])
        #expect(!FileManager.default.fileExists(atPath: "/escaped") && FileManager.default.subpaths(atPath: below + "/out").map { !$0.contains { $0.contains("/../") } } != false)
        if format == .tensorboard { #expect(try FileManager.default.contentsOfDirectory(atPath: below + "/out").count == 10) }
    }

    private func imported(_ text: String, _ name: String = "log.jsonl") throws -> [MetricSeries] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: place.path(name)))
        let run = try #require(try RunImport(into: store, command: "c", version: "1")(place.path(name)).first)
        #expect(run.kind == .imported)
        return try store.series(of: run)
    }

    @Test func linesOfOtherToolsAreCurves() throws {
        let wandb = try imported("{\"_step\": 1, \"loss\": 0.5, \"_timestamp\": 1600000000, \"note\": \"x\"}\n{\"_step\": 2, \"loss\": null, \"fid\": {\"value\": 3}}\n")
        #expect(wandb.map(\.name.name) == ["loss", "fid.value"] && wandb[0].points == [MetricPoint(step: 1, time: 1.6e9, value: 0.5), MetricPoint(step: 2, value: .nan)])
        let style = try imported("{\"Progress/kimg\": {\"num\": 1, \"mean\": 4.5, \"std\": 0}, \"Loss/G/loss\": {\"num\": 10, \"mean\": 0.75, \"std\": 0.1}, \"timestamp\": 1.0}\n")
        #expect(style.contains { $0.name.name == "Loss/G/loss" && $0.points == [MetricPoint(step: 4500, time: 1, value: 0.75)] })
        let metric = try imported("{\"results\": {\"fid50k_full\": 5.25}, \"metric\": \"fid50k_full\", \"snapshot_pkl\": \"network-snapshot-000200.pkl\"}\n")
        #expect(metric.contains { $0.name.name == "fid50k_full" && $0.points == [MetricPoint(step: 200_000, value: 5.25)] })
        let board = try imported("Wall time,Step,Value\n1600000000.5,10,0.25\n1600000001.5,20,\"0.5\"\n", "board.csv")
        #expect(board.map(\.points) == [[MetricPoint(step: 10, time: 1_600_000_000.5, value: 0.25), MetricPoint(step: 20, time: 1_600_000_001.5, value: 0.5)]])
        let table = try imported("epoch,\"a, \"\"b\"\"\",word\r\n1,2.5,x\r\n2,,y\r\n", "table.csv")
        #expect(table.map(\.name.name) == ["a, \"b\""] && table[0].points == [MetricPoint(step: 1, value: 2.5)])
    }

    @Test(arguments: [("", "an empty file"), ("{\"loss\": 1}\n{}", "line 1: expected a whole number named step"), ("{\"step\": 1, \"a\": 2}\n[]\n{\"step\": 2}", "line 2: expected a JSON object"), ("a,b\n1,2", "line 1: expected a column named step"),
                      ("step,b\n1", "line 2: expected 2 fields, found 1"), ("step,b\nx,2", "line 2: expected a whole number in the column step, found 'x'"), ("step,b\n1,x", "expected at least one column of numbers"), ("{\"step\": 1}", "at least one number beside the step")])
    func wrongFilesSayWhere(_ text: String, _ message: String) throws {
        #expect { try imported(text) } throws: { "\($0)".contains(message) }
        #expect(try store.runs().isEmpty, "nothing is added of a file that is wrong")
    }
}
