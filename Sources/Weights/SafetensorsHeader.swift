/// Reads the JSON of a safetensors header, and only what may stand there:
/// `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {"key": "text"}}`.
struct SafetensorsHeader {
    struct Tensor: Equatable {
        var name: String
        var type = ""
        var shape: [Int] = []
        var begin = 0
        var end = 0
    }

    private let text: [UInt8]
    /// Where reading stopped.
    private(set) var position = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func parse() -> (tensors: [Tensor], metadata: [String: String])? {
        var tensors: [Tensor] = []
        var metadata: [String: String] = [:]
        let isWhole = object { parser, key in
            if key == "__metadata__" {
                return parser.object { parser, key in
                    guard let value = parser.string() else { return false }
                    metadata[key] = value
                    return true
                }
            }
            guard let tensor = parser.tensor(key) else { return false }
            tensors.append(tensor)
            return true
        }
        skipSpace()
        return isWhole && position == text.count ? (tensors, metadata) : nil
    }

    private mutating func tensor(_ name: String) -> Tensor? {
        var tensor = Tensor(name: name)
        var seen: Set<String> = []
        let isWhole = object { parser, key in
            guard seen.insert(key).inserted else { return false }
            switch key {
            case "dtype":
                guard let type = parser.string() else { return false }
                tensor.type = type
            case "shape":
                guard let shape = parser.integers() else { return false }
                tensor.shape = shape
            case "data_offsets":
                guard let offsets = parser.integers(), offsets.count == 2 else { return false }
                (tensor.begin, tensor.end) = (offsets[0], offsets[1])
            default: return false
            }
            return true
        }
        return isWhole && seen == ["dtype", "shape", "data_offsets"] ? tensor : nil
    }

    /// Members of an object, each passed on with the position at its value; false where the text is no object or a member was refused.
    private mutating func object(_ member: (inout SafetensorsHeader, String) -> Bool) -> Bool {
        guard take("{") else { return false }
        if take("}") { return true }
        repeat {
            guard let key = string(), take(":"), member(&self, key) else { return false }
        } while take(",")
        return take("}")
    }

    private mutating func integers() -> [Int]? {
        guard take("[") else { return nil }
        if take("]") { return [] }
        var values: [Int] = []
        repeat {
            skipSpace()
            let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let value = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            position += digits.count
            values.append(value)
        } while take(",")
        return take("]") ? values : nil
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let unescaped = escape() else { return nil }
                bytes += Array(String(unescaped).utf8)
            case 0..<0x20: return nil
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// What follows a backslash.
    private mutating func escape() -> Unicode.Scalar? {
        guard position < text.count else { return nil }
        position += 1
        switch text[position - 1] {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(text[position - 1])
        case UInt8(ascii: "u"):
            guard let first = codeUnit() else { return nil }
            guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
            guard text[position...].starts(with: "\\u".utf8) else { return nil }
            position += 2
            guard let second = codeUnit(), (0xDC00..<0xE000).contains(second) else { return nil }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        default: return nil
        }
    }

    private mutating func codeUnit() -> UInt32? {
        guard position + 4 <= text.count, let unit = UInt32(String(decoding: text[position..<position + 4], as: UTF8.self), radix: 16) else { return nil }
        position += 4
        return unit
    }

    private mutating func take(_ token: String) -> Bool {
        skipSpace()
        guard text[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }
}
