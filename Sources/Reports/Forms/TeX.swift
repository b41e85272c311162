/// Text of LaTeX.
enum TeX {
    /// Text in which nothing is a command: specials are escaped, letters that pdfLaTeX with T1 fonts knows stay, mathematics becomes mathematics, and anything else is named by its code point.
    static func text(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if let special = specials[scalar] {
                result += special
            } else if let symbol = symbols[scalar] {
                result += symbol
            } else if scalar.isASCII, scalar.value >= 32, scalar.value < 127 {
                result.unicodeScalars.append(scalar)
            } else if let letter = letters[scalar] {
                result += letter
            } else if [9, 10, 13, 0xA0].contains(scalar.value) {
                result += scalar.value == 0xA0 ? "~" : " "
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\texttt{[U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]}"
            }
        }
    }

    /// Text of BibTeX in plain ASCII; specials of TeX are left to those who wrote the entry.
    static func accented(_ text: String) -> String { text.unicodeScalars.reduce(into: "") { $0 += letters[$1] ?? symbols[$1] ?? String($1) } }

    private static let specials: [Unicode.Scalar: String] = [
        "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
        "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "{\\char34}", "'": "{\\char39}", "`": "\\textasciigrave{}",
        // Two of them in a row are another sign.
        "-": "-{}", ",": ",{}", "?": "?{}", "!": "!{}",
    ]

    private static let symbols: [Unicode.Scalar: String] = [
        "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "ε": "$\\varepsilon$", "η": "$\\eta$", "θ": "$\\theta$", "κ": "$\\kappa$", "λ": "$\\lambda$", "μ": "$\\mu$", "ν": "$\\nu$",
        "π": "$\\pi$", "ρ": "$\\rho$", "σ": "$\\sigma$", "τ": "$\\tau$", "φ": "$\\varphi$", "χ": "$\\chi$", "ψ": "$\\psi$", "ω": "$\\omega$", "Γ": "$\\Gamma$", "Δ": "$\\Delta$", "Θ": "$\\Theta$",
        "Λ": "$\\Lambda$", "Σ": "$\\Sigma$", "Φ": "$\\Phi$", "Ψ": "$\\Psi$", "Ω": "$\\Omega$", "∞": "$\\infty$", "−": "$-$", "±": "$\\pm$", "×": "$\\times$", "·": "$\\cdot$", "≤": "$\\le$", "≥": "$\\ge$",
        "≈": "$\\approx$", "≠": "$\\ne$", "→": "$\\to$", "←": "$\\leftarrow$", "↑": "$\\uparrow$", "↓": "$\\downarrow$", "²": "\\textsuperscript{2}", "³": "\\textsuperscript{3}", "½": "$\\frac12$",
        "°": "$^\\circ$", "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''", "…": "\\dots{}", "µ": "$\\mu$",
    ]

    /// Letters of western and central Europe, by accent and letter, which need no particular encoding of the document.
    private static let letters: [Unicode.Scalar: String] = {
        var letters: [Unicode.Scalar: String] = ["ß": "{\\ss}", "æ": "{\\ae}", "Æ": "{\\AE}", "ø": "{\\o}", "Ø": "{\\O}", "å": "{\\aa}", "Å": "{\\AA}", "ł": "{\\l}", "Ł": "{\\L}", "œ": "{\\oe}", "Œ": "{\\OE}", "ı": "{\\i}"]
        let accents: [(String, String, String)] = [
            ("`", "àèìòùÀÈÌÒÙ", "aeiouAEIOU"), ("'", "áéíóúýÁÉÍÓÚÝćńśźĆŃŚŹ", "aeiouyAEIOUYcnszCNSZ"), ("^", "âêîôûÂÊÎÔÛ", "aeiouAEIOU"), ("\"", "äëïöüÿÄËÏÖÜ", "aeiouyAEIOU"), ("~", "ãñõÃÑÕ", "anoANO"),
            ("c", "çÇşŞ", "cCsS"), ("v", "čěňřšžČĚŇŘŠŽ", "cenrszCENRSZ"), ("H", "őűŐŰ", "ouOU"), (".", "żŻİ", "zZI"), ("k", "ąęĄĘ", "aeAE"), ("u", "ăğĂĞ", "agAG"), ("r", "ůŮ", "uU"),
        ]
        for (accent, whole, plain) in accents {
            for (letter, base) in zip(whole.unicodeScalars, plain.unicodeScalars) { letters[letter] = "{\\\(accent){\(base)}}" }
        }
        return letters
    }()
}
