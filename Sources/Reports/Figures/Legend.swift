/// Names beside the signs of their series, on as many lines as they need.
struct Legend {
    /// Height of all lines.
    let height: Double
    private let entries: [(series: Int, name: String, x: Double, line: Int)]
    private let isLined: Bool, limit: Double
    private static let size = 12.0, line = 18.0, gap = 16.0

    /// Entries for series with these names; one series needs no legend, two of the same name have entries each.
    init(_ names: [(series: Int, name: String)], width: Double, isLined: Bool) {
        let room = isLined ? 28.0 : 14, limit = width - room
        self.isLined = isLined
        self.limit = limit
        guard names.count > 1 else {
            (entries, height) = ([], 0)
            return
        }
        var x = 0.0, line = 0
        entries = names.map { series, name in
            let letters = Helvetica(false), needed = room + letters.width(letters.cut(name, size: Self.size, to: limit), size: Self.size)
            if x > 0, x + needed > width { (x, line) = (0, line + 1) }
            defer { x += needed + Self.gap }
            return (series, name, x, line)
        }
        height = Double(line + 1) * Self.line + 8
    }

    /// Draws it with its upper left corner at a point.
    func draw(in drawing: inout Drawing, x: Double, y: Double) {
        for entry in entries {
            let left = x + entry.x, middle = y + Double(entry.line) * Self.line + 9
            if isLined {
                drawing.add(Drawing.Mark(shape: .line([[left, middle], [left + 22, middle]]), stroke: .series(entry.series), width: 1.8, dash: Palette.dash(entry.series)))
            }
            drawing.sign(entry.series, at: [left + (isLined ? 11 : 4), middle])
            drawing.text(entry.name, left + (isLined ? 28 : 14), middle + 4, size: Self.size, limit: limit)
        }
    }
}
