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
    /// Comparisons of two sets, which are of no single subject; of those of the same sets by the same means the last.
    public private(set) var comparisons: [StoredComparison] = []

    private struct Argument {
        var name: String, path: String, isNamed: Bool, isRun: Bool
        /// JSON files, and the folder in which their pictures lie.
        var results: [String] = [], pictures: String?
        /// The run that the store knows under this name or in this folder.
        var stored: RecordedRun?
    }

    /// Reads what arguments name.
    /// - Parameters:
    ///   - store: Where runs are found that are no paths, and what was measured of those that are.
    ///   - nearest: The one of several names that was probably meant by another, for errors.
    /// - Throws: ``ReportError`` for what is neither a run nor a result, `ArchiveError` for files that cannot be read; what the store throws.
    public init(_ arguments: [String], store: RunStore? = nil, nearest: (String, [String]) -> String = { _, _ in "" }) throws {
        var found = try arguments.map { try Self.argument($0, store, nearest) }
        // `a/result.json` and `b/result.json` are two subjects; a run and a result of one name are one.
        let given = found
        for (index, one) in given.enumerated() where !one.isNamed {
            let isAlone = !given.enumerated().contains { $0.offset != index && !$0.element.isNamed && $0.element.isRun == one.isRun && $0.element.name == one.name }
            if !isAlone { found[index].name = Self.long(one.path) }
        }
        for argument in found {
            var results = try argument.results.map { try Self.result($0, argument.pictures ?? Self.stem($0)) }
            if let store, let run = argument.stored { results += try Self.results(of: run, in: store) }
            let own = results.filter { result in
                guard case let .comparison(comparison) = result else { return true }
                comparisons.removeAll { $0.identity.filter { $0.key != "version" } == comparison.identity.filter { $0.key != "version" } && $0.comparisons.map(\.metric) == comparison.comparisons.map(\.metric) }
                comparisons.append(comparison)
                return false
            }
            // What only compares two sets is no subject.
            guard argument.isRun || !own.isEmpty || results.isEmpty else { continue }
            let place = subjects.firstIndex { $0.name == argument.name } ?? subjects.count
            if place == subjects.count { subjects.append(Subject(argument.name)) }
            if argument.isRun {
                guard subjects[place].run == nil else { throw ReportError.conflict(name: argument.name, reason: "two runs have this name; tell them apart with NAME=PATH") }
                // A folder that was named keeps the name that it was given: the store knows where it lies on this machine.
                subjects[place].run = if let store, let run = argument.stored, !Self.exists(argument.path) { try RunRecord.stored(run, in: store) } else { try RunRecord(folder: argument.path) }
            }
            for result in own { _ = subjects[place].add(result) }
        }
    }

    private static func argument(_ text: String, _ store: RunStore?, _ nearest: (String, [String]) -> String) throws -> Argument {
        var (name, path, isNamed) = ("", text, false)
        // A path may hold an equals sign itself, and so may a name.
        let ends = exists(text) ? [] : text.indices.filter { text[$0] == "=" }
        if let equals = ends.first(where: { exists(String(text[text.index(after: $0)...])) }) ?? ends.first {
            (name, path, isNamed) = (String(text[..<equals]), String(text[text.index(after: equals)...]), true)
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard exists(path) else {
            let run = try named(path, store, nearest)
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

    private static let expected = "a run's folder, a result's JSON file, a folder that holds some, a run of the run store by name or key, or NAME= before one of these"

    /// A run of the store.
    private static func named(_ name: String, _ store: RunStore?, _ nearest: (String, [String]) -> String) throws -> RecordedRun {
        guard let store else { throw ReportError.unreadable(file: name, expected: expected, found: "nothing, and there is no run store here") }
        do { return try store.run(name) } catch TrackingError.unknownRun {
            throw ReportError.unreadable(file: name, expected: expected, found: "nothing" + (try nearestRun(to: name, in: store, nearest)))
        }
    }

    /// Words that tell which run was probably meant: `; the nearest run of runs/runs.sqlite is 'dcgan'`.
    /// - Parameter nearest: The one of several names that is nearest to another.
    /// - Throws: what reading the store throws.
    public static func nearestRun(to name: String, in store: RunStore, _ nearest: (String, [String]) -> String) throws(TrackingError) -> String {
        let names = try store.runs().map(\.name), meant = names.isEmpty ? "" : nearest(name, names)
        return names.isEmpty ? "; \(store.path) holds no runs" : meant.isEmpty ? "" : "; the nearest run of \(store.path) is '\(meant)'"
    }

    /// Grids lie in the folder that was given, or in the one that is named as the file.
    private static func result(_ file: String, _ folder: String) throws -> StoredResult {
        let text = String(decoding: try FileBytes(file).bytes(), as: UTF8.self)
        let names = ["worst-generated", "best-generated", "least-covered", "closest-features", "closest-pixels", "closest-generated"]
        let pictures = try names.map { (name: $0, path: "\(folder)/\($0).png") }.filter { exists($0.path) }.map { try Picture($0.name, png: FileBytes($0.path).bytes(), file: $0.path) }
        return try StoredResult(json: text, source: Source(file), pictures: pictures)
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
