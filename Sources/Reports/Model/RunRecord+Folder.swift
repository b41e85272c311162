import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension RunRecord {
    /// A run in its folder: `config.yaml`, `identity.yaml`, `log.jsonl`, `samples/step-….png`. A run that has just begun has no log yet.
    /// - Throws: ``ReportError``, `ArchiveError`.
    public init(folder: String) throws {
        func text(_ name: String) throws -> String? {
            let path = folder + "/" + name
            return FileManager.default.fileExists(atPath: path) ? String(decoding: try FileBytes(path).bytes(), as: UTF8.self) : nil
        }
        let configuration = try text("config.yaml").map { try Self.settings(yaml: $0, file: folder + "/config.yaml") } ?? []
        let identity = try text("identity.yaml").map { try Self.settings(yaml: $0, file: folder + "/identity.yaml") } ?? []
        let curves = try text("log.jsonl").map { try Self.curves(log: $0, file: folder + "/log.jsonl") } ?? []
        // The last grid is what a report shows.
        let samples = folder + "/samples"
        let names = FileManager.default.fileExists(atPath: samples) ? try SubjectFiles.list(samples).filter { $0.hasPrefix("step-") && $0.hasSuffix(".png") } : []
        let grids = try names.suffix(1).map { try Picture(String($0.dropLast(4)), png: FileBytes("\(samples)/\($0)").bytes(), file: "\(samples)/\($0)") }
        self.init(configuration: configuration, identity: identity, curves: curves, grids: grids, source: Source(folder))
    }
}
