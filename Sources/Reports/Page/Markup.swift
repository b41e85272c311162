/// One element of XML or HTML, with attributes in the order given, so that the same page is the same bytes. The only place where text becomes markup, and it escapes everything.
public struct Markup {
    private var opening: String, content = ""
    private let name: String

    /// An element; values are escaped.
    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [Markup] = []) {
        self.name = name
        opening = attributes.reduce(into: "<" + name) { $0 += " \($1.key)=\"\(Self.escaped($1.value))\"" }
        self.content = content.reduce(into: "") { $0 += $1.text }
    }

    /// An element that says something; values and text are escaped.
    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String) {
        self.init(name, attributes)
        content = Self.escaped(text)
    }

    /// An element with a text whose lines stay lines.
    init(lines name: String, _ text: String) {
        self.init(name)
        content = text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.escaped(String($0)) }.joined(separator: "\n")
    }

    /// Words alone.
    init(words: String) { (name, opening, content) = ("", "", Self.escaped(words)) }

    /// A style sheet or a script of this package, which must not be escaped; never text from outside.
    static func raw(_ name: String, _ text: String) -> Markup {
        var element = Markup(name)
        element.content = text
        return element
    }

    /// The element with a text at its end.
    func saying(_ text: String) -> Markup {
        var element = self
        element.content += Self.escaped(text)
        return element
    }

    /// Shown when the pointer rests on the element of a drawing.
    func titled(_ title: String) -> Markup {
        var element = self
        element.content = "<title>\(Self.escaped(title))</title>" + content
        return element
    }

    /// Adds an attribute, escaped.
    mutating func set(_ name: String, _ value: String) { opening += " \(name)=\"\(Self.escaped(value))\"" }

    /// Adds an element before all others.
    mutating func insert(_ first: Markup) { content = first.text + content }

    /// Adds an element after all others.
    mutating func append(_ last: Markup) { content += last.text }

    /// Elements of HTML that are never closed, and elements of SVG that hold nothing.
    private static let void: Set = ["meta", "img", "br", "hr", "col", "input"], leaves: Set = ["polyline", "polygon", "circle"]

    var text: String {
        if name.isEmpty { return content }
        if Self.void.contains(name) { return opening + ">" }
        return content.isEmpty && Self.leaves.contains(name) ? opening + "/>" : "\(opening)>\(content)</\(name)>"
    }

    /// At most two decimals: a hundredth of a pixel.
    static func number(_ value: Double) -> String {
        let hundredths = (value * 100).rounded()
        return hundredths == (hundredths / 100).rounded() * 100 ? "\(Int(hundredths / 100))" : "\(hundredths / 100)"
    }

    /// Text as it may stand between tags and in quoted attributes; characters that XML forbids become U+FFFD.
    public static func escaped(_ text: String) -> String {
        // Most texts are plain, and pages are long.
        guard text.utf8.contains(where: { $0 < 32 || $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0x22 || $0 == 0x27 || $0 >= 0x7F }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result += " "
            // Signs that turn the direction of the text around them could make a name look like another.
            case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result += "\u{FFFD}"
            case _ where scalar.value < 32 || 0x7F...0x9F ~= scalar.value || scalar.value & 0xFFFE == 0xFFFE: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
