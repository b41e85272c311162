import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import HDF5

/// Where a run keeps what it makes.
///
/// ```
/// config.yaml                 configuration with every default written out
/// identity.yaml               versions, instruction set, threads and the data's digest
/// log.jsonl                   one line of numbers every few steps; measurements
/// samples/step-00000500.png   grids of the averaged generator, always from the same latents
/// checkpoints/step-00000500.h5, checkpoints/best.h5
/// reference/, measured.h5     images and features that samples are measured against; the samples measured last
/// ```
public struct RunFolder: Sendable {
    /// Path of the folder.
    public let path: String

    /// A folder that holds a run, or will hold one when it begins.
    public init(_ path: String, creating: Bool) throws(TrainingError) {
        self.path = path
        guard creating else {
            guard FileManager.default.fileExists(atPath: path + "/config.yaml") else { throw .run(folder: path, reason: "no run: config.yaml is missing") }
            return
        }
        guard !FileManager.default.fileExists(atPath: path + "/config.yaml") else {
            throw .run(folder: path, reason: "holds a run already; go on with --resume \(path), or name another folder with -o")
        }
    }

    /// Makes the folder and those in it.
    func make() throws(ArchiveError) {
        for folder in ["/samples", "/checkpoints"] { try Folder.make(path + folder) }
    }

    /// The configuration's file.
    public var configuration: String { path + "/config.yaml" }
    /// The file of what the bits depend on besides the configuration.
    public var identity: String { path + "/identity.yaml" }
    /// The log's file.
    public var log: String { path + "/log.jsonl" }
    /// The best checkpoint's file.
    public var best: String { path + "/checkpoints/best.h5" }
    /// The folder of what samples are measured against.
    public var reference: String { path + "/reference" }
    /// The samples that were measured last.
    public var measured: String { path + "/measured.h5" }
    /// The grid of a step.
    public func samples(_ step: Int) -> String { "\(path)/samples/step-\(Self.padded(step)).png" }
    /// The checkpoint of a step.
    public func checkpoint(_ step: Int) -> String { "\(path)/checkpoints/step-\(Self.padded(step)).h5" }

    /// Steps that have a checkpoint, in ascending order.
    public var checkpointedSteps: [Int] { steps(in: "/checkpoints", ".h5") }
    /// Steps that have a grid, in ascending order.
    public var sampledSteps: [Int] { steps(in: "/samples", ".png") }

    private func steps(in folder: String, _ ending: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path + folder)) ?? []
        return names.compactMap { $0.hasPrefix("step-") && $0.hasSuffix(ending) ? Int($0.dropFirst(5).dropLast(ending.count)) : nil }.sorted()
    }

    /// The last checkpoint, that of `step`. Where it is damaged and one before it is not, the error tells how to go on from that: what was trained since is given up by the user alone.
    func lastCheckpoint(_ step: Int) throws -> Checkpoint {
        let path = checkpoint(step)
        do { return try Checkpoint(reading: path) } catch var error as HDF5Error {
            // A file that cannot be opened may be whole.
            guard FileManager.default.isReadableFile(atPath: path) else { throw error }
            let intact = checkpointedSteps.filter { $0 < step }.last { (try? Checkpoint(reading: checkpoint($0))) != nil }
            if let intact { error.found += "; remove the file to go on from step \(intact)" }
            throw error
        }
    }

    /// Removes all but the last `count` checkpoints.
    func keepCheckpoints(_ count: Int) {
        for step in checkpointedSteps.dropLast(count) { try? FileManager.default.removeItem(atPath: checkpoint(step)) }
    }

    /// Removes files that a writer left unfinished when it was killed.
    func removePartialFiles() {
        for folder in ["", "/samples", "/checkpoints"].map({ path + $0 }) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in names where name.contains(".partial-") { try? FileManager.default.removeItem(atPath: folder + "/" + name) }
        }
    }

    /// Whether there is a file.
    func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// The text of a file.
    public func text(of path: String) throws(TrainingError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else { throw .run(folder: self.path, reason: "\(path) cannot be read") }
        return String(decoding: data, as: UTF8.self)
    }

    private static func padded(_ step: Int) -> String { String(repeating: "0", count: max(8 - "\(step)".count, 0)) + "\(step)" }
}
