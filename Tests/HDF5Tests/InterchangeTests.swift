import Foundation
import HDF5
import TestSupport
import Testing

/// Files that h5py wrote (`Fixtures/weights/make.py`).
@Suite struct InterchangeTests {
    private func root(_ name: String = "nested.h5") throws -> HDF5Group { try HDF5File(reading: Fixtures.path("weights/" + name)).root }

    private func value(_ index: Int) -> Double { Double((7 * index + 3) % 23 - 11) / 8 }

    @Test func attributesOfEveryKindAreRead() throws {
        let attributes = try root().attributes
        #expect(try attributes.value("fixed") == "fixed text")
        #expect(try attributes.value("variable") == "variable tèxt")
        #expect(try attributes.value("names") == .strings(["one", "three"]))
        #expect(try attributes.value("words") == .strings(["a", "bc"]))
        #expect(try attributes.value("number") == 2.5)
        #expect(try attributes.value("whole") == -7)
        #expect(try attributes.value("truth") == true)
        #expect(try attributes.value("matrix") == .integers([0, 1, 2, 3]))
        #expect(try attributes.value("nothing")?.numbers == [0].dropLast())
        let large = #expect(throws: HDF5Error.self) { try attributes.value("large") }
        #expect(large?.reason == .mismatched && large?.found.contains("9223372036854775808") == true)
        let compound = #expect(throws: HDF5Error.self) { try attributes.value("compound") }
        #expect(compound?.object == "/@compound" && compound?.found == "type compound")
        let absent = #expect(throws: HDF5Error.self) { try attributes.require("absent") }
        #expect(absent?.reason == .missing)
    }

    @Test func datasetsOfEveryLayoutAreRead() throws {
        let root = try root()
        #expect(try root.dataset("conv/weight").shape == [4, 3, 3, 3])
        #expect(try root.dataset("conv/weight").read(Double.self) == (0..<108).map(value))
        #expect(try root.dataset("conv/bias").read(Float.self) == (0..<4).map { Float(value($0)) }, "big-endian")
        #expect(try root.dataset("bn/running_mean").read(Float.self) == (0..<4).map { Float(value($0)) }, "double read as float")
        #expect(try root.dataset("chunked").read(Double.self) == (0..<24).map(value))
        #expect(try root.dataset("chunked").read(Double.self, rows: 1..<3) == (6..<18).map(value))
        #expect(try root.dataset("strings").readStrings() == ["x", "yy"])
        #expect(try root.dataset("padded").readStrings() == ["ab", "c"])
        let flat = try self.root("flat.h5")
        #expect(flat.file.hasSuffix("flat.h5"))
        #expect(try flat.dataset("half").elementType == .float16)
        #expect(try flat.dataset("half").read(Double.self) == (0..<5).map(value))
        #expect(try flat.dataset("bool").elementType == .boolean)
        #expect(try flat.dataset("bool").read(UInt8.self) == [1, 0, 1])
        #expect(try flat.dataset("bn.num_batches_tracked").read(Int64.self) == [12])
    }

    @Test func whatIsAbsentOrOfAnotherKindIsNamed() throws {
        let root = try root()
        func problem(_ body: () throws(HDF5Error) -> Void) -> HDF5Error? {
            do { try body() } catch { return error }
            return nil
        }
        let absent = problem { () throws(HDF5Error) in _ = try root.dataset("conv/absent") }
        #expect(absent?.reason == .missing && absent?.object == "/conv/absent")
        #expect(problem { () throws(HDF5Error) in _ = try root.group("absent") }?.found.hasPrefix("only bn, chunked, conv") == true)
        #expect(problem { () throws(HDF5Error) in _ = try root.dataset("conv") }?.found == "a group")
        #expect(problem { () throws(HDF5Error) in _ = try root.group("chunked") }?.found == "a dataset")
        #expect(problem { () throws(HDF5Error) in _ = try root.dataset("structured").read(Float.self) }?.found == "elements of type compound")
        #expect(problem { () throws(HDF5Error) in _ = try root.dataset("strings").read(Float.self) }?.found == "elements of type string")
        #expect(problem { () throws(HDF5Error) in _ = try root.dataset("chunked").readStrings() }?.expected == "text")
        #expect(problem { () throws(HDF5Error) in _ = try root.dataset("chunked").read(Float.self, rows: 3..<5) }?.reason == .mismatched)
        #expect(problem { () throws(HDF5Error) in _ = try root.dataset("outside") }?.reason == .unreadable, "links into other files are not followed")
        #expect(problem { () throws(HDF5Error) in _ = try root.dataset("loop") }?.reason == .unreadable)
        #expect(root.contains("chunked") && !root.contains("loop") && !root.contains(""))
    }

    @Test func valuesThatDoNotFitAreErrors() throws {
        try Fixtures.withTemporaryFolder { folder in
            let file = try HDF5File(creating: folder + "/a.h5")
            let fraction = try file.root.write([0.5] as [Double], as: "fraction")
            try file.root.write([300] as [Int32], as: "large")
            try file.root.write([1e300] as [Double], as: "huge")
            try file.root.write([-1] as [Int64], as: "negative")
            try file.root.write([.infinity, -.infinity, 0.1] as [Double], as: "special")
            try file.root.write([.nan] as [Double], as: "none")
            #expect(throws: HDF5Error.self) { try fraction.write([1, 2] as [Double]) }
            #expect(throws: HDF5Error.self) { try fraction.append([1] as [Double]) }
            #expect(throws: HDF5Error.self) { try file.root.write([1] as [Float], as: "fraction") }
            let early = #expect(throws: HDF5Error.self) { try fraction.read(Double.self) }
            #expect(early?.reason == .mismatched, "a file is read once it is whole")
            try file.commit()

            let root = try HDF5File(reading: folder + "/a.h5").root
            #expect(throws: HDF5Error.self) { try root.dataset("fraction").read(Int32.self) }
            #expect(throws: HDF5Error.self) { try root.dataset("large").read(UInt8.self) }
            #expect(throws: HDF5Error.self) { try root.dataset("huge").read(Float.self) }
            #expect(throws: HDF5Error.self) { try root.dataset("negative").read(UInt64.self) }
            #expect(throws: HDF5Error.self) { try root.dataset("none").read(Int.self) }
            #expect(try root.dataset("none").read(Float.self)[0].isNaN)
            #expect(try root.dataset("huge").read(Double.self) == [1e300])
            #expect(try root.dataset("special").read(Float.self) == [.infinity, -.infinity, 0.1])
            let late = #expect(throws: HDF5Error.self) { try root.createGroup("late") }
            #expect(late?.reason == .unwritable)
        }
    }
}
