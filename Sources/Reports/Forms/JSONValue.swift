/// A value of JSON, written with its keys in the order given: equal values are equal bytes.
enum JSONValue {
    case object([(String, JSONValue)]), list([JSONValue]), text(String), number(Double), integer(Int), truth(Bool), null

    static func optional(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
    static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
    static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }

    /// Indented text; lists of plain values stay on one line.
    func text(indentation: String = "") -> String {
        let deeper = indentation + "  "
        switch self {
        case let .object(fields):
            guard !fields.isEmpty else { return "{}" }
            return "{\n" + fields.map { "\(deeper)\(Self.quoted($0.0)): \($0.1.text(indentation: deeper))" }.joined(separator: ",\n") + "\n\(indentation)}"
        case let .list(values):
            guard values.contains(where: \.isDeep) else { return "[" + values.map { $0.text() }.joined(separator: ", ") + "]" }
            return "[\n" + values.map { deeper + $0.text(indentation: deeper) }.joined(separator: ",\n") + "\n\(indentation)]"
        case let .text(text): return Self.quoted(text)
        case let .number(value): return value.isFinite ? Numeral.exact(value) : "null"
        case let .integer(value): return "\(value)"
        case let .truth(value): return value ? "true" : "false"
        case .null: return "null"
        }
    }

    private var isDeep: Bool {
        switch self {
        case .object: true
        case let .list(values): values.contains(where: \.isDeep)
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "\"") { result, scalar in
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            // Nothing in the file can end an element of HTML that it is pasted into.
            case "<": result += "\\u003c"
            case _ where scalar.value < 32 || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        } + "\""
    }
}
