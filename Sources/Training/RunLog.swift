import Archives
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The log of a run: one JSON object a line, numbers with 17 digits. A resumed run cuts off what came after its checkpoint and writes it again, bit for bit.
final class RunLog {
    /// One line.
    struct Line {
        var kind: String
        var step: Int
        var numbers: [(name: String, value: Double)]
        var text: [(name: String, value: String)] = []
    }

    private let descriptor: Int32, path: String

    /// Opens the log and drops lines of later steps than `step`.
    init(_ folder: RunFolder, after step: Int) throws {
        let kept = (try? folder.text(of: folder.log)).map { text in
            text.split(separator: "\n").filter { line in Self.step(of: line).map { $0 <= step } ?? false }
        } ?? []
        try AtomicFile.write(Array(kept.map { $0 + "\n" }.joined().utf8), to: folder.log)
        path = folder.log
        descriptor = open(path, O_WRONLY | O_APPEND)
        guard descriptor >= 0 else { throw TrainingError.run(folder: folder.path, reason: "log.jsonl cannot be written") }
    }

    deinit { close(descriptor) }

    /// Appends a line.
    func write(_ line: Line) throws {
        var fields = ["\"kind\":\"\(line.kind)\"", "\"step\":\(line.step)"]
        fields += line.numbers.map { "\"\($0.name)\":\($0.value.isFinite ? "\($0.value)" : "null")" }
        fields += line.text.map { "\"\($0.name)\":\"\(Self.escaped($0.value))\"" }
        var text = "{" + fields.joined(separator: ",") + "}\n"
        let written = text.withUTF8 { systemWrite(descriptor, $0.baseAddress, $0.count) == $0.count }
        guard written else { throw ArchiveError(.unwritable, file: path, expected: "room for a line", found: String(cString: strerror(errno)).lowercased()) }
    }

    private static func step(of line: Substring) -> Int? {
        // Every line begins with its kind and its step.
        let fields = line.split(separator: ",", maxSplits: 2)
        guard fields.count >= 2, fields[1].hasPrefix("\"step\":"), line.hasSuffix("}") else { return nil }
        return Int(fields[1].dropFirst("\"step\":".count).prefix { $0.isNumber })
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 32: " "
            default: String(scalar)
            }
        }.joined()
    }
}

/// The system's call under a name that `RunLog.write` does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int { write(descriptor, bytes, count) }
