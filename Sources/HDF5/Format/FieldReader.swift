/// Reads the fields of one structure of a file in their order. Numbers are little-endian; what reaches beyond the structure is an error.
struct FieldReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int
    /// Bytes of an address, and of a length, in this file.
    let widths: Widths

    /// How many bytes the file gives to addresses and to lengths.
    struct Widths {
        var address: Int
        var length: Int
    }

    init(_ bytes: [UInt8], widths: Widths) { (self.bytes, position, end, self.widths) = (bytes, 0, bytes.count, widths) }

    private init(_ other: FieldReader, end: Int) { (bytes, position, self.end, widths) = (other.bytes, other.position, end, other.widths) }

    var remaining: Int { end - position }

    private mutating func advance(_ count: Int) throws(Damage) -> Int {
        guard count >= 0, count <= remaining else { throw Damage(expected: "\(count) bytes more in a structure of the file", found: "\(remaining)") }
        defer { position += count }
        return position
    }

    mutating func skip(_ count: Int) throws(Damage) { _ = try advance(count) }

    /// Skips what fills up to a multiple of 8 after `count` bytes.
    mutating func skipPadding(after count: Int) throws(Damage) { try skip((8 - count % 8) % 8) }

    mutating func byte() throws(Damage) -> Int { Int(bytes[try advance(1)]) }

    /// An unsigned number of up to 8 bytes.
    mutating func bits(_ size: Int) throws(Damage) -> UInt64 {
        guard size <= 8 else { throw Damage(expected: "a number of at most 8 bytes", found: "\(size)") }
        let start = try advance(size)
        return bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// An unsigned number of up to 8 bytes that fits `Int`.
    mutating func number(_ size: Int) throws(Damage) -> Int {
        let value = try bits(size)
        guard let number = Int(exactly: value) else { throw Damage(expected: "a number below 2^63", found: "\(value)") }
        return number
    }

    mutating func length() throws(Damage) -> Int { try number(widths.length) }

    /// An address, relative to the begin of the HDF5 data; nil where it is undefined.
    mutating func address() throws(Damage) -> Int? {
        let value = try bits(widths.address)
        if value == UInt64.max >> (64 - 8 * widths.address) { return nil }
        guard let address = Int(exactly: value) else { throw Damage(expected: "an address below 2^63", found: "\(value)") }
        return address
    }

    /// An address that must be there.
    mutating func definedAddress() throws(Damage) -> Int {
        guard let address = try address() else { throw Damage(expected: "an address", found: "an undefined one") }
        return address
    }

    mutating func take(_ count: Int) throws(Damage) -> [UInt8] {
        let start = try advance(count)
        return Array(bytes[start..<start + count])
    }

    /// A reader of the next bytes only.
    mutating func part(_ count: Int) throws(Damage) -> FieldReader {
        var part = self
        part = FieldReader(part, end: try advance(count) + count)
        return part
    }

    /// Text up to its first NUL byte in the next bytes.
    mutating func text(_ count: Int) throws(Damage) -> String {
        let start = try advance(count)
        return String(decoding: bytes[start..<start + count].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Text that must end in a NUL byte; the reader then stands behind it.
    mutating func terminatedText() throws(Damage) -> String {
        guard let length = bytes[position..<end].firstIndex(of: 0).map({ $0 - position }) else {
            throw Damage(expected: "text that ends", found: "\(remaining) bytes without an end")
        }
        defer { position += 1 }
        return try text(length)
    }

    /// The signature of a structure and its version, which must be one of those given.
    @discardableResult
    mutating func head(_ signature: String, versions: ClosedRange<Int>) throws(Damage) -> Int {
        guard try take(4) == Array(signature.utf8) else { throw Damage(expected: "the signature \(signature)", found: "other bytes") }
        return try version(versions, of: signature)
    }

    /// A version, which must be one of those given.
    @discardableResult
    mutating func version(_ versions: ClosedRange<Int>, of what: String) throws(Damage) -> Int {
        let version = try byte()
        guard versions.contains(version) else { throw Damage(expected: "version \(versions.lowerBound)…\(versions.upperBound) of \(what)", found: "version \(version)") }
        return version
    }
}

/// A product of sizes that fits `Int`.
func checkedProduct(_ factors: some Sequence<Int>, of what: String) throws(Damage) -> Int {
    var product = 1
    for factor in factors {
        let (next, overflow) = product.multipliedReportingOverflow(by: factor)
        guard !overflow else { throw Damage(reason: .oversized, expected: "\(what) that fit 64 bits", found: "more") }
        product = next
    }
    return product
}
