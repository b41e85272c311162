extension Drawing {
    /// The drawing as a file that needs nothing else, readable on light and dark pages and, through its title and description, by screen readers.
    public var svg: String {
        var element = markup(isFile: true)
        element.insert(.raw("style", Palette.sheet))
        return element.text + "\n"
    }

    /// The drawing as part of a page that has ``Palette/sheet``.
    func markup(isFile: Bool = false, classes: String = "") -> Markup {
        let size = "0 0 \(Markup.number(width)) \(Markup.number(height))"
        let attributes: KeyValuePairs = [
            "xmlns": "http://www.w3.org/2000/svg", "class": classes.isEmpty ? "fig" : "fig " + classes, "viewBox": size, "width": Markup.number(width), "height": Markup.number(height), "role": "img",
        ]
        var parts = [Markup("title").saying(title), Markup("desc").saying(description)]
        if isFile { parts.append(Self.markup(Mark(shape: .polygon([[0, 0], [width, 0], [width, height], [0, height]]), fill: .paper))) }
        return Markup("svg", attributes, parts + marks.map(Self.markup))
    }

    /// Fewer letters are at most a few pixels wider in other fonts.
    private static let shortest = 12

    static func markup(_ mark: Mark) -> Markup {
        func places(_ points: [SIMD2<Double>]) -> String { points.map { "\(Markup.number($0.x)),\(Markup.number($0.y))" }.joined(separator: " ") }
        var element: Markup
        switch mark.shape {
        case let .line(points): element = Markup("polyline", ["points": places(points)])
        case let .polygon(points): element = Markup("polygon", ["points": places(points)])
        case let .circle(centre, radius): element = Markup("circle", ["cx": Markup.number(centre.x), "cy": Markup.number(centre.y), "r": Markup.number(radius)])
        case let .text(text, point, size, isBold, anchor):
            element = Markup("text", ["x": Markup.number(point.x), "y": Markup.number(point.y), "font-size": Markup.number(size)])
            if anchor != .start { element.set("text-anchor", anchor.rawValue) }
            // Room was left for Helvetica's letters; where a reader has neither that nor its likes, words in wider ones would overlap.
            if text.count >= shortest, text.unicodeScalars.allSatisfy(Helvetica.isKnown) {
                element.set("textLength", Markup.number(Helvetica(isBold).width(text, size: size)))
                element.set("lengthAdjust", "spacingAndGlyphs")
            }
            element = element.saying(text)
        }
        var classes: [String] = []
        if let stroke = mark.stroke { classes.append("l-" + Palette.name(stroke)) }
        if let fill = mark.fill { classes.append("f-" + Palette.name(fill)) } else { classes.append("l") }
        if case .text(_, _, _, true, _) = mark.shape { classes.append("b") }
        element.set("class", classes.joined(separator: " "))
        if mark.stroke != nil, mark.width != 1 { element.set("stroke-width", Markup.number(mark.width)) }
        if case .line = mark.shape, mark.width > 1 { element.set("stroke-linejoin", "round") }
        if !mark.dash.isEmpty { element.set("stroke-dasharray", mark.dash.map(Markup.number).joined(separator: " ")) }
        if mark.opacity < 1 { element.set("opacity", Markup.number(mark.opacity)) }
        return mark.tooltip.map(element.titled) ?? element
    }
}
