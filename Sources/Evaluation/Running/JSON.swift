#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Text of JSON values.
public enum JSON {
    /// A number with 17 significant digits, which read back to the same bits; `null` where JSON has no such number.
    public static func number(_ value: Double) -> String { value.isFinite ? Number.format("%.17g", value) : "null" }

    /// A quoted string.
    public static func text(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// `{"name": value, …}` of values that are JSON already.
    public static func object(_ fields: [(String, String)]) -> String { "{" + fields.map { text($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}" }

    /// A quoted string, or `null`.
    public static func optional(_ value: String?) -> String { value.map(text) ?? "null" }

    /// A list with a line for each value, which are JSON already and indented.
    public static func lines(_ values: [String]) -> String { values.isEmpty ? "[]" : "[\n" + values.joined(separator: ",\n") + "\n  ]" }

    /// `[value, …]` of values that are JSON already.
    public static func list(_ values: [String]) -> String { "[" + values.joined(separator: ", ") + "]" }
}

/// Numbers as text.
public enum Number {
    /// Six significant digits, for people.
    public static func short(_ value: Double) -> String { format("%.6g", value) }

    /// Four significant digits with a sign, for changes.
    public static func signed(_ value: Double) -> String { format("%+.4g", value) }

    /// `95 %`.
    public static func percent(_ fraction: Double) -> String { format("%.4g", fraction * 100) + " %" }

    static func format(_ pattern: String, _ value: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, pattern, $0) }
        return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
