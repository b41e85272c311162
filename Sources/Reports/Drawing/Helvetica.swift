/// Widths of the letters of Helvetica, which Arial and Liberation Sans share: charts leave as much room as words need, and PDF viewers have it without embedding.
///
/// Source: Adobe's font metrics of the 14 standard fonts (Core 14 AFM), in thousandths of the size.
struct Helvetica {
    private let widths: [UInt16]

    init(_ isBold: Bool) { widths = isBold ? Self.bold : Self.regular }

    /// Width of a text in pixels at a size. Letters that the font has not are taken as wide as 0.6, ideographs as 1.
    func width(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + width($1) } * size / 1000
    }

    /// Whether a letter's width is more than a guess, or does not show: letters of other scripts would be stretched.
    static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        WindowsLatin.byte(scalar) != nil || SymbolFont.letter(scalar) != nil || [.control, .format].contains(scalar.properties.generalCategory)
    }

    private func width(_ scalar: Unicode.Scalar) -> Double {
        if let byte = WindowsLatin.byte(scalar) { return Double(widths[Int(byte) - 32]) }
        if let symbol = SymbolFont.letter(scalar) { return Double(symbol.width) }
        return scalar.value >= 0x2E80 ? 1000 : 600
    }

    /// The text, or its two ends around an ellipsis where it is wider than `limit`: names differ at their ends as often as at their beginnings.
    func cut(_ text: String, size: Double, to limit: Double) -> String {
        guard width(text, size: size) > limit else { return text }
        let letters = Array(text)
        var kept = letters.count
        while kept > 0 {
            kept -= 1
            let shown = String(letters.prefix((kept + 1) / 2)) + "…" + String(letters.suffix(kept / 2))
            if width(shown, size: size) <= limit { return shown }
        }
        return ""
    }

    /// From the space to ÿ, in the order of Windows-1252.
    private static let regular: [UInt16] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350,
        556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667,
        278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
        667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
        556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
    ]
    private static let bold: [UInt16] = [
        278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
        975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
        333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, 350,
        556, 350, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350, 278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944, 350, 500, 667,
        278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611,
        722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
        556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278, 611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
    ]
}

/// The bytes of Windows-1252, which PDF calls WinAnsiEncoding.
enum WindowsLatin {
    private static let upper: [UInt8: Unicode.Scalar] = [
        0x80: "€", 0x82: "‚", 0x83: "ƒ", 0x84: "„", 0x85: "…", 0x86: "†", 0x87: "‡", 0x88: "ˆ", 0x89: "‰", 0x8A: "Š", 0x8B: "‹", 0x8C: "Œ", 0x8E: "Ž",
        0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—", 0x98: "˜", 0x99: "™", 0x9A: "š", 0x9B: "›", 0x9C: "œ", 0x9E: "ž", 0x9F: "Ÿ",
    ]
    private static let bytes = Dictionary(uniqueKeysWithValues: upper.map { ($1, $0) })

    /// The byte of a letter; nil where there is none.
    static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 32..<127, 0xA0...0xFF: UInt8(scalar.value)
        default: bytes[scalar]
        }
    }
}

/// The letters of the standard font Symbol that reports use: Greek and mathematics.
enum SymbolFont {
    private static let letters: [Unicode.Scalar: (byte: UInt8, width: UInt16)] = {
        let table: [(Unicode.Scalar, UInt8, UInt16)] = [
            ("Α", 65, 722), ("Β", 66, 667), ("Χ", 67, 722), ("Δ", 68, 612), ("Ε", 69, 611), ("Φ", 70, 763), ("Γ", 71, 603), ("Η", 72, 722), ("Ι", 73, 333), ("Κ", 75, 722), ("Λ", 76, 686), ("Μ", 77, 889),
            ("Ν", 78, 722), ("Ο", 79, 722), ("Π", 80, 768), ("Θ", 81, 741), ("Ρ", 82, 556), ("Σ", 83, 592), ("Τ", 84, 611), ("Υ", 85, 690), ("Ω", 87, 768), ("Ξ", 88, 645), ("Ψ", 89, 795), ("Ζ", 90, 611),
            ("α", 97, 631), ("β", 98, 549), ("χ", 99, 549), ("δ", 100, 494), ("ε", 101, 439), ("φ", 102, 521), ("γ", 103, 411), ("η", 104, 603), ("ι", 105, 329), ("κ", 107, 549), ("λ", 108, 549),
            ("μ", 109, 576), ("ν", 110, 521), ("ο", 111, 549), ("π", 112, 549), ("θ", 113, 521), ("ρ", 114, 549), ("σ", 115, 603), ("τ", 116, 439), ("υ", 117, 576), ("ω", 119, 686), ("ξ", 120, 493),
            ("ψ", 121, 686), ("ζ", 122, 494), ("ς", 86, 439), ("−", 45, 549), ("≤", 163, 549), ("∞", 165, 713), ("←", 172, 987), ("↑", 173, 603), ("→", 174, 987), ("↓", 175, 603), ("≥", 179, 549),
            ("∝", 181, 713), ("∂", 182, 494), ("≠", 185, 549), ("≡", 186, 549), ("≈", 187, 549), ("∈", 206, 713), ("∏", 213, 823), ("√", 214, 549), ("∑", 229, 713), ("∫", 242, 274),
        ]
        return Dictionary(uniqueKeysWithValues: table.map { ($0.0, ($0.1, $0.2)) })
    }()

    /// The byte and the width of a letter; nil where there is none.
    static func letter(_ scalar: Unicode.Scalar) -> (byte: UInt8, width: UInt16)? { letters[scalar] }
}
