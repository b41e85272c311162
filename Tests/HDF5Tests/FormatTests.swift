import HDF5
import TestSupport
import Testing

/// Files of every form that the reader knows, written by h5py (`Fixtures/hdf5/make.py`).
@Suite struct FormatTests {
    enum Form: String, CaseIterable { case earliest, latest }

    private func root(_ name: String) throws -> HDF5Group { try HDF5File(reading: Fixtures.path("hdf5/\(name).h5")).root }

    private func value(_ index: Int) -> Int { (7 * index + 3) % 23 - 11 }

    private func values(_ count: Int, plus offset: Int = 0) -> [Int] { (0..<count).map { value($0) + offset } }

    @Test(arguments: Form.allCases) func everyElementTypeIsRead(_ form: Form) throws {
        let types = try root(form.rawValue).group("types")
        let names = ["i1", "u1", "le-i2", "be-i2", "le-u2", "le-i4", "be-i4", "le-u4", "le-i8", "be-i8", "le-u8", "le-f2", "le-f4", "be-f4", "le-f8", "be-f8"]
        #expect(try types.names() == (names + ["relative"]).sorted())
        for name in names {
            let dataset = try types.dataset(name), expected = values(6, plus: name.contains("u") ? 11 : 0)
            #expect(try dataset.shape == [2, 3])
            #expect(try dataset.read(Int.self) == expected, "\(name)")
            #expect(try dataset.read(Double.self, rows: 1..<2) == expected[3...].map(Double.init), "\(name)")
            #expect(try dataset.read(Float.self) == expected.map(Float.init), "\(name)")
            #expect(try dataset.read(Int16.self) == expected.map(Int16.init), "\(name)")
        }
        #expect(try types.dataset("relative").read(Int.self) == values(6), "a link beside its target")
        #expect(throws: HDF5Error.self) { try types.dataset("i1").read(UInt8.self) }
    }

    @Test(arguments: Form.allCases) func everyArrayIsRead(_ form: Form) throws {
        let root = try root(form.rawValue)
        for name in ["edges", "packed"] {
            let dataset = try root.dataset(name)
            #expect(try dataset.read(Int.self) == values(105), "\(name)")
            for first in 0..<5 {
                for last in first + 1...5 {
                    #expect(try dataset.read(Float.self, rows: first..<last) == values(105)[(first * 21)..<(last * 21)].map(Float.init), "\(name) \(first)..<\(last)")
                }
            }
        }
        #expect(try root.dataset("checked").read(Int.self) == values(36))
        #expect(try root.dataset("sparse").read(Int.self) == [Int](repeating: -5, count: 18) + values(6) + [Int](repeating: -5, count: 36))
        #expect(try root.dataset("sparse").read(Int32.self, rows: 5..<8) == ([-5, -5, -5] + values(6)).map(Int32.init))
        #expect(try root.dataset("unwritten").read(Double.self) == [1.5, 1.5, 1.5, 1.5])
        #expect(try root.dataset("compact-chunks").read(Int.self) == values(16, plus: 11))
        #expect(try root.dataset("shrunk").read(Int.self) == values(10))
        #expect(try root.dataset("scalar").read(Double.self) == [2.5])
        #expect(try root.dataset("flags").read(Int.self) == [1, 0, 1])
        #expect(try root.dataset("texts").readStrings() == ["", "one", "zwei", "три", String(repeating: "long ", count: 40)])
        #expect(try root.dataset("fixed-texts").readStrings() == ["ab", "", "abcd"])
        #expect(try root.dataset("link").read(Int.self) == values(6))
        #expect(try root.dataset("of-named-type").read(Int.self) == values(3))
        #expect(try root.dataset("of-named-type").attributes.value("named") == 7)
        let named = #expect(throws: HDF5Error.self) { try root.dataset("named-type") }
        #expect(named?.found == "a named type")
    }

    @Test(arguments: Form.allCases) func manyLinksAndAttributesAreRead(_ form: Form) throws {
        let root = try root(form.rawValue), links = try root.group("links"), count = form == .earliest ? 400 : 1500
        #expect(try links.names() == (0..<count).map { "name " + String(repeating: "0", count: 4 - String($0).count) + String($0) })
        #expect(try links.dataset("name 0399").read(Double.self) == [2.5])
        let attributes = try root.group("many").attributes
        #expect(try attributes.names().count == 22)
        for index in 0..<20 { #expect(try attributes.value("attribute " + (index < 10 ? "0" : "") + String(index))?.integer == value(index)) }
        #expect(try attributes.value("texts") == .strings(["a", "bc", ""]))
        #expect(try attributes.value("large")?.numbers == values(1000).map(Double.init))
    }

    /// The six lists of chunks of newer files, short and long.
    @Test func everyListOfChunksIsRead() throws {
        let chunks = try root("latest").group("chunks")
        let counts = [
            "single": 12, "single-packed": 12, "implicit": 15, "implicit-larger": 15, "fixed-larger": 15, "fixed-packed": 15, "growing": 300,
            "growing-packed": 60, "growing-columns": 120, "tree": 400, "tree-packed": 36,
        ]
        for (name, count) in counts { #expect(try chunks.dataset(name).read(Int.self) == values(count), "\(name)") }
        for (name, first) in [("fixed-paged", 2100), ("growing-paged", 140_000)] {
            let dataset = try chunks.dataset(name), all = try dataset.read(Int.self)
            #expect(Array(all[first..<first + 10]) == values(10), "\(name)")
            #expect(all.reduce(0, +) == all.count - 10 + values(10).reduce(0, +), "\(name): all others are the fill value")
            #expect(try dataset.read(Int8.self, rows: first + 9..<first + 11) == [Int8(value(9)), 1])
        }
        #expect(try Set(chunks.names()) == Set(counts.keys).union(["fixed-paged", "growing-paged"]))
    }

    @Test func aFileMayStandBehindOtherBytes() throws {
        #expect(HDF5File.isHDF5(Fixtures.path("hdf5/user-block.h5")))
        #expect(try root("user-block").dataset("numbers").read(Int.self) == values(4))
    }
}
