import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
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

    private let handle: FileHandle

    /// Opens the log and drops lines of later steps than `step`.
    init(_ folder: RunFolder, after step: Int) throws {
        let kept = (try? folder.text(of: folder.log)).map { text in
            text.split(separator: "\n").filter { line in Self.step(of: line).map { $0 <= step } ?? false }
        } ?? []
        try folder.write(Array(kept.map { $0 + "\n" }.joined().utf8), to: folder.log)
        guard let handle = FileHandle(forWritingAtPath: folder.log) else { throw TrainingError.run(folder: folder.path, reason: "log.jsonl cannot be written") }
        self.handle = handle
        _ = try handle.seekToEnd()
    }

    /// Appends a line.
    func write(_ line: Line) throws {
        var fields = ["\"kind\":\"\(line.kind)\"", "\"step\":\(line.step)"]
        fields += line.numbers.map { "\"\($0.name)\":\($0.value.isFinite ? "\($0.value)" : "null")" }
        fields += line.text.map { "\"\($0.name)\":\"\(Self.escaped($0.value))\"" }
        try handle.write(contentsOf: Data(("{" + fields.joined(separator: ",") + "}\n").utf8))
    }

    private static func step(of line: Substring) -> Int? {
        guard let start = line.range(of: "\"step\":")?.upperBound, line.hasSuffix("}") else { return nil }
        return Int(line[start...].prefix { $0.isNumber })
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
