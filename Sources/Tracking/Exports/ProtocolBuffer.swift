/// A message in the wire format of Protocol Buffers, field by field. TensorBoard's event files need five kinds of message; generated code would need a compiler.
/// Source: protobuf.dev, "Encoding".
struct ProtocolBuffer {
    /// The message so far.
    private(set) var bytes: [UInt8] = []

    /// A whole number, an enumeration or a truth.
    mutating func add(_ field: Int, integer value: Int64) {
        tag(field, 0)
        variable(UInt64(bitPattern: value))
    }

    /// A `double`.
    mutating func add(_ field: Int, double value: Double) {
        tag(field, 1)
        fixed(value.bitPattern)
    }

    /// A `float`.
    mutating func add(_ field: Int, float value: Float) {
        tag(field, 5)
        fixed(value.bitPattern)
    }

    /// A `string`, or a message inside this one.
    mutating func add(_ field: Int, _ content: some Collection<UInt8>) {
        tag(field, 2)
        variable(UInt64(content.count))
        bytes += content
    }

    /// A `string`.
    mutating func add(_ field: Int, _ text: String) { add(field, text.utf8) }

    /// A message inside this one.
    mutating func add(_ field: Int, _ make: (inout ProtocolBuffer) -> Void) {
        var inner = ProtocolBuffer()
        make(&inner)
        add(field, inner.bytes)
    }

    private mutating func tag(_ field: Int, _ type: UInt64) { variable(UInt64(field) << 3 | type) }

    private mutating func variable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func fixed(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
}

/// A file of records as TensorFlow writes them: length, its masked checksum, content, its masked checksum.
/// Source: tensorflow/core/lib/io/record_writer.h.
struct TensorFlowRecords {
    /// The file so far.
    private(set) var bytes: [UInt8] = []

    /// Adds a record.
    mutating func add(_ content: [UInt8]) {
        let length = withUnsafeBytes(of: UInt64(content.count).littleEndian) { Array($0) }
        bytes += length
        append(Self.masked(length))
        bytes += content
        append(Self.masked(content))
    }

    private mutating func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }

    private static func masked(_ content: [UInt8]) -> UInt32 {
        let sum = checksum(content)
        return (sum >> 15 | sum << 17) &+ 0xa282ead8
    }

    /// CRC-32C (Castagnoli), of `123456789` 0xe3069283.
    static func checksum(_ content: some Sequence<UInt8>) -> UInt32 {
        ~content.reduce(~UInt32(0)) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8 }
    }

    private static let table: [UInt32] = (0..<256).map { byte in (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82f63b78 : sum >> 1 } }
}
