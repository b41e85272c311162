import Foundation
import HDF5
import TestSupport
import Testing

@Suite struct DamageTests {
    private func problem(_ path: String) -> HDF5Error? {
        do { _ = try HDF5File(reading: path) } catch { return error }
        return nil
    }

    @Test func whatIsNoHDF5FileIsNamedForWhatItIs() throws {
        try Fixtures.withTemporaryFolder { folder in
            #expect(problem(folder)?.found == "a folder")
            #expect(problem(folder + "/absent.h5")?.found == "no such file or directory")
            try Data().write(to: URL(filePath: folder + "/empty.h5"))
            #expect(problem(folder + "/empty.h5")?.found == "an empty file")
            try Data("text".utf8).write(to: URL(filePath: folder + "/text.h5"))
            let error = problem(folder + "/text.h5")
            #expect(error?.description == "\(folder)/text.h5: expected an HDF5 file, found no HDF5 signature")
            #expect(throws: HDF5Error.self) { try HDF5File(creating: folder + "/absent/a.h5") }
        }
    }

    @Test func anUncommittedFileLeavesNothing() throws {
        try Fixtures.withTemporaryFolder { folder in
            let first = try HDF5File(creating: folder + "/a.h5")
            try first.root.write([1] as [Float], as: "x")
            try first.commit()
            try first.commit()
            do {
                let second = try HDF5File(creating: folder + "/a.h5")
                try second.root.write([2] as [Float], as: "x")
                try second.flush()
            }
            #expect(try HDF5File(reading: folder + "/a.h5").root.dataset("x").read(Float.self) == [1])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.h5"])
        }
    }

    @Test func aClosedFileIsAnError() throws {
        try Fixtures.withTemporaryFolder { folder in
            let file = try HDF5File(creating: folder + "/a.h5")
            let dataset = try file.root.write([1] as [Float], as: "x")
            try file.commit()
            #expect(throws: HDF5Error.self) { try dataset.write([2] as [Float]) }
            #expect(throws: HDF5Error.self) { try file.root.names() }
        }
    }

    /// A file of a few kilobytes may claim petabytes: the claim is refused before memory is asked for.
    @Test func aClaimBeyondTheFileIsRefused() throws {
        try Fixtures.withTemporaryFolder { folder in
            let file = try HDF5File(creating: folder + "/a.h5")
            try file.root.createDataset("claim", of: Float.self, shape: [1 << 24, 1 << 24], growing: true, chunkRows: 1)
            try file.root.createDataset("rows", of: Float.self, shape: [1 << 40, 1], growing: true)
            try file.commit()
            let root = try HDF5File(reading: folder + "/a.h5").root
            let error = #expect(throws: HDF5Error.self) { try root.dataset("claim").read(Float.self) }
            #expect(error?.reason == .oversized)
            #expect(throws: HDF5Error.self) { try root.dataset("rows").read(Float.self) }
            #expect(try root.dataset("rows").read(Float.self, rows: 1 << 39..<1 << 39 + 2) == [0, 0], "a few rows are fine")
        }
    }

    @Test func aTruncatedFileIsAnError() throws {
        let whole = try Data(contentsOf: URL(filePath: Fixtures.path("weights/nested.h5")))
        for length in stride(from: 1, to: whole.count, by: 997) {
            #expect(throws: HDF5Error.self) { try HDF5File(bytes: Array(whole.prefix(length)), name: "cut") }
        }
        #expect(try HDF5File(bytes: Array(whole), name: "whole").root.dataset("chunked").shape == [4, 6])
    }
}
