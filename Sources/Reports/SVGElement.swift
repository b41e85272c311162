/// One element of a drawing, with attributes in the order given, so that the same drawing is the same bytes.
struct SVGElement {
    private var opening: String, content = ""
    private let name: String

    /// An element; values are escaped.
    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [SVGElement] = []) {
        self.name = name
        opening = attributes.reduce(into: "<" + name) { $0 += " \($1.key)=\"\(Self.escaped($1.value))\"" }
        self.content = content.map(\.text).joined()
    }

    /// A text at a point.
    init(_ text: String, x: Double, y: Double, anchor: String = "start", classes: String = "") {
        self.init("text", ["x": Self.number(x), "y": Self.number(y), "text-anchor": anchor, "class": classes])
        content = Self.escaped(text)
    }

    /// The element with a text inside.
    func saying(_ text: String) -> SVGElement {
        var element = self
        element.content += Self.escaped(text)
        return element
    }

    /// Shown when the pointer rests on the element.
    func titled(_ title: String) -> SVGElement {
        var element = self
        element.content = "<title>\(Self.escaped(title))</title>" + content
        return element
    }

    /// A style sheet, which must not be escaped.
    static func style(_ sheet: String) -> SVGElement {
        var element = SVGElement("style")
        element.content = sheet
        return element
    }

    var text: String { content.isEmpty ? opening + "/>" : "\(opening)>\(content)</\(name)>" }

    /// At most two decimals: a hundredth of a pixel.
    static func number(_ value: Double) -> String {
        let hundredths = (value * 100).rounded()
        return hundredths == (hundredths / 100).rounded() * 100 ? "\(Int(hundredths / 100))" : "\(hundredths / 100)"
    }

    /// Text as it may stand between tags and in quoted attributes; characters that XML forbids become U+FFFD.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
