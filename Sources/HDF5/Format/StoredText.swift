/// Text as a file stores it.
struct StoredText {
    var type: StoredType
    var file: StoredFile
    /// The most bytes that the text may claim.
    var limit: Int

    /// The texts of elements; what follows a NUL byte is not part of one.
    func read(_ elements: [UInt8]) throws(Damage) -> [String] {
        switch type.text {
        case .fixed(let isSpacePadded): fixed(elements, isSpacePadded)
        case .variable: try variable(elements)
        case nil: throw Damage(reason: .mismatched, expected: "text", found: "elements of type \(type.element)")
        }
    }

    private func fixed(_ elements: [UInt8], _ isSpacePadded: Bool) -> [String] {
        stride(from: 0, to: elements.count, by: type.size).map { start in
            var text = elements[start..<start + type.size].prefix { $0 != 0 }
            while isSpacePadded, text.last == UInt8(ascii: " ") { text.removeLast() }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Each element is a length, and the address and number of an object of a heap.
    private func variable(_ elements: [UInt8]) throws(Damage) -> [String] {
        guard type.size == 8 + file.widths.address else { throw Damage(expected: "references to text", found: "elements of \(type.size) bytes") }
        var fields = FieldReader(elements, widths: file.widths), texts: [String] = [], total = 0
        texts.reserveCapacity(elements.count / type.size)
        while fields.remaining > 0 {
            let length = try fields.number(4), address = try fields.address(), number = try fields.number(4)
            guard length > 0, let address, address > 0 else {
                texts.append("")
                continue
            }
            total += length
            guard total <= limit else { throw Damage(reason: .oversized, expected: "at most \(limit) bytes of text", found: "more") }
            let object = try file.heaps.withLock { heaps throws(Damage) in try heaps.object(number, at: address, in: file) }
            guard object.count >= length else { throw Damage(expected: "text of \(length) bytes", found: "\(object.count)") }
            texts.append(String(decoding: object.prefix(length).prefix { $0 != 0 }, as: UTF8.self))
        }
        return texts
    }
}
