#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The commit of the code that a command is given in.
public enum CodeVersion {
    /// The commit that is checked out in a folder, or in the nearest one above that is a repository of Git; nil where none is. Local changes are not looked for.
    public static func current(in folder: String = FileManager.default.currentDirectoryPath) -> String? {
        var folder = folder
        while true {
            if let repository = repository(at: folder) { return commit(of: repository).flatMap { $0.count >= 40 && $0.allSatisfy(\.isHexDigit) ? $0 : nil } }
            guard let slash = folder.lastIndex(of: "/"), folder != "/" else { return nil }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        }
    }

    /// `.git` is a folder, or for a second checkout a file that names one.
    private static func repository(at folder: String) -> String? {
        let path = folder + "/.git"
        if FileManager.default.fileExists(atPath: path + "/HEAD") { return path }
        guard let link = line(of: path), link.hasPrefix("gitdir: ") else { return nil }
        let target = String(link.dropFirst("gitdir: ".count))
        return target.hasPrefix("/") ? target : folder + "/" + target
    }

    private static func commit(of repository: String) -> String? {
        guard let head = line(of: repository + "/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return head }
        let name = String(head.dropFirst("ref: ".count))
        let common = line(of: repository + "/commondir").map { $0.hasPrefix("/") ? $0 : repository + "/" + $0 } ?? repository
        if let commit = line(of: common + "/" + name) { return commit }
        let packed = FileManager.default.contents(atPath: common + "/packed-refs").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return packed.split(separator: "\n").first { $0.hasSuffix(" " + name) }.flatMap { $0.split(separator: " ").first }.map(String.init)
    }

    private static func line(of path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n").first.map(String.init) }
    }
}
