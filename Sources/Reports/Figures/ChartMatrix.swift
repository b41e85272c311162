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
    /// The table. Curves that stand out have a frame and another colour; each cell says its first and last number. It is as wide as its columns need.
    public func drawing(width: Double, titled: Bool) -> Drawing {
        let (cell, gap) = (Self.cell, Self.gap)
        let width = Self.left + Double(names.count) * (cell.width + gap) + 6, height = Self.top + Double(subjects.count) * (cell.height + gap) + 6
        var drawing = Drawing(title, description: "Each cell shows how the number of its row moves along its column's axis.", width: width, height: height)
        if titled { drawing.text(title, 10, 20, size: 14, isBold: true, limit: width - 20) }
        for (column, (name, degree)) in columns.enumerated() {
            let x = Self.left + Double(column) * (cell.width + gap)
            drawing.text(name, x, Self.top - 20, size: 11, isBold: true, limit: cell.width)
            drawing.text(degree, x, Self.top - 8, .muted, size: 9, limit: cell.width)
        }
        for (row, (name, cells)) in rows.enumerated() {
            let y = Self.top + Double(row) * (cell.height + gap)
            drawing.text(name, 10, y + cell.height / 2, size: 11, isBold: true, limit: Self.left - 20)
            for (column, content) in cells.enumerated() where !content.points.isEmpty {
                draw(content, x: Self.left + Double(column) * (cell.width + gap), y: y, "\(name), \(names[column])", in: &drawing)
            }
        }
        return drawing
    }

    private func draw(_ content: Cell, x: Double, y: Double, _ name: String, in drawing: inout Drawing) {
        let (cell, finite) = (Self.cell, content.points.filter(\.y.isFinite)), ink = Drawing.Ink.series(content.isMarked ? 1 : 0)
        drawing.rectangle(x, y, cell.width, cell.height, stroke: content.isMarked ? ink : .frame, lineWidth: content.isMarked ? 2 : 1)
        guard let first = finite.first, let last = finite.last else { return drawing.text("no value", x + cell.width / 2, y + cell.height / 2, .muted, size: 9, anchor: .middle) }
        let values = finite.flatMap { [$0.y, $0.band?.lowerBound ?? $0.y, $0.band?.upperBound ?? $0.y] }
        let (low, high) = (values.min() ?? 0, values.max() ?? 1), across = (content.points.first?.x ?? 0, content.points.last?.x ?? 1)
        // Numbers stand in the upper and lower margin.
        func place(_ px: Double, _ py: Double) -> SIMD2<Double> {
            let right = across.1 > across.0 ? (px - across.0) / (across.1 - across.0) : 0.5, up = high > low ? (py - low) / (high - low) : 0.5
            return [x + 6 + (cell.width - 12) * right, y + cell.height - 14 - (cell.height - 28) * up]
        }
        let banded = finite.filter { $0.band != nil }
        if banded.count > 1 {
            let corners = banded.map { place($0.x, $0.band?.upperBound ?? $0.y) } + banded.reversed().map { place($0.x, $0.band?.lowerBound ?? $0.y) }
            drawing.add(Drawing.Mark(shape: .polygon(corners), fill: ink, opacity: 0.18))
        }
        let numbers = finite.map { "\(Numeral.short($0.x)) → \(Numeral.short($0.y))" }.joined(separator: ", ")
        drawing.add(Drawing.Mark(shape: .line(finite.map { place($0.x, $0.y) }), stroke: ink, width: 1.6, tooltip: "\(name): \(numbers)"))
        let rises = last.y >= first.y
        drawing.text(Numeral.short(first.y), x + 4, rises ? y + cell.height - 3 : y + 10, size: 9)
        drawing.text(Numeral.short(last.y), x + cell.width - 4, rises ? y + 10 : y + cell.height - 3, size: 9, anchor: .end)
    }
}
