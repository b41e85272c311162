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
