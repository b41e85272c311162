import Archives
import TestSupport
import Testing

@Suite struct NumPyArrayTests {
    static let codes = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]

    private func fixture(_ name: String) throws -> NumPyArray { try NumPyArray(reading: Fixtures.path("archives/\(name).npy")) }

    @Test(arguments: codes, ["", "big-", "fortran-"]) func everyTypeAndOrderIsRead(code: String, prefix: String) throws {
        if prefix == "big-", code.hasSuffix("1") { return }
        let array = try fixture(prefix + code)
        let first = code.hasPrefix("u") ? 0 : -4
        #expect(array.shape == [2, 3, 4])
        #expect(array.elementType.rawValue == code)
        #expect(array.isBigEndian == (prefix == "big-"))
        #expect(array.isColumnMajor == (prefix == "fortran-"))
        let expected = (first..<first + 24).map { $0 }
        #expect(try array.read(Int.self) == expected)
        #expect(try array.read(Float.self) == expected.map(Float.init))
        #expect(try array.read(Double.self, rows: 1..<2) == expected[12...].map(Double.init))
        #expect(try array.read(Int32.self, rows: 0..<1) == expected[..<12].map(Int32.init))
        #expect(try array.read(Float.self, rows: 1..<1) == [])
        if first == 0 { #expect(try array.read(UInt8.self) == expected.map(UInt8.init)) }
    }

    @Test func whatIsWrittenIsNumPysOwnFile() throws {
        func same<Element: NumPyElement>(_ name: String, _ elements: [Element], _ shape: [Int], bigEndian: Bool = false) throws {
            let golden = try FileBytes(Fixtures.path("archives/\(name).npy")).bytes()
            #expect(NumPyArray.encode(elements, shape: shape, bigEndian: bigEndian) == golden, "\(name)")
        }
        let low = -4..<20
        try same("f4", low.map(Float.init), [2, 3, 4])
        try same("big-f4", low.map(Float.init), [2, 3, 4], bigEndian: true)
        try same("f8", low.map(Double.init), [2, 3, 4])
        try same("big-f8", low.map(Double.init), [2, 3, 4], bigEndian: true)
        try same("i4", low.map(Int32.init), [2, 3, 4])
        try same("i8", low.map(Int64.init), [2, 3, 4])
        try same("big-i8", low.map(Int64.init), [2, 3, 4], bigEndian: true)
        try same("u1", (0..<24).map(UInt8.init), [2, 3, 4])
        try same("b1", [true, false, true], [3])
        try same("scalar", [2.5], [])
        try same("empty", [] as [Float], [0, 3])
        #expect(NumPyArray.encodeHalf(low.map(Float.init), shape: [2, 3, 4]) == (try FileBytes(Fixtures.path("archives/f2.npy")).bytes()))
    }

    @Test func truthScalarsAndEmptyArraysAreRead() throws {
        #expect(try fixture("b1").read() == [true, false, true])
        #expect(try fixture("b1").read(UInt8.self) == [1, 0, 1])
        #expect(try fixture("scalar").shape == [])
        #expect(try fixture("scalar").read(Double.self) == [2.5])
        #expect(try fixture("empty").read(Float.self) == [])
        #expect(try fixture("version2").read(Float.self) == [0, 1, 2])
        #expect(try fixture("version3").read(Float.self) == [0, 1, 2])
    }

    @Test func aValueThatDoesNotFitIsAnError() throws {
        #expect(throws: ArchiveError.self) { try fixture("f4").read(UInt8.self) }
        #expect(throws: ArchiveError.self) { try fixture("i8").read(UInt64.self) }
        let fraction = try NumPyArray(MemoryBytes(NumPyArray.encode([0.5]), file: "half.npy"))
        #expect(throws: ArchiveError(.mismatched, file: "half.npy", expected: "float64 elements that Int can hold", found: "0.5")) {
            try fraction.read(Int.self)
        }
        let huge = try NumPyArray(MemoryBytes(NumPyArray.encode([1e300, .infinity]), file: "huge.npy"))
        #expect(throws: ArchiveError.self) { try huge.read(Float.self) }
        #expect(try huge.read(Double.self) == [1e300, .infinity])
    }

    @Test func rowsOutsideTheArrayAreAnError() throws {
        #expect(throws: ArchiveError.self) { try fixture("f4").read(Float.self, rows: 1..<3) }
        #expect(throws: ArchiveError.self) { try fixture("f4").read(Float.self, rows: -1..<1) }
        #expect(throws: ArchiveError.self) { try fixture("scalar").read(Float.self, rows: 0..<1) }
    }

    @Test(arguments: [("objects", "never unpickled"), ("structured", "structured"), ("text", "<U3")])
    func typesThatAreNoNumbersAreRefusedByName(name: String, reason: String) throws {
        let error = #expect(throws: ArchiveError.self) { try fixture(name) }
        #expect(error?.reason == .unsupported)
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func aHeadThatPromisesMoreThanThereIsIsRefused() throws {
        let good = NumPyArray.encode([1, 2, 3] as [Float])
        func problem(_ bytes: [UInt8]) -> ArchiveError.Reason? {
            do { _ = try NumPyArray(MemoryBytes(bytes, file: "x")) } catch { return error.reason }
            return nil
        }
        func edited(_ old: String, _ new: String) -> [UInt8] {
            var bytes = good
            for start in 0..<bytes.count - old.utf8.count where bytes[start...].starts(with: old.utf8) {
                bytes.replaceSubrange(start..<start + new.utf8.count, with: new.utf8)
                return bytes
            }
            Issue.record("\(old) is not in the header")
            return bytes
        }
        #expect(problem(good) == nil)
        #expect(problem(edited("(3,)", "(4,)")) == .oversized)
        #expect(problem(edited("(3,), }             ", "(9223372036854775807,), }")) == .oversized)
        #expect(problem(edited("(3,), }             ", "(0, 9223372036854775807, 9), }")) == .oversized)
        #expect(problem(edited("(3,)", "(-3)")) == .unreadable)
        #expect(problem(edited("fortran_order", "fortran_Order")) == .unreadable)
        #expect(problem(edited("False", "Maybe")) == .unreadable)
        #expect(problem(edited("NUMPY", "NUMPI")) == .unreadable)
        for length in 0..<good.count {
            let reason = problem(Array(good[..<length]))
            #expect(reason == .unreadable || reason == .oversized, "cut at \(length)")
        }
        var version = good
        version[6] = 9
        #expect(problem(version) == .unsupported)
    }

    @Test func halvesAreExact() {
        #if !(os(macOS) && arch(x86_64))
        for bits in UInt16.min ... .max {
            let expected = Float(Float16(bitPattern: bits))
            let value = HalfPrecision.float(bits)
            #expect(value == expected || (value.isNaN && expected.isNaN))
            if !value.isNaN { #expect(HalfPrecision.bits(value) == bits) }
        }
        // The midpoints between neighbours and what lies just beside them decide the rounding.
        for bits in 0..<UInt16(0x7BFF) {
            let middle = (HalfPrecision.float(bits) + HalfPrecision.float(bits + 1)) / 2
            for value in [middle.nextDown, middle, middle.nextUp] {
                #expect(HalfPrecision.bits(value) == Float16(value).bitPattern)
                #expect(HalfPrecision.bits(-value) == Float16(-value).bitPattern)
            }
        }
        for value in [65519, 65520, 1e9, .infinity, -65520, Float.leastNonzeroMagnitude, 0x1p-25, 0x1.000002p-25, -0.0] as [Float] {
            #expect(HalfPrecision.bits(value) == Float16(value).bitPattern)
        }
        #expect(HalfPrecision.float(HalfPrecision.bits(.nan)).isNaN)
        #endif
    }
}
