/// What the head of a `.npy` file says: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyHeader {
    var elementType: NumPyElementType
    var isBigEndian: Bool
    var isColumnMajor: Bool
    var shape: [Int]
    /// Where the elements begin.
    var dataOffset: Int

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads and checks the head; the elements it promises are known to exist afterwards.
    init(_ source: some ByteSource) throws(ArchiveError) {
        let start = try source.bytes(0..<min(source.count, 12))
        guard start.starts(with: Self.magic), start.count >= 10 else {
            throw source.error(.unreadable, expected: "a .npy array", found: start.isEmpty ? "nothing" : "no NumPy signature")
        }
        let version = start[6]
        let length: Int
        switch version {
        case 1:
            length = Int(start[8]) | Int(start[9]) << 8
            dataOffset = 10 + length
        case 2, 3:
            guard start.count == 12 else { throw source.error(.unreadable, expected: "a .npy array", found: "only \(start.count) bytes") }
            length = start[8..<12].reversed().reduce(0) { $0 << 8 | Int($1) }
            dataOffset = 12 + length
        default: throw source.error(.unsupported, expected: "version 1, 2 or 3 of the .npy format", found: "version \(version)")
        }
        guard dataOffset <= source.count, length <= 1 << 20 else {
            throw source.error(.oversized, expected: "a header inside \(source.count) bytes", found: "one of \(length) bytes")
        }
        let text = try source.bytes(dataOffset - length..<dataOffset)
        var parser = Parser(text)
        guard let fields = parser.dictionary(), let descr = fields.descr, let isColumnMajor = fields.isColumnMajor, let shape = fields.shape else {
            throw source.error(
                .unreadable, expected: "a header with descr, fortran_order and shape", found: String(decoding: text.prefix(100), as: UTF8.self))
        }
        guard let order = descr.utf8.first, let type = NumPyElementType(rawValue: String(descr.dropFirst())), "<>|=".utf8.contains(order) else {
            let kind = descr.contains("O") ? "Python objects (\(descr)), which are never unpickled" : descr
            throw source.error(.unsupported, expected: "elements of type f2 f4 f8 i1…i8 u1…u8 b1", found: kind)
        }
        self.elementType = type
        // '=' is the order of the machine that wrote the file, which NumPy itself never writes: little-endian in practice.
        self.isBigEndian = order == UInt8(ascii: ">")
        self.isColumnMajor = isColumnMajor
        self.shape = shape
        var bytes = type.size
        for extent in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(extent, 1))
            guard !overflow else { throw source.error(.oversized, expected: "a size that fits 64 bits", found: "shape \(shape)") }
            bytes = product
        }
        if shape.contains(0) { bytes = 0 }
        guard bytes <= source.count - dataOffset else {
            throw source.error(.oversized, expected: "\(bytes) bytes for shape \(shape) of \(type)", found: "\(source.count - dataOffset)")
        }
    }

    /// The head of a row-major array of this type, byte for byte NumPy's: room for the row count to grow to 21 digits in place, then padding so that the
    /// elements begin at a multiple of 64.
    static func encode(_ type: NumPyElementType, isBigEndian: Bool, shape: [Int]) -> [UInt8] {
        let order = type.size == 1 ? "|" : isBigEndian ? ">" : "<"
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let text = "{'descr': '\(order)\(type.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }"
            + String(repeating: " ", count: shape.first.map { 21 - String($0).count } ?? 0)
        func padded(_ fixed: Int) -> String {
            let length = fixed + text.utf8.count + 1
            return text + String(repeating: " ", count: (64 - length % 64) % 64) + "\n"
        }
        let short = Array(padded(10).utf8)
        if let length = UInt16(exactly: short.count) {
            return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + short
        }
        let long = Array(padded(12).utf8)
        return magic + [2, 0] + (0..<4).map { UInt8(truncatingIfNeeded: long.count >> (8 * $0)) } + long
    }
}

/// Reads the one Python literal that a header is: a dictionary of a string, a truth value and a tuple of whole numbers.
private struct Parser {
    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func dictionary() -> (descr: String?, isColumnMajor: Bool?, shape: [Int]?)? {
        var fields: (descr: String?, isColumnMajor: Bool?, shape: [Int]?)
        guard take("{") else { return nil }
        while !take("}") {
            guard let key = string(), take(":") else { return nil }
            switch key {
            case "descr":
                // A list of fields (a structured type) is no string; its text serves the error.
                fields.descr = string() ?? "a structured type"
                if fields.descr == "a structured type" { return (fields.descr, false, []) }
            case "fortran_order": fields.isColumnMajor = take("True") ? true : take("False") ? false : nil
            case "shape": fields.shape = tuple()
            default: return nil
            }
            if !take(",") {
                guard take("}") else { return nil }
                break
            }
        }
        return fields
    }

    private mutating func tuple() -> [Int]? {
        guard take("(") else { return nil }
        var values: [Int] = []
        while !take(")") {
            guard values.count < 64, let value = number() else { return nil }
            values.append(value)
            if !take(",") { return take(")") ? values : nil }
        }
        return values
    }

    private mutating func number() -> Int? {
        skipSpace()
        let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        position += digits.count
        // Python 2 wrote long integers with a trailing L.
        if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private mutating func string() -> String? {
        skipSpace()
        guard let quote = text[position...].first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        let content = text[(position + 1)...].prefix { $0 != quote }
        guard content.endIndex < text.count else { return nil }
        position = content.endIndex + 1
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func take(_ token: String) -> Bool {
        skipSpace()
        guard text[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while position < text.count, text[position] == UInt8(ascii: " ") || text[position] == UInt8(ascii: "\n") { position += 1 }
    }
}
