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
