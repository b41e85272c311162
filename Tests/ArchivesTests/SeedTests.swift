import Archives
import Foundation
import TestSupport
import Testing

/// What fuzzing started from and found is an archive or an array or an error, and the same each time.
@Suite struct SeedTests {
    static let seeds: [String] = ["npy", "zip"].flatMap { target in
        let folder = Fixtures.root.appendingPathComponent("../Tests/Fuzz/seeds/" + target).standardizedFileURL.path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
    }

    /// What the fuzz target of the seed's folder reads, as text.
    private func content(_ path: String) throws(ArchiveError) -> String {
        let bytes = try FileBytes(path).bytes()
        return path.contains("/npy/") ? try array(bytes) : try archive(bytes)
    }

    private func array(_ bytes: [UInt8]) throws(ArchiveError) -> String {
        let array = try NumPyArray(MemoryBytes(bytes, file: "seed.npy"))
        let rows = array.shape.first ?? 0
        let parts = [
            text { () throws(ArchiveError) in "\(try array.read(UInt8.self))" }, text { () throws(ArchiveError) in "\(try array.read(Double.self))" },
            rows > 0 ? text { () throws(ArchiveError) in "\(try array.read(Float.self, rows: rows - 1..<rows))" } : "no rows",
        ]
        return "\(array.elementType) \(array.shape)\n" + parts.joined(separator: "\n")
    }

    private func archive(_ bytes: [UInt8]) throws(ArchiveError) -> String {
        let archive = try ZipArchive(bytes: bytes, name: "seed.zip")
        return archive.entries.prefix(8).map { entry in
            entry.name + ": " + text { () throws(ArchiveError) in "\(try archive.read(entry, limit: 1 << 22))" }
        }.joined(separator: "\n")
    }

    private func text(_ body: () throws(ArchiveError) -> String) -> String {
        do throws(ArchiveError) { return try body() } catch { return "error: \(error)" }
    }

    @Test(arguments: seeds) func replay(_ path: String) {
        let outcome = text { () throws(ArchiveError) in try content(path) }
        #expect(outcome == text { () throws(ArchiveError) in try content(path) })
        if !path.contains("/found-") && !path.contains("/crash-") { #expect(!outcome.hasPrefix("error: "), "\(outcome)") }
    }

    @Test func soundSeedsAreRead() throws {
        let folder = try #require(Self.seeds.first { $0.hasSuffix("/npy/grey.npy") }).dropLast("/npy/grey.npy".count)
        #expect(try content(folder + "/npy/grey.npy").hasPrefix("uint8 [5, 6, 4]\n["))
        #expect(try content(folder + "/zip/class-folders.zip").split(separator: "\n").count { $0.contains(".PNG: [137, 80, 78, 71, ") } == 5)
    }

    @Test(arguments: [("npy", 2), ("zip", 10)]) func thereAreSeeds(_ target: String, _ least: Int) {
        #expect(Self.seeds.count { $0.contains("/seeds/\(target)/") } >= least)
    }
}
