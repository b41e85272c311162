import Dispatch
import HDF5
import Synchronization
import TestSupport
import Testing

@Suite struct RoundTripTests {
    @Test func arraysAndAttributesComeBack() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/a.h5"
            let file = try HDF5File(creating: path)
            try file.root.write([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2], as: "deep/er/floats")
            try file.root.write([-1, 0.5] as [Double], as: "doubles", compression: 4)
            try file.root.write([0, 127, 255] as [UInt8], as: "bytes")
            try file.root.write([Int64.min, .max], as: "integers")
            try file.root.write(["a", "", "blå"], as: "names")
            try file.root.write([] as [Float], shape: [0, 4], as: "empty")
            try file.root.write([2.5] as [Double], shape: [], as: "scalar")
            let attributes = file.root.attributes
            try attributes.set("text", "Fréchet")
            try attributes.set("text", "replaced")
            try attributes.set("whole", 7)
            try attributes.set("real", 0.1)
            try attributes.set("truth", true)
            try attributes.set("texts", .strings(["x", "yy"]))
            try attributes.set("wholes", .integers([1, -2]))
            try attributes.set("reals", .numbers([1.5]))
            try attributes.set("nothing", .strings([]))
            #expect(!HDF5File.isHDF5(path), "nothing appears before the commit")
            try file.commit()

            let root = try HDF5File(reading: path).root
            #expect(try root.names() == ["bytes", "deep", "doubles", "empty", "integers", "names", "scalar"])
            let floats = try root.dataset("deep/er/floats")
            #expect(try floats.shape == [3, 2])
            #expect(floats.elementType == .float32)
            #expect(floats.path == "/deep/er/floats")
            #expect(try floats.read() == [1, 2, 3, 4, 5, 6] as [Float])
            #expect(try floats.read(Double.self, rows: 1..<3) == [3, 4, 5, 6])
            #expect(try floats.read(UInt8.self, rows: 0..<0) == [])
            #expect(try root.dataset("doubles").read() == [-1, 0.5] as [Double])
            #expect(try root.dataset("doubles").read() == [-1, 0.5] as [Float])
            #expect(try root.dataset("bytes").read(Int32.self) == [0, 127, 255])
            #expect(try root.dataset("integers").read() == [Int64.min, .max])
            #expect(try root.dataset("names").readStrings() == ["a", "", "blå"])
            #expect(try root.dataset("empty").read(Float.self) == [])
            #expect(try root.dataset("scalar").shape == [])
            #expect(try root.dataset("scalar").read(Double.self) == [2.5])
            let read = root.attributes
            #expect(try read.names() == ["nothing", "real", "reals", "text", "texts", "truth", "whole", "wholes"])
            #expect(try read.value("text") == "replaced")
            #expect(try read.value("whole") == 7)
            #expect(try read.value("real") == 0.1)
            #expect(try read.value("truth") == true)
            #expect(try read.value("texts") == .strings(["x", "yy"]))
            #expect(try read.value("wholes") == .integers([1, -2]))
            #expect(try read.value("reals")?.numbers == [1.5])
            #expect(try read.value("nothing") == .strings([]))
            #expect(try read.value("absent") == nil)
        }
    }

    @Test(arguments: [nil, 1, 9]) func appendedRowsAreStored(compression: Int?) throws {
        try Fixtures.withTemporaryFolder { folder in
            let file = try HDF5File(creating: folder + "/a.h5")
            let rows = try file.root.createDataset("rows", of: Float.self, shape: [0, 3], growing: true, chunkRows: 2, compression: compression)
            for row in 0..<5 { try rows.append((0..<3).map { Float(3 * row + $0) }) }
            try rows.append((15..<30).map(Float.init))
            try rows.write([-1, -2, -3] as [Float], rows: 4..<5)
            #expect(try rows.shape == [10, 3])
            try file.flush()
            try file.commit()
            let read = try HDF5File(reading: folder + "/a.h5").root.dataset("rows")
            #expect(try read.read(Float.self, rows: 3..<6) == [9, 10, 11, -1, -2, -3, 15, 16, 17])
            var buffer = [Float](repeating: 0, count: 6)
            try buffer.withUnsafeMutableBufferPointer { buffer throws(HDF5Error) in try read.read(into: buffer, rows: 8..<10) }
            #expect(buffer == [24, 25, 26, 27, 28, 29])
        }
    }

    @Test func manyThreadsMayReadAtOnce() throws {
        try Fixtures.withTemporaryFolder { folder in
            let file = try HDF5File(creating: folder + "/a.h5")
            try file.root.write((0..<10_000).map { Float($0) }, shape: [1000, 10], as: "rows", compression: 1)
            try file.commit()
            let dataset = try HDF5File(reading: folder + "/a.h5").root.dataset("rows")
            let wrong = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 64) { task in
                let rows = task * 15..<task * 15 + 10
                let expected = (rows.lowerBound * 10..<rows.upperBound * 10).map { Float($0) }
                if (try? dataset.read(Float.self, rows: rows)) != expected { wrong.withLock { $0 += 1 } }
            }
            #expect(wrong.withLock { $0 } == 0)
        }
    }
}
