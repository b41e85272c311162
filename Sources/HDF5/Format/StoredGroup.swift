import Synchronization

/// Where a link leads.
enum StoredLink: Sendable {
    case hard(Int)
    case soft(String)
    /// Into another file; never followed.
    case external
}

/// An object of a file: a group, an array, or a named type.
enum StoredObject: Sendable {
    case group(StoredGroup)
    case dataset(StoredDataset)
    case type

    init(at address: Int, in file: StoredFile) throws(Damage) {
        let header = try ObjectHeader(at: address, in: file)
        func has(_ kind: ObjectHeader.Kind) -> Bool { header.messages.contains { $0.kind == kind } }
        if has(.symbolTable) || has(.linkInfo) || has(.link) {
            self = .group(StoredGroup(header: header, file: file))
        } else if has(.dataspace) {
            self = .dataset(try StoredDataset(header: header, file: file))
        } else if has(.datatype) {
            self = .type
        } else {
            throw Damage(expected: "a group or dataset", found: "an object that is neither")
        }
    }
}

/// A group of a file that is read. What it links to is read once.
final class StoredGroup: Sendable {
    private let header: ObjectHeader
    let file: StoredFile
    let attributes: StoredAttributes
    private let known = Mutex<[String: StoredLink]?>(nil)

    init(header: ObjectHeader, file: StoredFile) { (self.header, self.file, attributes) = (header, file, StoredAttributes(header: header, file: file)) }

    /// The links by their names.
    func links() throws(Damage) -> [String: StoredLink] {
        if let links = known.withLock({ $0 }) { return links }
        var links: [String: StoredLink] = [:]
        for (name, link) in try readLinks() {
            guard links.updateValue(link, forKey: name) == nil else { throw Damage(expected: "names that differ", found: "\(name) twice") }
        }
        known.withLock { $0 = links }
        return links
    }

    private func readLinks() throws(Damage) -> [(name: String, target: StoredLink)] {
        if let table = try header.fields(of: .symbolTable, in: file) { return try SymbolTable(table, in: file).links }
        var links: [(name: String, target: StoredLink)] = []
        for message in header.messages where message.kind == .link { links.append(try Self.link(header.fields(of: message, in: file))) }
        guard var info = try header.fields(of: .linkInfo, in: file) else { return links }
        try info.version(0...0, of: "a group")
        if try info.byte() & 1 != 0 { try info.skip(8) }
        guard let heap = try info.address(), let tree = try info.address() else { return links }
        var objects = try FractalHeap(at: heap, in: file)
        let records = try SecondTree(at: tree, in: file)
        guard records.kind == 5 else { throw Damage(expected: "a tree of names", found: "records of type \(records.kind)") }
        for var record in records.records {
            try record.skip(4)
            links.append(try Self.link(objects.object(record)))
        }
        return links
    }

    /// A link message (IV.A.2.g).
    private static func link(_ fields: FieldReader) throws(Damage) -> (name: String, target: StoredLink) {
        var fields = fields
        try fields.version(1...1, of: "a link")
        let flags = try fields.byte(), kind = flags & 8 != 0 ? try fields.byte() : 0
        try fields.skip((flags & 4 != 0 ? 8 : 0) + (flags & 16 != 0 ? 1 : 0))
        let name = try fields.text(fields.number(1 << (flags & 3)))
        return switch kind {
        case 0: (name, .hard(try fields.definedAddress()))
        case 1: (name, .soft(try fields.text(fields.number(2))))
        default: (name, .external)
        }
    }

    /// Follows a path from this group. The message of an error with reason `missing` lists what the last group on the way holds.
    func object(_ path: String) throws(Damage) -> StoredObject {
        guard !path.isEmpty else { throw Damage(reason: .missing, expected: "a name", found: "an empty one") }
        var followed = 0
        return try object(path, &followed)
    }

    private func object(_ path: String, _ followed: inout Int) throws(Damage) -> StoredObject {
        var reached: StoredObject = path.hasPrefix("/") ? try StoredObject(at: file.root, in: file) : .group(self)
        for part in path.split(separator: "/") where part != "." {
            guard case .group(let group) = reached else { throw Damage(reason: .missing, expected: "a group that holds \(part)", found: "a dataset") }
            let links = try group.links()
            switch links[String(part)] {
            case nil: throw Damage(reason: .missing, expected: "a group or dataset of this name", found: Self.list(links.keys.sorted()))
            case .hard(let address): reached = try StoredObject(at: address, in: file)
            case .external: throw Damage(expected: "an object of this file", found: "a link into another file")
            case .soft(let target):
                followed += 1
                guard followed <= 16 else { throw Damage(expected: "at most 16 soft links on the way", found: "more") }
                // The link exists, so a target that does not is no missing name.
                do { reached = try group.object(target, &followed) } catch where error.reason == .missing {
                    throw Damage(expected: "the target \(target) of a soft link", found: "none")
                }
            }
        }
        return reached
    }

    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "an empty group" }
        return "only " + names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
