#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Times in seconds since 1970.
enum Times {
    /// A time that can be one, to the year 5138; nil for what others' files call a time and is none, such as nanoseconds.
    static func valid(_ time: Double?) -> Double? { time.flatMap { (0...1e11).contains($0) ? $0 : nil } }
}

/// Names of files as a store keeps them, which must mean the same from any folder.
public enum Paths {
    /// The path from the root, without `.`, `..` and a slash at the end. Links are not followed.
    public static func absolute(_ path: String, from folder: String = FileManager.default.currentDirectoryPath) -> String {
        let whole = path.hasPrefix("/") ? path : folder + "/" + path
        let parts = whole.split(separator: "/").reduce(into: [Substring]()) { parts, part in
            switch part {
            case ".": break
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Whether there is a folder of this name.
    public static func isFolder(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/.") }

    /// The store of a project: what `GAN_EVAL_STORE` names, else `runs/runs.sqlite` in this folder or the nearest one above that has it, else, still to be made, in this folder.
    public static func projectStore(_ environment: [String: String] = ProcessInfo.processInfo.environment, from folder: String = FileManager.default.currentDirectoryPath) -> String {
        if let named = environment["GAN_EVAL_STORE"], !named.isEmpty { return absolute(named, from: folder) }
        let place = "/runs/runs.sqlite"
        var above = folder
        while !above.isEmpty {
            if FileManager.default.fileExists(atPath: above + place) { return above + place }
            above = above.lastIndex(of: "/").map { String(above[..<$0]) } ?? ""
        }
        return absolute("." + place, from: folder)
    }
}
