import GRDB
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A run as the store knows it: a training, or one or several evaluations of something.
public struct RecordedRun: Sendable, Hashable, Identifiable {
    /// What a run is.
    public enum Kind: String, Sendable, CaseIterable { case training, evaluation, imported }

    /// How far a run is.
    public enum Status: String, Sendable, CaseIterable {
        case running, finished, interrupted, failed
        /// Said to be running by a process that is gone.
        case killed
    }

    /// Its number in the store, for this process only: exports and other stores know the key.
    public internal(set) var id: Int64 = 0
    /// Ten hexadecimal digits that no other run has.
    public internal(set) var key: String
    /// How people call it; several runs may have one name.
    public var name: String
    /// What it is.
    public var kind: Kind
    /// How far it is.
    public var status: Status
    /// Why it failed.
    public var reason: String?
    /// The game that is played.
    public var game: String?
    /// Where its random numbers come from.
    public var seed: Int?
    /// Steps in all.
    public var steps: Int?
    /// Steps done.
    public var step: Int?
    /// Every setting.
    public var configuration: [String: String] = [:]
    /// What its bits depend on besides.
    public var identity: [String: String] = [:]
    /// The tool's version.
    public var version = ""
    /// Commit of the repository in which the command was given.
    public var code: String?
    /// Name, cores and system of the computer.
    public var machine = ""
    /// The process that runs it.
    var process: String?
    /// The command that made it.
    public var command = ""
    /// Where its files are.
    public var folder: String?
    /// What people wrote about it.
    public var note = ""
    /// Words by which people find it, sorted.
    public var tags: [String] = []
    /// When it began, in seconds since 1970.
    public var created: Double
    /// When the store last heard of it.
    public var updated: Double
    /// When it was deleted; it is still there until `gc`.
    public internal(set) var deleted: Double?

    /// A run that begins now, on this machine, in this process.
    public init(name: String, kind: Kind, command: String, version: String) {
        let now = Date().timeIntervalSince1970
        self.name = name
        (self.kind, self.command, self.version) = (kind, command, version)
        (status, created, updated) = (.running, now, now)
        (machine, process, code) = (Machine.description, ProcessMark.own, CodeVersion.current())
        key = Self.newKey()
    }

    /// Forgets the machine, the process and the commit, which are not those of whoever only brings a run in.
    public mutating func forgetOrigin() { (machine, process, code) = ("", nil, nil) }

    /// Digits from the system's source of randomness; nothing that is computed depends on them.
    static func newKey() -> String {
        let digits = String(UInt64.random(in: 0..<1 << 40), radix: 16)
        return String(repeating: "0", count: 10 - digits.count) + digits
    }
}

extension RecordedRun: FetchableRecord, PersistableRecord {
    /// The table whose rows are runs.
    public static let databaseTableName = "run"

    /// A row of the table `run`.
    /// - Throws: a decoding error for a row that cannot be one.
    public init(row: Row) throws {
        (id, key, name) = (try row.value("id"), try row.value("key"), try row.value("name"))
        kind = Kind(rawValue: try row.value("kind")) ?? .imported
        status = Status(rawValue: try row.value("status")) ?? .failed
        (reason, game, seed) = (try row.value("reason"), try row.value("game"), try row.value("seed"))
        (steps, step) = (try row.value("steps"), try row.value("step"))
        (configuration, identity) = (StoredText.dictionary(try row.value("configuration")), StoredText.dictionary(try row.value("identity")))
        (version, code, machine) = (try row.value("version"), try row.value("code"), try row.value("machine"))
        (process, command, folder, note) = (try row.value("process"), try row.value("command"), try row.value("folder"), try row.value("note"))
        (created, updated, deleted) = (try row.value("created"), try row.value("updated"), try row.value("deleted"))
        if status == .running, let process, ProcessMark.isGone(process) { status = .killed }
    }

    /// The columns of the table `run`.
    public func encode(to container: inout PersistenceContainer) {
        container["id"] = id == 0 ? nil : id
        container["key"] = key
        container["name"] = name
        container["kind"] = kind.rawValue
        // What is killed is found anew by whoever reads.
        container["status"] = status == .killed ? Status.running.rawValue : status.rawValue
        container["reason"] = reason
        container["game"] = game
        container["seed"] = seed
        container["steps"] = steps
        container["step"] = step
        container["configuration"] = StoredText.text(configuration)
        container["identity"] = StoredText.text(identity)
        container["version"] = version
        container["code"] = code
        container["machine"] = machine
        container["process"] = process
        container["command"] = command
        container["folder"] = folder
        container["note"] = note
        container["created"] = created
        container["updated"] = updated
        container["deleted"] = deleted
    }
}

/// Dictionaries as they stand in a column: JSON with sorted keys, so that equal ones are equal text.
enum StoredText {
    static func text(_ dictionary: [String: String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(dictionary) else { preconditionFailure("a dictionary of texts is always JSON") }
        return String(decoding: data, as: UTF8.self)
    }

    /// Empty for text that is no dictionary, which only a damaged file holds.
    static func dictionary(_ text: String) -> [String: String] { (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:] }
}
