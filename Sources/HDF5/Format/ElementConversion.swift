/// Numbers of a file as numbers of Swift.
enum ElementConversion {
    /// Whether stored numbers are bit for bit those of `target`.
    static func isIdentity(_ type: StoredType, _ target: HDF5ElementType) -> Bool {
        (type.element == target || type.element == .boolean && target == .int8) && (!type.isBigEndian || type.size == 1)
    }

    /// Converts stored numbers, which may be changed on the way. False where one of them is no number of `target`: too large, or a fraction where a whole number is
    /// asked for. What a smaller floating-point type can only round, it rounds.
    static func convert(_ source: UnsafeMutableRawBufferPointer, _ type: StoredType, to target: HDF5ElementType, at result: UnsafeMutableRawPointer) -> Bool {
        if type.isBigEndian { swapBytes(source, size: type.size) }
        return switch target {
        case .float32: convert(source, type, to: result.assumingMemoryBound(to: Float.self))
        case .float64: convert(source, type, to: result.assumingMemoryBound(to: Double.self))
        case .int8: convert(source, type, to: result.assumingMemoryBound(to: Int8.self))
        case .int16: convert(source, type, to: result.assumingMemoryBound(to: Int16.self))
        case .int32: convert(source, type, to: result.assumingMemoryBound(to: Int32.self))
        case .int64: convert(source, type, to: result.assumingMemoryBound(to: Int64.self))
        case .uint8: convert(source, type, to: result.assumingMemoryBound(to: UInt8.self))
        case .uint16: convert(source, type, to: result.assumingMemoryBound(to: UInt16.self))
        case .uint32: convert(source, type, to: result.assumingMemoryBound(to: UInt32.self))
        case .uint64: convert(source, type, to: result.assumingMemoryBound(to: UInt64.self))
        case .float16, .boolean, .string, .other: preconditionFailure("no Swift number is a \(target)")
        }
    }

    private static func convert<Target: StoredNumberTarget>(_ source: UnsafeMutableRawBufferPointer, _ type: StoredType, to result: UnsafeMutablePointer<Target>) -> Bool {
        let source = UnsafeRawBufferPointer(source)
        return switch type.element {
        case .float16: each(source, UInt16.self, result) { Target(stored: number(half: $0)) }
        case .float32: each(source, Float.self, result) { Target(stored: Double($0)) }
        case .float64: each(source, Double.self, result) { Target(stored: $0) }
        case .int8, .boolean: each(source, Int8.self, result) { Target(whole: $0) }
        case .int16: each(source, Int16.self, result) { Target(whole: $0) }
        case .int32: each(source, Int32.self, result) { Target(whole: $0) }
        case .int64: each(source, Int64.self, result) { Target(whole: $0) }
        case .uint8: each(source, UInt8.self, result) { Target(whole: $0) }
        case .uint16: each(source, UInt16.self, result) { Target(whole: $0) }
        case .uint32: each(source, UInt32.self, result) { Target(whole: $0) }
        case .uint64: each(source, UInt64.self, result) { Target(whole: $0) }
        case .string, .other: false
        }
    }

    @inline(__always)
    private static func each<Source: BitwiseCopyable, Target>(
        _ source: UnsafeRawBufferPointer, _: Source.Type, _ result: UnsafeMutablePointer<Target>, _ convert: (Source) -> Target?
    ) -> Bool {
        for index in 0..<source.count / MemoryLayout<Source>.size {
            guard let value = convert(source.loadUnaligned(fromByteOffset: index * MemoryLayout<Source>.size, as: Source.self)) else { return false }
            (result + index).initialize(to: value)
        }
        return true
    }

    /// The value of a binary16.
    private static func number(half bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 31), fraction = Double(bits & 1023) / 1024, sign = bits & 0x8000 == 0 ? 1.0 : -1.0
        return switch exponent {
        case 0: sign * fraction * 0x1p-14
        case 31: fraction == 0 ? sign * .infinity : .nan
        default: Double(sign: .plus, exponent: exponent - 15, significand: sign * (1 + fraction))
        }
    }

    private static func swapBytes(_ bytes: UnsafeMutableRawBufferPointer, size: Int) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            for byte in 0..<size / 2 { bytes.swapAt(start + byte, start + size - 1 - byte) }
        }
    }
}

/// A Swift number that stored numbers become, where it can hold them.
private protocol StoredNumberTarget {
    init?(stored: Double)
    init?(whole: some FixedWidthInteger)
}

extension Double: StoredNumberTarget {
    fileprivate init?(stored: Double) { self = stored }
    fileprivate init?(whole: some FixedWidthInteger) { self.init(whole) }
}

extension Float: StoredNumberTarget {
    fileprivate init?(stored: Double) {
        self.init(stored)
        if isInfinite, stored.isFinite { return nil }
    }

    fileprivate init?(whole: some FixedWidthInteger) { self.init(whole) }
}

extension FixedWidthInteger {
    fileprivate init?(stored: Double) { self.init(exactly: stored) }
    fileprivate init?(whole: some FixedWidthInteger) { self.init(exactly: whole) }
}

extension Int8: StoredNumberTarget {}
extension Int16: StoredNumberTarget {}
extension Int32: StoredNumberTarget {}
extension Int64: StoredNumberTarget {}
extension UInt8: StoredNumberTarget {}
extension UInt16: StoredNumberTarget {}
extension UInt32: StoredNumberTarget {}
extension UInt64: StoredNumberTarget {}
