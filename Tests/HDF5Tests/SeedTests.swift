import Foundation
import HDF5
import TestSupport
import Testing

/// What fuzzing started from and found is a file or an error, and the same each time.
@Suite struct SeedTests {
    static let seeds: [String] = {
        let folder = Fixtures.root.appendingPathComponent("../Tests/Fuzz/seeds/hdf5").standardizedFileURL.path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
    }()

    /// Everything that the fuzz target reads, as text.
    private func content(_ path: String) throws -> String {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        return text { () throws(HDF5Error) in describe(try HDF5File(bytes: bytes, name: "seed.h5").root, depth: 0) }
    }

    private func describe(_ group: HDF5Group, depth: Int) -> String {
        var lines = [describe(group.attributes)]
        for name in (depth < 4 ? (try? group.names()) ?? [] : []).prefix(16) {
            lines.append(text { () throws(HDF5Error) in
                switch try group.child(name) {
                case .group(let child): return "\(name):\n" + describe(child, depth: depth + 1)
                case .dataset(let dataset): return "\(name) = " + (try describe(dataset))
                }
            })
        }
        return lines.joined(separator: "\n")
    }

    private func describe(_ attributes: HDF5Attributes) -> String {
        text { () throws(HDF5Error) in try attributes.names().joined(separator: ",") } + " "
            + ((try? attributes.names()) ?? []).prefix(16).map { name in text { () throws(HDF5Error) in "\(try attributes.value(name).debugDescription)" } }.joined(separator: ",")
    }

    private func describe(_ dataset: HDF5Dataset) throws(HDF5Error) -> String {
        let shape = try dataset.shape
        guard shape.allSatisfy({ $0 <= 1 << 10 }), shape.reduce(1, *) <= 1 << 20 else { return "\(shape), too large" }
        let values = text { () throws(HDF5Error) in "\(try dataset.read(Double.self))" }, texts = text { () throws(HDF5Error) in "\(try dataset.readStrings())" }
        return "\(dataset.elementType) \(shape) \(values) \(texts) " + describe(dataset.attributes)
    }

    private func text(_ body: () throws(HDF5Error) -> String) -> String {
        do throws(HDF5Error) { return try body() } catch { return "error: \(error)" }
    }

    @Test(arguments: seeds) func replay(_ path: String) throws {
        let outcome = try content(path)
        #expect(try content(path) == outcome)
        if !path.contains("/found-") { #expect(!outcome.hasPrefix("error: "), "\(outcome)") }
    }

    @Test func soundSeedsAreRead() throws {
        func seed(_ name: String) throws -> String { try content(#require(Self.seeds.first { $0.hasSuffix("/" + name) })) }
        #expect(try seed("images.h5").contains("images = uint8 [2, 3, 4, 3] [0.0, 1.0, 2.0, "))
        #expect(try seed("features.h5").contains("[\"a.png\", \"b.png\"]"))
        #expect(try seed("nested-latest.h5").contains("fixed = string [2] error: "))
        #expect(Self.seeds.count >= 15)
    }
}
