/// Small curves in a table: a row for each subject, a column for each circumstance, every cell with its own vertical range.
public struct ChartMatrix: Figure, Hashable {
    /// One small curve.
    public struct Cell: Hashable, Sendable {
        /// The curve; empty leaves the cell blank.
        public var points: [Series.Point]
        /// Whether the curve is to stand out.
        public var isMarked: Bool

        /// A curve.
        public init(_ points: [Series.Point], isMarked: Bool = false) { (self.points, self.isMarked) = (points, isMarked) }
    }

    /// What stands above.
    public var title: String
    /// Names of the columns, and what their horizontal axes measure.
    public var columns: [(name: String, degree: String)] { zip(names, degrees).map { ($0, $1) } }
    /// The rows from the top, each with a cell for each column.
    public var rows: [(name: String, cells: [Cell])] { zip(subjects, cells).map { ($0, $1) } }
    private let names: [String], degrees: [String], subjects: [String], cells: [[Cell]]

    /// A table of curves.
    public init(_ title: String, columns: [(name: String, degree: String)], rows: [(name: String, cells: [Cell])]) {
        precondition(rows.allSatisfy { $0.cells.count == columns.count }, "every row needs \(columns.count) cells")
        self.title = title
        (names, degrees, subjects, cells) = (columns.map(\.name), columns.map(\.degree), rows.map(\.name), rows.map(\.cells))
    }

    private static let cell = (width: 118.0, height: 58.0), gap = 10.0, left = 150.0, top = 64.0
    private static let sheet = """
        text{font:11px system-ui,sans-serif;fill:#333}.title{font-size:14px;font-weight:600}.name{font-weight:600}.small{font-size:9px}.frame{fill:none;stroke:#ccc}.mark{fill:none;stroke:#d55e00;stroke-width:2}\
        @media(prefers-color-scheme:dark){text{fill:#ddd}.frame{stroke:#555}}
        """

    /// The table as SVG. Curves that stand out have a frame and another colour; each cell says its first and last number.
    public var svg: String {
        let (cell, gap) = (Self.cell, Self.gap)
        let width = Self.left + Double(names.count) * (cell.width + gap) + 6, height = Self.top + Double(subjects.count) * (cell.height + gap) + 6
        var parts: [SVGElement] = [.style(Self.sheet), SVGElement("title").saying(title), SVGElement(title, x: 10, y: 20, classes: "title")]
        for (column, (name, degree)) in columns.enumerated() {
            let x = Self.left + Double(column) * (cell.width + gap)
            parts += [SVGElement(name, x: x, y: Self.top - 20, classes: "name"), SVGElement(degree, x: x, y: Self.top - 8, classes: "small")]
        }
        for (row, (name, cells)) in rows.enumerated() {
            let y = Self.top + Double(row) * (cell.height + gap)
            parts.append(SVGElement(name, x: 10, y: y + cell.height / 2, classes: "name"))
            for (column, content) in cells.enumerated() where !content.points.isEmpty {
                parts += drawn(content, x: Self.left + Double(column) * (cell.width + gap), y: y, "\(name), \(names[column])")
            }
        }
        let size = "\(SVGElement.number(width)) \(SVGElement.number(height))"
        return SVGElement("svg", ["xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size)", "width": SVGElement.number(width), "role": "img"], parts).text + "\n"
    }

    private func drawn(_ content: Cell, x: Double, y: Double, _ name: String) -> [SVGElement] {
        let (cell, finite) = (Self.cell, content.points.filter(\.y.isFinite))
        var parts = [SVGElement("rect", ["x": SVGElement.number(x), "y": SVGElement.number(y), "width": SVGElement.number(cell.width), "height": SVGElement.number(cell.height),
                                         "class": content.isMarked ? "mark" : "frame"])]
        guard let first = finite.first, let last = finite.last else { return parts + [SVGElement("no value", x: x + cell.width / 2, y: y + cell.height / 2, anchor: "middle", classes: "small")] }
        let values = finite.flatMap { [$0.y, $0.band?.lowerBound ?? $0.y, $0.band?.upperBound ?? $0.y] }
        let (low, high) = (values.min() ?? 0, values.max() ?? 1), across = (content.points.first?.x ?? 0, content.points.last?.x ?? 1)
        // Numbers stand in the upper and lower margin.
        func place(_ px: Double, _ py: Double) -> String {
            let right = across.1 > across.0 ? (px - across.0) / (across.1 - across.0) : 0.5, up = high > low ? (py - low) / (high - low) : 0.5
            return "\(SVGElement.number(x + 6 + (cell.width - 12) * right)),\(SVGElement.number(y + cell.height - 14 - (cell.height - 28) * up))"
        }
        let colour = content.isMarked ? Palette.colours[1] : Palette.colours[0], banded = finite.filter { $0.band != nil }
        if banded.count > 1 {
            let corners = banded.map { place($0.x, $0.band?.upperBound ?? $0.y) } + banded.reversed().map { place($0.x, $0.band?.lowerBound ?? $0.y) }
            parts.append(SVGElement("polygon", ["points": corners.joined(separator: " "), "fill": colour, "fill-opacity": "0.18"]))
        }
        parts.append(SVGElement("polyline", ["points": finite.map { place($0.x, $0.y) }.joined(separator: " "), "fill": "none", "stroke": colour, "stroke-width": "1.6", "stroke-linejoin": "round"])
            .titled("\(name): " + finite.map { "\(LineChart.short($0.x)) → \(LineChart.short($0.y))" }.joined(separator: ", ")))
        let rises = last.y >= first.y
        parts.append(SVGElement(LineChart.short(first.y), x: x + 4, y: rises ? y + cell.height - 3 : y + 10, classes: "small"))
        parts.append(SVGElement(LineChart.short(last.y), x: x + cell.width - 4, y: rises ? y + 10 : y + cell.height - 3, anchor: "end", classes: "small"))
        return parts
    }
}
