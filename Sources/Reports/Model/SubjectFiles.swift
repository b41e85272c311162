import Archives
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Subjects in files: folders of runs, JSON of results, folders that hold such JSON beside its pictures.
///
/// An argument is a path, or a run of the run store by its name or key, or `NAME=` before one of these; without a name the path's last part is it, without `.json`. What has the same name is the same subject; results of the same name in different folders, unless the name was given, are told
/// apart by their folders.
public struct SubjectFiles {
    /// In the order in which their names first appear.
    public private(set) var subjects: [Subject] = []

    private struct Argument {
        var name: String, path: String, isNamed: Bool, isRun: Bool
        /// JSON files, and the folder in which their pictures lie.
        var results: [String] = [], pictures: String?
        /// The run that the store knows under this name or in this folder.
        var stored: RecordedRun?
    }

    /// Reads what arguments name.
    /// - Parameter store: Where runs are found that are no paths, and what was measured of those that are.
    /// - Throws: ``ReportError`` for what is neither a run nor a result, `ArchiveError` for files that cannot be read; what the store throws.
    public init(_ arguments: [String], store: RunStore? = nil) throws {
        var found = try arguments.map { try Self.argument($0, store) }
        // `a/result.json` and `b/result.json` are two subjects; a run and a result of one name are one.
        let given = found
        for (index, one) in given.enumerated() where !one.isNamed {
            let isAlone = !given.enumerated().contains { $0.offset != index && !$0.element.isNamed && $0.element.isRun == one.isRun && $0.element.name == one.name }
            if !isAlone { found[index].name = Self.long(one.path) }
        }
        for argument in found {
            let place = subjects.firstIndex { $0.name == argument.name } ?? subjects.count
            if place == subjects.count { subjects.append(Subject(argument.name)) }
            if argument.isRun {
                guard subjects[place].run == nil else { throw ReportError.conflict(name: argument.name, reason: "two runs have this name; tell them apart with NAME=PATH") }
                subjects[place].run = if let store, let run = argument.stored { try RunRecord.stored(run, in: store) } else { try RunRecord(folder: argument.path) }
            }
            if let store, let run = argument.stored { try subjects[place].add(evaluationsOf: run, in: store) }
            for file in argument.results { try Self.add(file, argument.pictures ?? Self.stem(file), to: &subjects[place]) }
        }
    }

    private static func argument(_ text: String, _ store: RunStore?) throws -> Argument {
        var (name, path, isNamed) = ("", text, false)
        // A path may hold an equals sign itself, and so may a name.
        let ends = exists(text) ? [] : text.indices.filter { text[$0] == "=" }
        if let equals = ends.first(where: { exists(String(text[text.index(after: $0)...])) }) ?? ends.first {
            (name, path, isNamed) = (String(text[..<equals]), String(text[text.index(after: equals)...]), true)
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard exists(path) else {
            guard let run = try store?.run(path) else { throw ReportError.unreadable(file: path, expected: expected, found: "nothing") }
            return Argument(name: name.isEmpty ? last(stem(run.name)) : name, path: path, isNamed: isNamed, isRun: run.kind != .evaluation, stored: run)
        }
        if name.isEmpty { name = last(stem(path)) }
        guard isFolder(path) else { return Argument(name: name, path: path, isNamed: isNamed, isRun: false, results: [path]) }
        if exists(path + "/config.yaml") {
            let known = try store?.owner(of: path)
            return Argument(name: name, path: path, isNamed: isNamed, isRun: true, stored: known?.folder == Paths.absolute(path) ? known : nil)
        }
        let results = try list(path).filter { $0.hasSuffix(".json") }.map { path + "/" + $0 }
        guard !results.isEmpty else { throw ReportError.unreadable(file: path, expected: expected, found: "a folder without config.yaml or JSON") }
        return Argument(name: name, path: path, isNamed: isNamed, isRun: false, results: results, pictures: path)
    }

    private static let expected = "a run's folder, a result's JSON file, or a folder that holds some"

    /// Grids lie in the folder that was given, or in the one that is named as the file.
    private static func add(_ file: String, _ folder: String, to subject: inout Subject) throws {
        let text = String(decoding: try FileBytes(file).bytes(), as: UTF8.self)
        let names = ["worst-generated", "best-generated", "least-covered", "closest-features", "closest-pixels", "closest-generated"]
        let pictures = try names.map { (name: $0, path: "\(folder)/\($0).png") }.filter { exists($0.path) }.map { try Picture($0.name, png: FileBytes($0.path).bytes(), file: $0.path) }
        try subject.add(json: text, source: Source(file), pictures: pictures)
    }

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    static func list(_ folder: String) throws -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            throw ReportError.unreadable(file: folder, expected: "a folder that can be listed", found: "\(error.localizedDescription)")
        }
    }

    /// Without `.json`.
    private static func stem(_ path: String) -> String { path.hasSuffix(".json") ? String(path.dropLast(5)) : path }
    private static func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
    /// With every folder that was written, without `.json`.
    private static func long(_ path: String) -> String { stem(path).split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "/") }
}

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
