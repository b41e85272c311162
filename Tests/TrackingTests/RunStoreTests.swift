import Foundation
import GRDB
import Testing
import Tracking

/// A folder for a test's files that is gone after it.
final class Place {
    let folder: String
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gan-eval-store-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }
    func path(_ name: String) -> String { folder + "/" + name }
}

extension RecordedRun {
    /// A training as a test needs it.
    static func example(_ name: String, in folder: String? = nil) -> RecordedRun {
        var run = RecordedRun(name: name, kind: .training, command: "gan-eval train", version: "1.2.3")
        (run.game, run.seed, run.steps, run.folder) = ("dcgan", 7, 1000, folder)
        run.configuration = ["critic.learningRate": "0.0002", "data": "digits \"quoted\" 'and' ünïcode"]
        run.identity = ["threads": "2"]
        return run
    }
}

@Suite struct RunStoreTests {
    private let place: Place, store: RunStore

    init() throws {
        place = try Place()
        store = try RunStore(place.path("sub/folder/runs.sqlite"))
    }

    private func curve(_ name: String, _ steps: [Int], kind: String = "measurement", _ identity: [String: String] = [:]) -> MetricSeries {
        MetricSeries(.init(kind: kind, name: name, identity: identity), steps.map { MetricPoint(step: $0, time: 1e9 + Double($0), value: Double($0) / 3, lower: Double($0) / 4, upper: Double($0)) })
    }

    @Test func whatGoesInComesOut() throws {
        var run = RecordedRun.example("a", in: place.path("a"))
        run.tags = ["paper", "first"]
        let stored = try store.begin(run)
        let curves = [curve("fid", [100, 200], ["network": "n"]), MetricSeries(.init(kind: "losses", name: "critic loss"), [MetricPoint(step: 1, value: .nan), MetricPoint(step: 2, value: -.infinity), MetricPoint(step: 3, value: 0.1 + 0.2)])]
        try store.append(curves, to: stored)
        let report = #"{"results": [{"metric": "fid", "title": "FID (n)", "value": 12.5, "interval": [12, 13], "confidence": 0.95, "standard_error": 0.25}], "identity": {"network": "n"}}"#
        let evaluation = RecordedEvaluation(kind: "evaluation", created: 2e9, command: "gan-eval fid", report: report, results: ReportText.results(report))
        try store.add(evaluation, to: stored)
        try Data("content".utf8).write(to: URL(fileURLWithPath: place.path("file.png")))
        try store.addArtifact("samples", place.path("file.png"), step: 200, to: stored)
        try store.note(stored, "line\nand '); DROP TABLE run; --")
        try store.update(stored, status: .finished, step: 200)

        let again = try RunStore(store.path), found = try again.run("a")
        #expect(found.key == stored.key && found.status == .finished && found.step == 200 && found.game == "dcgan" && found.seed == 7 && found.steps == 1000)
        #expect(found.configuration == run.configuration && found.identity == run.identity && found.tags == ["first", "paper"] && found.note == "line\nand '); DROP TABLE run; --")
        #expect(try again.series(of: found) == curves)
        #expect(try again.evaluations(of: found) == [evaluation] && evaluation.results == [RecordedResult(metric: "fid", title: "FID (n)", value: 12.5, lower: 12, upper: 13, confidence: 0.95, error: 0.25)])
        let artifact = try #require(try again.artifacts(of: found).first)
        // printf content | sha256sum
        #expect(artifact.sha256 == "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73" && artifact.bytes == 7 && artifact.step == 200 && artifact.kind == "samples")
    }

    @Test func aTransactionIsWholeOrNothing() throws {
        let before = try store.begin(.example("before"))
        #expect(throws: TrackingError.refused(run: "x", reason: "y")) {
            try store.transaction { writer in
                let run = try writer.begin(.example("new"))
                try writer.append([curve("fid", [1])], to: run)
                try writer.tag(before, adding: ["tagged"])
                throw TrackingError.refused(run: "x", reason: "y")
            }
        }
        #expect(try store.runs().map(\.name) == ["before"] && store.run("before").tags.isEmpty)
    }

    /// Beside a writer that goes on.
    @Test func aReaderSeesWhatIsWrittenAndWritesNothing() throws {
        let run = try store.begin(.example("a")), reader = try RunStore(reading: store.path)
        try store.append([curve("fid", [1, 2])], to: run)
        #expect(try reader.series(of: reader.run("a")) == store.series(of: run))
        #expect { try reader.tag(run, adding: ["x"]) } throws: { if case TrackingError.unavailable = $0 { true } else { false } }
        #expect(throws: TrackingError.unavailable(store: place.path("none"), reason: "there is no such file; training and evaluations make it")) { try RunStore(reading: place.path("none")) }
        try Data("a text that is no database at all".utf8).write(to: URL(fileURLWithPath: place.path("text")))
        #expect { try RunStore(reading: place.path("text")) } throws: { if case TrackingError.damaged = $0 { true } else { false } }
    }

    @Test func aContinuedRunKeepsItsKeyAndLosesLaterPoints() throws {
        let first = try store.begin(.example("a", in: place.path("a")))
        try store.append([curve("fid", [100, 200, 300])], to: first)
        try store.tag(first, adding: ["kept"])
        var run = RecordedRun.example("a", in: place.path("a"))
        run.step = 200
        let second = try store.begin(run, continuing: true)
        #expect(second.key == first.key && second.tags == ["kept"])
        #expect(try store.series(of: second)[0].points.map(\.step) == [100, 200])
        // What is brought in from the log keeps the times that are known.
        try store.append([MetricSeries(.init(kind: "measurement", name: "fid"), [MetricPoint(step: 100, value: 5), MetricPoint(step: 150, value: 6)])], to: second, keepsKnown: true)
        #expect(try store.series(of: second)[0].points.map(\.value) == [100.0 / 3, 6, 200.0 / 3])
        // The same folder, begun anew, is another run.
        let third = try store.begin(.example("a", in: place.path("a")))
        #expect(try third.key != first.key && store.run(first.key).folder == nil && store.run(place.path("a")).key == third.key)
    }

    @Test func runsAreFoundByKeyNameAndFolder() throws {
        let a = try store.begin(.example("a", in: place.path("one"))), b = try store.begin(.example("b", in: place.path("one/two")))
        _ = try store.begin(.example("b"))
        #expect(try store.run(String(a.key.prefix(6))).id == a.id && store.run(place.path("x/../one/")).id == a.id && store.run("a").id == a.id)
        #expect(throws: TrackingError.self) { try store.run("b") }
        #expect(throws: TrackingError.unknownRun("c", store: store.path)) { try store.run("c") }
        #expect(try store.owner(of: place.path("one/two/samples"))?.id == b.id && store.owner(of: place.path("one/other"))?.id == a.id && store.owner(of: place.path("ones")) == nil)
        try FileManager.default.createDirectory(atPath: place.path("drawn/sub"), withIntermediateDirectories: true)
        try Data([1]).write(to: URL(fileURLWithPath: place.path("drawn/sub/1.png")))
        try store.addArtifact("drawn samples", place.path("drawn"), to: a)
        try Data([1]).write(to: URL(fileURLWithPath: place.path("single.h5")))
        try store.addArtifact("drawn samples", place.path("single.h5"), to: a)
        #expect(try store.owner(of: place.path("single.h5"))?.id == a.id)
        try Data([2]).write(to: URL(fileURLWithPath: place.path("single.h5")))
        #expect(try store.owner(of: place.path("single.h5")) == nil, "written over, by whoever")
        #expect(try store.owner(of: place.path("drawn"))?.id == a.id && store.owner(of: place.path("drawn/sub"))?.id == a.id && store.owner(of: place.path("drawn2")) == nil)
    }

    @Test func deletionIsTakenBackUntilItIsCollected() throws {
        let a = try store.begin(.example("a")), b = try store.begin(.example("b"))
        try store.append([curve("fid", [1, 2])], to: a)
        try store.delete([a])
        #expect(try store.runs().map(\.name) == ["b"] && store.runs(deleted: true).map(\.name) == ["a"])
        try store.delete([a], restoring: true)
        #expect(try store.runs().count == 2 && store.series(of: a)[0].points.count == 2)
        try store.delete([a])
        try Data([1]).write(to: URL(fileURLWithPath: place.path("gone")))
        try store.addArtifact("samples", place.path("gone"), to: b)
        try FileManager.default.removeItem(atPath: place.path("gone"))
        let counts = try store.collect()
        #expect(counts == (1, 1))
        #expect(try store.runs().map(\.name) == ["b"] && store.runs(deleted: true).isEmpty && store.artifacts(of: b).isEmpty)
        let left = try DatabaseQueue(path: store.path).read { try Int.fetchOne($0, sql: "SELECT (SELECT count(*) FROM point) + (SELECT count(*) FROM series)") }
        #expect(left == 0, "what belonged to a removed run is gone with it")
    }

    @Test func aRunOfAProcessThatIsGoneWasKilled() throws {
        let run = try store.begin(.example("a"))
        #expect(try store.run("a").status == .running, "this process is there")
        try DatabaseQueue(path: store.path).write { database in
            let process = try #require(try String.fetchOne(database, sql: "SELECT process FROM run"))
            let parts = process.split(separator: " ")
            // The same number, started at another time.
            try database.execute(sql: "UPDATE run SET process = ?", arguments: ["\(parts[0]) \(parts[1]) 1"])
        }
        #expect(try store.run(run.key).status == .killed)
        try DatabaseQueue(path: store.path).write { try $0.execute(sql: "UPDATE run SET process = 'another-host 1 1'") }
        #expect(try store.run(run.key).status == .running, "nothing is known of another machine's processes")
    }

    /// Each writer has connections of its own, as processes have.
    @Test func eightWritersLoseNothing() async throws {
        let path = place.path("shared/runs.sqlite"), writers = 8, rounds = 40
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    let store = try RunStore(path), run = try store.begin(.example("writer \(writer)"))
                    for round in 0..<rounds {
                        try store.append([MetricSeries(.init(kind: "losses", name: "loss"), [MetricPoint(step: round, value: Double(writer))])], to: run)
                        if round % 10 == 0 { try store.tag(run, adding: ["round \(round)"]) }
                    }
                    try store.update(run, status: .finished)
                }
            }
            try await group.waitForAll()
        }
        let store = try RunStore(path), runs = try store.runs()
        #expect(runs.count == writers && Set(runs.map(\.key)).count == writers)
        for run in runs {
            let series = try store.series(of: run)
            #expect(series.count == 1 && series[0].points.map(\.step) == Array(0..<rounds) && run.tags.count == 4)
            #expect(series[0].points.allSatisfy { "writer \(Int($0.value))" == run.name })
        }
    }

    @Test func wrongFilesAreNamed() throws {
        #expect(throws: TrackingError.self) { try RunStore(place.path("none.sqlite"), creating: false) }
        let other = try DatabaseQueue(path: place.path("other.sqlite"))
        try other.write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
        #expect(throws: TrackingError.notAStore(store: other.path)) { try RunStore(other.path) }
        try Data("this is no database, whatever its name says, and long enough to be seen as such".utf8).write(to: URL(fileURLWithPath: place.path("text.sqlite")))
        #expect { try RunStore(place.path("text.sqlite")) } throws: { if case TrackingError.damaged = $0 { true } else { false } }
        try DatabaseQueue(path: store.path).write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 of the future')") }
        #expect(throws: TrackingError.newer(store: store.path)) { try RunStore(store.path) }
        try Data([1]).write(to: URL(fileURLWithPath: place.path("file")))
        #expect { try RunStore(place.path("file/runs.sqlite")) } throws: { if case TrackingError.unavailable = $0 { true } else { false } }
    }

    @Test func pathsMeanTheSameFromAnywhere() {
        #expect(Paths.absolute("a/./b/../c/", from: "/x/y") == "/x/y/a/c" && Paths.absolute("/../a//b") == "/a/b" && Paths.absolute("..", from: "/x") == "/")
        #expect(Paths.projectStore(["GAN_EVAL_STORE": "s.sqlite"], from: "/x") == "/x/s.sqlite")
        #expect(Paths.projectStore([:], from: "/nowhere/sub") == "/nowhere/sub/runs/runs.sqlite")
    }

    @Test func theStoreOfAFolderAboveIsTheProjects() throws {
        _ = try RunStore(place.path("runs/runs.sqlite"))
        try FileManager.default.createDirectory(atPath: place.path("deep/down"), withIntermediateDirectories: true)
        #expect(Paths.projectStore([:], from: place.path("deep/down")) == place.path("runs/runs.sqlite"))
    }

    @Test func theCommitOfARepositoryIsRead() throws {
        let commit = String(repeating: "ab", count: 20)
        func write(_ text: String, _ name: String) throws {
            let url = URL(fileURLWithPath: place.path(name))
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try write("ref: refs/heads/main\n", "r/.git/HEAD")
        try write("# pack-refs\n\(commit) refs/heads/main\n", "r/.git/packed-refs")
        try write("", "r/below/file")
        #expect(CodeVersion.current(in: place.path("r/below")) == commit)
        try write("gitdir: \(place.path("r/.git/worktrees/w"))\n", "w/.git")
        try write("ref: refs/heads/other\n", "r/.git/worktrees/w/HEAD")
        try write("../..\n", "r/.git/worktrees/w/commondir")
        try write(commit.uppercased() + "\n", "r/.git/refs/heads/other")
        #expect(CodeVersion.current(in: place.path("w")) == commit.uppercased())
    }
}
