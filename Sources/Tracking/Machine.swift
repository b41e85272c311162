#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The computer that a run runs on.
enum Machine {
    /// Name, cores, processor and system, such as `blade-7, 2 cores, Intel Xeon, Linux 6.1 x86_64`.
    static var description: String {
        [host, "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores", processor, system].compactMap { $0 }.joined(separator: ", ")
    }

    static var host: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return text(buffer)
    }

    private static var processor: String? {
        guard let file = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return nil }
        let line = String(decoding: file, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingPrefix(while: \.isWhitespace) }.map(String.init)
    }

    private static var system: String? {
        var name = utsname()
        guard uname(&name) == 0 else { return nil }
        return withUnsafeBytes(of: &name.sysname) { field($0) } + " " + withUnsafeBytes(of: &name.release) { field($0) } + " " + withUnsafeBytes(of: &name.machine) { field($0) }
    }

    private static func field(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    private static func text(_ buffer: [CChar]) -> String { String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}

/// A process by a text that no later process of the same machine has: host, number, and when it was started.
enum ProcessMark {
    static var own: String { "\(Machine.host) \(getpid()) \(start(of: getpid()) ?? "")" }

    /// Whether the process is known to have ended: that of another machine never is.
    static func isGone(_ mark: String) -> Bool {
        let parts = mark.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Machine.host, let number = pid_t(parts[1]) else { return false }
        guard kill(number, 0) == 0 || errno == EPERM else { return true }
        // Another process may have the number by now.
        return start(of: number).map { $0 != parts[2] } ?? false
    }

    /// Ticks from the system's start, where the system says.
    private static func start(of number: pid_t) -> String? {
        guard let file = FileManager.default.contents(atPath: "/proc/\(number)/stat") else { return nil }
        // The name in brackets may hold anything, so fields are counted behind it.
        let behind = String(decoding: file, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        return behind.flatMap { $0.count > 19 ? String($0[19]) : nil }
    }
}

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
