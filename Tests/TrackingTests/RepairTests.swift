import Foundation
import GRDB
import Testing
import Tracking

/// Stores that are damaged in every place, and what is saved of them.
@Suite struct RepairTests {
    private let place: Place

    init() throws { place = try Place() }

    /// A store of several hundred pages in one file, and its numbers of rows.
    private func store() throws -> String {
        let path = place.path("runs.sqlite"), store = try RunStore(path)
        for number in 0..<30 {
            let run = try store.begin(.example("run \(number)"))
            try store.append([MetricSeries(.init(kind: "losses", name: "loss"), (0..<1000).map { MetricPoint(step: $0, time: 1e9, value: Double($0)) })], to: run)
        }
        _ = try store.collect()
        return path
    }

    private func damage(_ path: String, _ range: Range<Int>, with byte: UInt8) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64(range.lowerBound))
        try file.write(contentsOf: Data(repeating: byte, count: range.count))
        try file.close()
    }

    @Test func aWholeStoreIsLeftAlone() throws {
        let path = try store()
        #expect(throws: TrackingError.unavailable(store: path, reason: "nothing is damaged, so nothing is repaired")) { try RunStore.repair(path) }
        #expect(!FileManager.default.fileExists(atPath: path + ".damaged"))
        #expect(try RunStore(path).series(of: RunStore(path).run("run 7"))[0].points.map(\.step) == Array(0..<1000))
    }

    /// Zeroes, ones and a pattern over three pages at each tenth of the file.
    @Test(arguments: [UInt8(0), 0xff, 0x5a]) func aHoleCostsWhatWasInIt(_ byte: UInt8) throws {
        let path = try store(), size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int), pages = size / 4096
        try #require(pages > 200)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for tenth in 1...9 {
            try whole.write(to: URL(fileURLWithPath: path))
            let page = pages * tenth / 10
            try damage(path, page * 4096..<(page + 3) * 4096, with: byte)
            let repair = try RunStore.repair(path), store = try RunStore(path)
            // Three leaves of points hold less than 600; a hole in an index costs nothing. Points of a lost run or series are lost with it.
            #expect(try #require(repair.saved["point"]) + repair.orphaned > 29_000, "\(tenth): \(repair)")
            for run in try store.runs() { for series in try store.series(of: run) { #expect(series.points.allSatisfy { $0.value == Double($0.step) }) } }
            try FileManager.default.removeItem(atPath: repair.original)
        }
    }

    @Test func theFirstPageIsReplaced() throws {
        let path = try store()
        try damage(path, 0..<4096, with: 0x20)
        #expect { try RunStore(path).runs() } throws: { "\($0)".contains("runs repair") }
        let repair = try RunStore.repair(path)
        #expect(repair.saved["run"] == 30 && repair.saved["point"] == 30_000 && repair.damages == 1, "\(repair)")
        #expect(try RunStore(path).runs().count == 30)
    }

    @Test func aTruncatedFileGivesItsBeginning() throws {
        let path = try store(), size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.truncate(atOffset: UInt64(size * 6 / 10))
        try file.close()
        let repair = try RunStore.repair(path)
        #expect(try #require(repair.saved["run"]) == 30 && #require(repair.saved["point"]) > 8000, "\(repair)")
    }

    @Test func whatIsNoStoreStaysAsItWas() throws {
        let path = place.path("text"), text = Data("not a database".utf8)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(throws: TrackingError.self) { try RunStore.repair(path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text && FileManager.default.contentsOfDirectory(atPath: place.folder) == ["text"])
    }

    /// A damaged store must say so or work, never end the process.
    @Test func damageNeverTraps() throws {
        let path = try store(), whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var state = UInt64(1)
        func random(_ count: Int) -> Int {
            state = state &* 6364136223846793005 &+ 1442695040888963407
            return Int(state >> 33) % count
        }
        for _ in 0..<60 {
            var bytes = whole
            // Mostly in the first pages, where the schema and the runs are.
            for _ in 0..<40 { bytes[random(random(2) == 0 ? 60_000 : bytes.count)] = UInt8(random(256)) }
            try bytes.write(to: URL(fileURLWithPath: path))
            do {
                let store = try RunStore(path)
                for run in try store.runs() { _ = try store.series(of: run) + [] }
                _ = try store.summaries()
            } catch {
                // Each has a line of its own.
                #expect(!error.description.contains("\n"))
            }
            for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) }
        }
    }
}
