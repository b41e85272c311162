import Synchronization

/// An HDF5 file as bytes: where the data begin, how wide its addresses are, and which object is the group `/`.
///
/// The format is that of "HDF5 File Format Specification Version 3.0" (The HDF Group); section numbers in this folder are its.
final class StoredFile: Sendable {
    let bytes: StoredBytes
    /// What addresses are relative to.
    let base: Int
    let widths: FieldReader.Widths
    /// The address of the group `/`.
    let root: Int
    /// Collections of texts that were read already, by their addresses.
    let heaps: Mutex<GlobalHeap>

    /// The bytes that HDF5 data begin with.
    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads the superblock (II.A).
    init(_ bytes: StoredBytes) throws(Damage) {
        guard let base = try Self.begin(of: bytes) else { throw Damage(expected: "an HDF5 file", found: "no HDF5 signature") }
        var fields = FieldReader(try bytes.read(at: base, count: min(128, bytes.count - base)), widths: .init(address: 8, length: 8))
        try fields.skip(8)
        let version = try fields.version(0...3, of: "the superblock")
        if version < 2 { try fields.skip(4) }
        let widths = FieldReader.Widths(address: try fields.byte(), length: try fields.byte())
        guard [2, 4, 8].contains(widths.address), [2, 4, 8].contains(widths.length) else {
            throw Damage(expected: "addresses and lengths of 2, 4 or 8 bytes", found: "\(widths.address) and \(widths.length)")
        }
        try fields.skip(version < 2 ? 9 : 1)
        if version == 1 { try fields.skip(4) }
        fields = FieldReader(try fields.take(fields.remaining), widths: widths)
        let claimedBase = try fields.address() ?? base
        _ = try fields.address()
        // The end counts from the begin of the file, and moves with the superblock.
        let (end, overflow) = try fields.definedAddress().addingReportingOverflow(base - claimedBase)
        guard !overflow, end <= bytes.count else { throw Damage(expected: "a file of \(end) bytes", found: "\(bytes.count): it is cut off") }
        if version < 2 {
            // The driver's block and the offset of the root's name.
            _ = try fields.address()
            _ = try fields.length()
        }
        (self.bytes, self.base, self.widths) = (bytes, base, widths)
        heaps = Mutex(GlobalHeap(bytes))
        root = try fields.definedAddress()
        if version >= 2 { _ = try checked(at: 0, count: 16 + 4 * widths.address) }
    }

    /// Where the HDF5 data begin: at 0, 512, 1024, 2048, ….
    static func begin(of bytes: StoredBytes) throws(Damage) -> Int? {
        var base = 0
        while base <= bytes.count - signature.count {
            if try bytes.read(at: base, count: signature.count) == signature { return base }
            base = max(512, 2 * base)
        }
        return nil
    }

    /// The position in the file of an address.
    func position(_ address: Int) throws(Damage) -> Int {
        guard address >= 0, address <= bytes.count - base else { throw Damage(expected: "an address below \(bytes.count - base)", found: "\(address)") }
        return base + address
    }

    /// The fields of a structure of known size.
    func fields(at address: Int, count: Int) throws(Damage) -> FieldReader {
        FieldReader(try bytes.read(at: position(address), count: count), widths: widths)
    }

    /// The fields of a structure that ends in its checksum.
    func checked(at address: Int, count: Int) throws(Damage) -> FieldReader {
        var fields = try fields(at: address, count: count)
        guard count >= 4 else { throw Damage(expected: "a checksum", found: "a structure of \(count) bytes") }
        let content = try fields.take(count - 4), stored = try fields.bits(4), sum = Checksum.lookup3(content)
        guard Checksum.isRight(stored, sum) else { throw Damage(expected: "a structure with the checksum \(stored) at \(address)", found: "\(sum): it is damaged") }
        return FieldReader(content, widths: widths)
    }
}
