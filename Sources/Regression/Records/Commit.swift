#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The commit that a folder is checked out at, read from Git's files, for no program needs to run to know it.
public enum Commit {
    /// The first 12 digits of the commit of the checkout that holds `path`; nil outside of one.
    public static func of(_ path: String) -> String? {
        var folder = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            if let git = repository(folder + "/.git") { return head(of: git).map { String($0.prefix(12)) } }
        }
        return nil
    }

    /// Git's folder; a linked worktree and a submodule have a file in its place that says where it is.
    private static func repository(_ path: String) -> String? {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        guard !isFolder else { return path }
        guard let line = text(path), line.hasPrefix("gitdir: ") else { return nil }
        return absolute(String(line.dropFirst(8)), from: path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))
    }

    private static func head(of git: String) -> String? {
        guard let head = text(git + "/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return isDigest(head) ? head : nil }
        let name = String(head.dropFirst(5)), common = text(git + "/commondir").map { absolute($0, from: git) } ?? git
        if let digest = text(git + "/" + name) ?? text(common + "/" + name), isDigest(digest) { return digest }
        let packed = text(common + "/packed-refs")?.split(separator: "\n").first { $0.hasSuffix(" " + name) }
        return packed?.split(separator: " ").first.map(String.init).flatMap { isDigest($0) ? $0 : nil }
    }

    private static func isDigest(_ text: String) -> Bool { text.count >= 40 && text.allSatisfy(\.isHexDigit) }
    private static func absolute(_ path: String, from folder: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }

    private static func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return String(text.prefix(text.count - text.reversed().prefix { $0.isWhitespace }.count))
    }
}
