/// Subjects by two of their numbers, such as fidelity and diversity, with the intervals of both.
public struct ScatterChart: Figure, Hashable {
    /// One subject.
    public struct Dot: Hashable, Sendable {
        /// Whose numbers.
        public var name: String
        /// How far across and up.
        public var x, y: Double
        /// Their intervals; nil without one.
        public var xInterval, yInterval: ClosedRange<Double>?
        /// Which series' colour and sign it has.
        public var series: Int

        /// A subject's two numbers.
        public init(_ name: String, x: Double, y: Double, xInterval: ClosedRange<Double>? = nil, yInterval: ClosedRange<Double>? = nil, series: Int) {
            (self.name, self.x, self.y, self.xInterval, self.yInterval, self.series) = (name, x.drawable, y.drawable, xInterval?.drawable, yInterval?.drawable, series)
        }
    }

    /// What stands above.
    public var title: String
    /// What the axes measure.
    public var xLabel, yLabel: String
    /// In the order of the legend.
    public var dots: [Dot]

    /// A chart of subjects.
    public init(_ title: String, x: String, y: String, _ dots: [Dot]) { (self.title, xLabel, yLabel, self.dots) = (title, x, y, dots) }

    /// The chart: title, legend, the vertical axis's name above it, one sign for each subject.
    public func drawing(width: Double, titled: Bool) -> Drawing {
        func axis(_ values: [Double], _ intervals: [ClosedRange<Double>?]) -> Axis {
            Axis(values + intervals.flatMap { $0.map { [$0.lowerBound, $0.upperBound] } ?? [] }, count: max(2, min(6, Int(width / 100))))
        }
        let x = axis(dots.map(\.x), dots.map(\.xInterval)), y = axis(dots.map(\.y), dots.map(\.yInterval)), margin = 14.0
        let legend = Legend(dots.map { ($0.series, $0.name) }, width: width - 2 * margin, isLined: false)
        let head = titled && !title.isEmpty ? 30.0 : 6, top = head + legend.height + 26, left = margin + Frame.room(y), height = min(340, width * 0.8)
        let frame = Frame(left: left, top: top, width: min(width - left - margin - 8, height * 1.35), height: height, x: x, y: y)
        var drawing = Drawing(title, description: description, width: width, height: top + height + Frame.below)
        if titled { drawing.text(title, margin, 20, size: 14, isBold: true, limit: width - 2 * margin) }
        legend.draw(in: &drawing, x: margin, y: head)
        drawing.text(yLabel, margin, head + legend.height + 12, limit: width - 2 * margin)
        frame.draw(in: &drawing, xLabel: xLabel, acrossAndUp: true)
        let finite = dots.filter { $0.x.isFinite && $0.y.isFinite }
        for dot in finite {
            let ink = Drawing.Ink.series(dot.series)
            if let band = dot.xInterval { frame.whisker(in: &drawing, from: frame.place(band.lowerBound, dot.y), to: frame.place(band.upperBound, dot.y), ink, opacity: 0.6) }
            if let band = dot.yInterval { frame.whisker(in: &drawing, from: frame.place(dot.x, band.lowerBound), to: frame.place(dot.x, band.upperBound), ink, opacity: 0.6) }
        }
        for dot in finite {
            drawing.sign(dot.series, at: frame.place(dot.x, dot.y), radius: 5, tooltip: "\(dot.name): \(xLabel) \(Numeral.short(dot.x)), \(yLabel) \(Numeral.short(dot.y))")
        }
        return drawing
    }

    private var description: String {
        "\(yLabel) against \(xLabel). " + dots.map { "\($0.name): \(Numeral.short($0.x)), \(Numeral.short($0.y))" }.joined(separator: "; ")
    }
}
