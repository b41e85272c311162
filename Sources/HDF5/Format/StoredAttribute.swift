import Synchronization

/// An attribute of an object (IV.A.2.m): its elements as the file stores them.
struct StoredAttribute: Sendable {
    var name: String
    var type: StoredType
    var space: StoredSpace
    var data: [UInt8]

    fileprivate init(_ fields: FieldReader, in file: StoredFile) throws(Damage) {
        var fields = fields
        let version = try fields.version(1...3, of: "an attribute"), flags = try fields.byte()
        let sizes = (name: try fields.number(2), type: try fields.number(2), space: try fields.number(2))
        if version == 3 { try fields.skip(1) }
        // Version 1 fills each part up to a multiple of 8 bytes.
        func part(_ size: Int) throws(Damage) -> FieldReader {
            let part = try fields.part(size)
            if version == 1 { try fields.skipPadding(after: size) }
            return part
        }
        var nameField = try part(sizes.name), typeField = try part(sizes.type), spaceField = try part(sizes.space)
        name = try nameField.text(sizes.name)
        if version > 1, flags & 1 != 0 { typeField = try ObjectHeader.shared(.datatype, typeField, in: file) }
        if version > 1, flags & 2 != 0 { spaceField = try ObjectHeader.shared(.dataspace, spaceField, in: file) }
        type = try StoredType(&typeField)
        space = try StoredSpace(&spaceField)
        let (size, overflow) = space.count.multipliedReportingOverflow(by: type.size)
        guard !overflow else { throw Damage(reason: .oversized, expected: "an attribute inside its message", found: "\(space.count) elements") }
        data = try fields.take(size)
    }
}

/// The attributes of an object, read once.
final class StoredAttributes: Sendable {
    private let header: ObjectHeader
    let file: StoredFile
    private let known = Mutex<[String: StoredAttribute]?>(nil)

    init(header: ObjectHeader, file: StoredFile) { (self.header, self.file) = (header, file) }

    /// The attributes by their names.
    func all() throws(Damage) -> [String: StoredAttribute] {
        if let attributes = known.withLock({ $0 }) { return attributes }
        var attributes: [String: StoredAttribute] = [:]
        for attribute in try read() {
            guard attributes.updateValue(attribute, forKey: attribute.name) == nil else { throw Damage(expected: "names that differ", found: "\(attribute.name) twice") }
        }
        known.withLock { $0 = attributes }
        return attributes
    }

    /// Those in the object's header, and those in its heap.
    private func read() throws(Damage) -> [StoredAttribute] {
        var attributes: [StoredAttribute] = []
        for message in header.messages where message.kind == .attribute { attributes.append(try StoredAttribute(header.fields(of: message, in: file), in: file)) }
        guard var info = try header.fields(of: .attributeInfo, in: file) else { return attributes }
        try info.version(0...0, of: "attributes")
        if try info.byte() & 1 != 0 { try info.skip(2) }
        guard let heap = try info.address(), let tree = try info.address() else { return attributes }
        var objects = try FractalHeap(at: heap, in: file)
        let records = try SecondTree(at: tree, in: file)
        guard records.kind == 8 else { throw Damage(expected: "a tree of attributes", found: "records of type \(records.kind)") }
        for var record in records.records {
            let id = try record.part(8)
            guard try record.byte() & 2 == 0 else { throw Damage(expected: "an attribute in its heap", found: "one in the table of shared messages") }
            attributes.append(try StoredAttribute(objects.object(id), in: file))
        }
        return attributes
    }
}
