import Games
import HDF5
import NeuralNetworks
import Tensors

/// A run at one moment: every number that the next step depends on.
public struct Checkpoint {
    /// Number of finished steps.
    public var step: Int
    /// The configuration as YAML.
    public var configuration: String
    /// Sections of named numbers: `players`, `averages`, `optimizers`, `game`.
    public var sections: [String: StateDictionary] = [:]
    /// Counters of the run: batches taken, the best measurement so far.
    public var counters: [String: Double] = [:]

    /// Version of the layout.
    static let format = 1

    /// Writes the checkpoint under a temporary name, syncs it and renames it: a crash leaves the old file or the new one.
    public func write(to path: String) throws(HDF5Error) {
        let file = try HDF5File(creating: path)
        let attributes = file.root.attributes
        try attributes.set("format", .integer(Self.format))
        try attributes.set("step", .integer(step))
        try attributes.set("configuration", .string(configuration))
        for (name, value) in counters.sorted(by: { $0.key < $1.key }) { try attributes.set("counter." + name, .number(value)) }
        for (section, state) in sections.sorted(by: { $0.key < $1.key }) {
            let group = try file.root.createGroup(section)
            for (name, entry) in state.entries.sorted(by: { $0.key < $1.key }) {
                // A single number is stored as one row, and marked.
                let dataset = try group.write(entry.values, shape: entry.shape.rank == 0 ? [1] : entry.shape.dimensions, as: name)
                if entry.shape.rank == 0 { try dataset.attributes.set("scalar", .boolean(true)) }
            }
        }
        try file.commit()
    }

    /// A checkpoint without sections yet.
    public init(step: Int, configuration: String) { (self.step, self.configuration) = (step, configuration) }

    /// Reads a checkpoint.
    /// - Throws: what reading throws; ``TrainingError`` for a file that is none.
    public init(reading path: String) throws {
        let file = try HDF5File(reading: path)
        let attributes = file.root.attributes
        guard let format = try attributes.value("format")?.integer, let step = try attributes.value("step")?.integer,
              let configuration = try attributes.value("configuration")?.string else {
            throw TrainingError.checkpoint(file: path, reason: "this HDF5 file is no checkpoint")
        }
        guard format == Self.format else { throw TrainingError.checkpoint(file: path, reason: "layout \(format), this version reads \(Self.format)") }
        (self.step, self.configuration) = (step, configuration)
        for name in try attributes.names() where name.hasPrefix("counter.") {
            counters[String(name.dropFirst("counter.".count))] = try attributes.value(name)?.number
        }
        for section in try file.root.names() {
            let group = try file.root.group(section)
            var state = StateDictionary()
            for name in try group.names() {
                let dataset = try group.dataset(name)
                let isScalar = try dataset.attributes.value("scalar")?.boolean ?? false
                state.entries[name] = StateDictionary.Entry(shape: isScalar ? [] : Shape(try dataset.shape), values: try dataset.read(Float.self))
            }
            sections[section] = state
        }
    }
}

extension [Player] {
    /// All numbers of the players under `player.layer.weight`.
    public var state: StateDictionary {
        var all = StateDictionary()
        for player in self {
            for (name, entry) in StateDictionary(of: player.module).entries { all.entries["\(player.name).\(name)"] = entry }
        }
        return all
    }

    /// Gives the players their numbers.
    /// - Throws: ``StateMismatch`` of the first player whose names or shapes differ.
    public func load(_ state: StateDictionary, on backend: any Backend) throws(StateMismatch) {
        for player in self {
            let prefix = player.name + "."
            let own = state.entries.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
            try player.module.load(StateDictionary(Dictionary(uniqueKeysWithValues: own)), on: backend)
        }
    }
}
