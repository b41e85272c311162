/// The messages that describe an object (IV.A).
struct ObjectHeader: Sendable {
    /// One message; `isShared` where its body only says where the message is.
    struct Message: Sendable {
        var kind: Kind?
        var isShared: Bool
        var body: [UInt8]
    }

    /// The messages that a reader needs.
    enum Kind: Int {
        case dataspace = 0x01, linkInfo = 0x02, datatype = 0x03, oldFill = 0x04, fill = 0x05, link = 0x06, externalFiles = 0x07, layout = 0x08
        case filters = 0x0B, attribute = 0x0C, continuation = 0x10, symbolTable = 0x11, attributeInfo = 0x15
    }

    private(set) var messages: [Message] = []

    init(at address: Int, in file: StoredFile) throws(Damage) {
        let start = try file.bytes.read(at: file.position(address), count: 4)
        if start == Array("OHDR".utf8) { try readSecond(at: address, in: file) } else { try readFirst(at: address, in: file) }
    }

    /// The fields of the first message of a kind.
    func fields(of kind: Kind, in file: StoredFile) throws(Damage) -> FieldReader? {
        guard let message = messages.first(where: { $0.kind == kind }) else { return nil }
        return try fields(of: message, in: file)
    }

    /// The fields of a message, wherever they are.
    func fields(of message: Message, in file: StoredFile) throws(Damage) -> FieldReader {
        let fields = FieldReader(message.body, widths: file.widths)
        guard message.isShared, let kind = message.kind else { return fields }
        return try Self.shared(kind, fields, in: file)
    }

    /// Follows a reference to a message in the header of another object, as named types are used (IV.A.2).
    static func shared(_ kind: Kind, _ reference: FieldReader, in file: StoredFile) throws(Damage) -> FieldReader {
        var reference = reference
        let version = try reference.version(1...3, of: "a shared message"), place = try reference.byte()
        guard version < 3 || place != 1 else { throw Damage(expected: "a message in an object's header", found: "one in the table of shared messages") }
        if version == 1 { try reference.skip(6) }
        let other = try ObjectHeader(at: reference.definedAddress(), in: file)
        guard let message = other.messages.first(where: { $0.kind == kind && !$0.isShared }) else {
            throw Damage(expected: "a shared message", found: "an object without it")
        }
        return FieldReader(message.body, widths: file.widths)
    }

    /// Blocks of messages: those of a header, then those that continue it.
    private mutating func readBlocks(
        _ first: FieldReader, in file: StoredFile, next: (Int, Int) throws(Damage) -> FieldReader, message: (inout FieldReader) throws(Damage) -> Message?
    ) throws(Damage) {
        var pending = [first], budget = Budget(file.bytes.count)
        while var block = pending.popLast() {
            // Empty parts that continue each other come to an end as well.
            try budget.spend(max(8, block.remaining), on: "parts of an object header")
            while let message = try message(&block) {
                guard message.kind == .continuation else {
                    if message.kind != nil { messages.append(message) }
                    continue
                }
                var fields = FieldReader(message.body, widths: file.widths)
                pending.insert(try next(fields.definedAddress(), fields.length()), at: 0)
            }
        }
    }

    /// Version 1.
    private mutating func readFirst(at address: Int, in file: StoredFile) throws(Damage) {
        var prefix = try file.fields(at: address, count: 16)
        try prefix.version(1...1, of: "an object header")
        try prefix.skip(7)
        let first = try file.fields(at: address + 16, count: prefix.number(4))
        try readBlocks(first, in: file) { (address, count) throws(Damage) in
            try file.fields(at: address, count: count)
        } message: { block throws(Damage) in
            guard block.remaining >= 8 else { return nil }
            let kind = try block.number(2), size = try block.number(2), flags = try block.byte()
            try block.skip(3)
            return Message(kind: Kind(rawValue: kind), isShared: flags & 2 != 0, body: try block.take(size))
        }
    }

    /// Version 2, with checksums.
    private mutating func readSecond(at address: Int, in file: StoredFile) throws(Damage) {
        var prefix = try file.fields(at: address, count: min(64, file.bytes.count - file.position(address)))
        try prefix.head("OHDR", versions: 2...2)
        let flags = try prefix.byte()
        try prefix.skip((flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0))
        let size = try prefix.number(1 << (flags & 3)), prefixSize = prefix.position
        guard size <= file.bytes.count else { throw Damage(expected: "an object header inside the file", found: "one of \(size) bytes") }
        var first = try file.checked(at: address, count: prefixSize + size + 4)
        try first.skip(prefixSize)
        try readBlocks(first, in: file) { (address, count) throws(Damage) in
            var block = try file.checked(at: address, count: count)
            guard try block.take(4) == Array("OCHK".utf8) else { throw Damage(expected: "the signature OCHK", found: "other bytes") }
            return block
        } message: { block throws(Damage) in
            // What is shorter than the head of a message is a gap.
            guard block.remaining >= (flags & 4 != 0 ? 6 : 4) else { return nil }
            let kind = try block.byte(), size = try block.number(2), isShared = try block.byte() & 2 != 0
            if flags & 4 != 0 { try block.skip(2) }
            return Message(kind: Kind(rawValue: kind), isShared: isShared, body: try block.take(size))
        }
    }
}
