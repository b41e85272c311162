/// Curves over a common axis, with bands, a legend, and tooltips at the points where there are few.
public struct LineChart: Figure, Hashable {
    /// What stands above.
    public var title: String
    /// What the axes measure, with units.
    public var xLabel, yLabel: String
    /// The curves, in the order of the legend.
    public var series: [Series]
    /// How the vertical numbers lie.
    public var scale: Axis.Scale
    /// Numbers that the axes must reach, such as 0 and 1 of shares.
    public var xReaches: [Double] = [], yReaches: [Double] = []
    /// Places under the horizontal axis and what is written there, instead of round numbers.
    public var ticks: [Tick]?
    /// Whether bands are whiskers at each point rather than areas.
    public var hasWhiskers = false
    /// Height of the part between the axes, in pixels.
    public var height = 220.0

    /// A place on an axis with its name.
    public struct Tick: Hashable, Sendable {
        /// Where.
        public var place: Double
        /// What is written.
        public var label: String

        /// A place with its name.
        public init(_ place: Double, _ label: String) { (self.place, self.label) = (place, label) }
    }

    /// A chart of curves.
    public init(_ title: String, x: String, y: String, scale: Axis.Scale = .linear, _ series: [Series]) {
        (self.title, xLabel, yLabel, self.scale, self.series) = (title, x, y, scale, series)
    }

    /// The chart: title, legend, the vertical axis's name above it, curves.
    public func drawing(width: Double, titled: Bool) -> Drawing {
        let points = series.flatMap(\.points)
        let x = Axis(points.map(\.x) + xReaches, count: max(2, Int(width / 90)), isTight: true)
        let y = Axis(points.flatMap { [$0.y, $0.band?.lowerBound ?? $0.y, $0.band?.upperBound ?? $0.y] } + yReaches, scale: scale)
        let margin = 14.0, legend = Legend(series.enumerated().map { ($0.element.sign ?? $0.offset, $0.element.legend ?? $0.element.name) }.filter { !$0.1.isEmpty || series.count == 1 }, width: width - 2 * margin, isLined: true)
        let head = titled && !title.isEmpty ? 30.0 : 6, top = head + legend.height + 26, left = margin + Frame.room(y)
        let frame = Frame(left: left, top: top, width: width - left - margin - 8, height: height, x: x, y: y, ticks: ticks?.map { ($0.place, $0.label) })
        var drawing = Drawing(title, description: description, width: width, height: top + height + Frame.below)
        if titled { drawing.text(title, margin, 20, size: 14, isBold: true, limit: width - 2 * margin) }
        legend.draw(in: &drawing, x: margin, y: head)
        drawing.text(yLabel, margin, head + legend.height + 12, limit: width - 2 * margin)
        frame.draw(in: &drawing, xLabel: xLabel)
        for (index, series) in series.enumerated() { draw(series, series.sign ?? index, frame, in: &drawing) }
        return drawing
    }

    /// What a screen reader says: the last number of every curve.
    private var description: String {
        let last = series.compactMap { series in series.points.last { $0.y.isFinite }.map { "\(series.name) ends at \(Numeral.short($0.y))" } }
        return "\(yLabel) over \(xLabel). " + last.joined(separator: "; ")
    }

    private func draw(_ series: Series, _ index: Int, _ frame: Frame, in drawing: inout Drawing) {
        let ink = Drawing.Ink.series(index)
        let shown = series.points.map { point in scale == .linear || point.y > 0 ? point : Series.Point(x: point.x, y: .nan) }
        let finite = shown.filter { $0.y.isFinite && $0.x.isFinite }
        for run in shown.split(whereSeparator: { !$0.y.isFinite || !$0.x.isFinite }) {
            let banded = run.compactMap { point in point.band.map { (x: point.x, low: $0.lowerBound, high: $0.upperBound) } }
            if !hasWhiskers, banded.count > 1 {
                let corners = banded.map { frame.place($0.x, $0.high) } + banded.reversed().map { frame.place($0.x, $0.low) }
                drawing.add(Drawing.Mark(shape: .polygon(corners), fill: ink, opacity: 0.16))
            }
            let dash = series.isDashed ? [5, 4] : Palette.dash(index)
            drawing.add(Drawing.Mark(shape: .line(run.map { frame.place($0.x, $0.y) }), stroke: ink, width: 1.7, dash: dash))
        }
        // Long curves carry a few signs, to be told apart without colour.
        let isShort = finite.count <= 60, step = isShort ? 1 : max(1, finite.count / 6)
        for (place, point) in finite.enumerated() where isShort || place % step == step / 2 {
            let band = point.band.map { " [\(Numeral.short($0.lowerBound)), \(Numeral.short($0.upperBound))]" } ?? ""
            if hasWhiskers, let band = point.band { frame.whisker(in: &drawing, from: frame.place(point.x, band.lowerBound), to: frame.place(point.x, band.upperBound), ink) }
            let horizontal = ticks?.first { $0.place == point.x }?.label ?? Numeral.short(point.x)
            drawing.sign(index, at: frame.place(point.x, point.y), radius: isShort && finite.count > 25 ? 2.4 : 3.4, tooltip: "\(series.name), \(xLabel) \(horizontal): \(Numeral.short(point.y))\(band)")
        }
    }
}
