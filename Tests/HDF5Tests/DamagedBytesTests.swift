import Foundation
import HDF5
import TestSupport
import Testing

/// Files with any byte changed are read or refused: what this process does with them cannot end it, nor take long.
@Suite struct DamagedBytesTests {
    private static func seed(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Fixtures.root.appendingPathComponent("../Tests/Fuzz/seeds/hdf5/\(name)")))
    }

    /// Reads everything; the count of what was refused.
    private func refusals(_ bytes: [UInt8]) -> Int {
        var refused = 0
        func attempt<Result>(_ body: () throws(HDF5Error) -> Result) -> Result? {
            do throws(HDF5Error) { return try body() } catch {
                refused += 1
                return nil
            }
        }
        func visit(_ group: HDF5Group, _ depth: Int) {
            readAll(group.attributes)
            for name in depth < 4 ? (attempt { () throws(HDF5Error) in try group.names() } ?? []).prefix(16) : [] {
                switch attempt({ () throws(HDF5Error) in try group.child(name) }) {
                case .group(let child): visit(child, depth + 1)
                case .dataset(let dataset):
                    readAll(dataset.attributes)
                    // What a file of some kilobytes can justify is at most 80 MB, and most of it none of the other bytes.
                    guard let shape = attempt({ () throws(HDF5Error) in try dataset.shape }), shape.allSatisfy({ $0 <= 1 << 10 }) else { continue }
                    if dataset.elementType == .string {
                        _ = attempt { () throws(HDF5Error) in try dataset.readStrings() }
                    } else {
                        _ = attempt { () throws(HDF5Error) in try dataset.read(Double.self) }
                    }
                case nil: continue
                }
            }
        }
        func readAll(_ attributes: HDF5Attributes) {
            for name in (attempt { () throws(HDF5Error) in try attributes.names() } ?? []).prefix(16) {
                _ = attempt { () throws(HDF5Error) in try attributes.value(name) }
            }
        }
        guard let file = attempt({ () throws(HDF5Error) in try HDF5File(bytes: bytes, name: "damaged.h5") }) else { return refused }
        visit(file.root, 0)
        return refused
    }

    @Test(arguments: ["features.h5", "compressed.h5", "nested-latest.h5", "statistics.h5"]) func anyByteMayBeWrong(_ name: String) throws {
        let sound = try Self.seed(name), expected = refusals(sound)
        var refused = 0
        for position in sound.indices {
            for change in [0xFF, 0x01, 0x80] as [UInt8] {
                var bytes = sound
                bytes[position] ^= change
                refused += refusals(bytes) > expected ? 1 : 0
            }
        }
        #expect(refused > sound.count / 20, "damage is seen")
    }

    @Test(arguments: ["features.h5", "compressed.h5", "nested-latest.h5"]) func anyEndMayBeMissing(_ name: String) throws {
        let sound = try Self.seed(name)
        for length in sound.indices { #expect(throws: HDF5Error.self) { try HDF5File(bytes: Array(sound[..<length]), name: "cut.h5") } }
    }

    /// Sizes and references of the heap of texts, on which libhdf5 1.10.8 loops without end or reads beyond its memory.
    @Test func aHeapThatLiesIsRefused() throws {
        let sound = try Self.seed("features.h5")
        let heap = try #require(sound.indices.first { sound[$0...].starts(with: Array("GCOL".utf8)) })
        for (place, value) in [(heap + 8, UInt64.max), (heap + 8, 0), (heap + 24, 1 << 40), (heap + 24, 4090)] as [(Int, UInt64)] {
            var bytes = sound
            withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(place..<place + 8, with: $0) }
            let file = try HDF5File(bytes: bytes, name: "heap.h5")
            let error = #expect(throws: HDF5Error.self) { try file.root.dataset("names").readStrings() }
            #expect(error?.object == "/names" && error?.reason == .unreadable)
        }
    }
}
