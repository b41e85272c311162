extension Drawing {
    /// The drawing as one page of PDF 1.4, a pixel to a point, in the standard fonts Helvetica and Symbol, which every viewer has. It holds no date: equal drawings are equal bytes.
    ///
    /// Letters that neither font has become question marks; ``lettersWithoutPDF`` names them.
    public var pdf: [UInt8] {
        let content = PDFContent(self)
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(Markup.number(width)) \(Markup.number(height))] /Contents 4 0 R /Resources << /Font << /F0 5 0 R /F1 6 0 R /F2 7 0 R >> /ExtGState << "
                + content.opacities.enumerated().map { "/G\($0.offset) << /ca \(Markup.number($0.element)) /CA \(Markup.number($0.element)) >>" }.joined(separator: " ") + " >> >> >>",
            "<< /Length \(content.text.utf8.count) >>\nstream\n\(content.text)\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>",
        ]
        // Titles are UTF-16, as PDF wants what is not Latin.
        objects.append("<< /Title <FEFF\(title.utf16.map { Self.hexadecimal(Int($0), digits: 4) }.joined())> /Producer (gan-eval) >>")
        var file = "%PDF-1.4\n", places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(file.utf8.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = file.utf8.count
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for place in places { file += String(repeating: "0", count: 10 - String(place).count) + "\(place) 00000 n \n" }
        file += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R /Info \(objects.count) 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(file.utf8)
    }

    /// Letters of the drawing that its PDF cannot show, each once.
    public var lettersWithoutPDF: [Character] {
        let letters = marks.flatMap { mark -> [Character] in
            guard case let .text(text, _, _, _, _) = mark.shape else { return [] }
            return text.filter { $0.unicodeScalars.contains { WindowsLatin.byte($0) == nil && SymbolFont.letter($0) == nil } }
        }
        return Set(letters).sorted()
    }

    fileprivate static func hexadecimal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// The operators that draw a page.
private struct PDFContent {
    private(set) var text = "", opacities: [Double] = [1]
    private let height: Double

    init(_ drawing: Drawing) {
        height = drawing.height
        for mark in drawing.marks { draw(mark) }
    }

    private mutating func draw(_ mark: Drawing.Mark) {
        var state: [String] = []
        if mark.opacity < 1 {
            let place = opacities.firstIndex(of: mark.opacity) ?? opacities.count
            if place == opacities.count { opacities.append(mark.opacity) }
            state.append("/G\(place) gs")
        }
        if let fill = mark.fill { state.append(Palette.components(fill).map(Markup.number).joined(separator: " ") + " rg") }
        if let stroke = mark.stroke {
            state.append(Palette.components(stroke).map(Markup.number).joined(separator: " ") + " RG \(Markup.number(mark.width)) w 1 j")
            if !mark.dash.isEmpty { state.append("[\(mark.dash.map(Markup.number).joined(separator: " "))] 0 d") }
        }
        let paint = mark.fill == nil ? "S" : mark.stroke == nil ? "f" : "B"
        let path: String
        switch mark.shape {
        case let .line(points): path = trace(points) + " S"
        case let .polygon(points): path = trace(points) + " h " + paint
        case let .circle(centre, radius): path = circle(centre, radius) + " h " + paint
        case let .text(text, point, size, isBold, anchor): path = words(text, point, size, isBold, anchor)
        }
        text += "q \(state.joined(separator: " ")) \(path) Q\n"
    }

    private func place(_ point: SIMD2<Double>) -> String { "\(Markup.number(point.x)) \(Markup.number(height - point.y))" }

    private func trace(_ points: [SIMD2<Double>]) -> String { points.enumerated().map { place($0.element) + ($0.offset == 0 ? " m" : " l") }.joined(separator: " ") }

    /// Four cubic curves, off by less than a thousandth of the radius.
    private func circle(_ centre: SIMD2<Double>, _ radius: Double) -> String {
        let k = 0.5522847498, directions: [SIMD2<Double>] = [[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]]
        var path = place(centre + directions[0] * radius) + " m"
        for (from, to) in zip(directions, directions.dropFirst()) {
            path += " \(place(centre + (from + to * k) * radius)) \(place(centre + (to + from * k) * radius)) \(place(centre + to * radius)) c"
        }
        return path
    }

    private func words(_ text: String, _ point: SIMD2<Double>, _ size: Double, _ isBold: Bool, _ anchor: Drawing.Anchor) -> String {
        let share = anchor == .start ? 0 : anchor == .middle ? 0.5 : 1
        let start = SIMD2(point.x - share * Helvetica(isBold).width(text, size: size), point.y)
        var shown = "", font = -1, run = ""
        func finish() { if !run.isEmpty { shown += " <\(run)> Tj" } }
        for scalar in text.unicodeScalars {
            let symbol = WindowsLatin.byte(scalar) == nil ? SymbolFont.letter(scalar) : nil
            let next = symbol == nil ? (isBold ? 1 : 0) : 2
            if next != font {
                finish()
                (font, run) = (next, "")
                shown += " /F\(font) \(Markup.number(size)) Tf"
            }
            run += Drawing.hexadecimal(Int(symbol?.byte ?? WindowsLatin.byte(scalar) ?? 63), digits: 2)
        }
        finish()
        return "BT\(shown.isEmpty ? "" : " \(place(start)) Td")\(shown) ET"
    }
}
