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
    /// Extents in pixels; lines of a legend come on top.
    public var width = 720.0, height = 300.0

    /// A chart of curves.
    public init(_ title: String, x: String, y: String, scale: Axis.Scale = .linear, _ series: [Series]) {
        (self.title, xLabel, yLabel, self.scale, self.series) = (title, x, y, scale, series)
    }

    /// Text of 12 pixels is about this wide for each character.
    private static let character = 6.6
    private static let sheet = """
        text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:14px;font-weight:600}.grid{stroke:#ddd}.frame{stroke:#888}\
        @media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.frame{stroke:#999}}
        """

    /// The chart as SVG: readable on light and dark pages, and by screen readers through its title and description.
    public var svg: String {
        let points = series.flatMap(\.points)
        let x = Axis(points.map(\.x), count: 8, isTight: true)
        let y = Axis(points.flatMap { [$0.y, $0.band?.lowerBound ?? $0.y, $0.band?.upperBound ?? $0.y] }, scale: scale)
        let labels = y.labels, legend = legend()
        let left = 34 + Self.character * Double(labels.map(\.count).max() ?? 0), top = 34 + legend.height, height = height + legend.height
        let frame = Frame(left: left, top: top, width: width - left - 16, height: height - top - 44, x: x, y: y)
        var parts: [SVGElement] = [.style(Self.sheet), SVGElement("title").saying(title), SVGElement("desc").saying(description)]
        parts.append(SVGElement(title, x: 16, y: 20, classes: "title"))
        parts += legend.elements
        for (tick, label) in zip(y.ticks, labels) {
            let level = frame.vertical(tick)
            parts.append(.line(left, level, left + frame.width, level, classes: "grid"))
            parts.append(SVGElement(label, x: left - 6, y: level + 4, anchor: "end"))
        }
        var free = -Double.infinity
        for (tick, label) in zip(x.ticks, x.labels) {
            let place = frame.horizontal(tick), half = Self.character * Double(label.count) / 2
            guard place - half > free + 6 else { continue }
            free = place + half
            parts.append(.line(place, top + frame.height, place, top + frame.height + 4, classes: "frame"))
            parts.append(SVGElement(label, x: place, y: top + frame.height + 18, anchor: "middle"))
        }
        parts.append(.line(left, top + frame.height, left + frame.width, top + frame.height, classes: "frame"))
        parts.append(SVGElement(xLabel, x: left + frame.width / 2, y: height - 6, anchor: "middle"))
        parts.append(SVGElement("text", ["transform": "translate(14 \(SVGElement.number(top + frame.height / 2))) rotate(-90)", "text-anchor": "middle"]).saying(yLabel))
        for (index, series) in series.enumerated() { parts += frame.curve(series, Palette.stroke(index), xLabel) }
        let size = "\(SVGElement.number(width)) \(SVGElement.number(height))"
        return SVGElement("svg", ["xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size)", "width": SVGElement.number(width), "role": "img"], parts).text + "\n"
    }

    /// What a screen reader says: the last number of every curve.
    private var description: String {
        let last = series.compactMap { series in series.points.last { $0.y.isFinite }.map { "\(series.name) ends at \(Self.short($0.y))" } }
        return "\(yLabel) over \(xLabel). " + last.joined(separator: "; ")
    }

    /// Names beside strokes of their colour, as many lines as they need.
    private func legend() -> (elements: [SVGElement], height: Double) {
        guard series.count > 1 else { return ([], 0) }
        var elements: [SVGElement] = [], place = (x: 16.0, y: 40.0)
        for (index, series) in series.enumerated() {
            let needed = 30 + Self.character * Double(series.name.count) + 14, (colour, dash) = Palette.stroke(index)
            if place.x > 16, place.x + needed > width { place = (16, place.y + 18) }
            elements.append(SVGElement("line", [
                "x1": SVGElement.number(place.x), "x2": SVGElement.number(place.x + 22), "y1": SVGElement.number(place.y - 4),
                "y2": SVGElement.number(place.y - 4), "stroke": colour, "stroke-width": "2", "stroke-dasharray": dash]))
            elements.append(SVGElement(series.name, x: place.x + 28, y: place.y))
            place.x += needed
        }
        return (elements, place.y - 40 + 20)
    }

    /// Four significant digits.
    static func short(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "\(value)" }
        var factor = 1.0
        while abs(value) * factor < 1000, factor < 1e12 { factor *= 10 }
        return "\((value * factor).rounded() / factor)"
    }
}

/// The part of a chart in which the curves lie.
private struct Frame {
    let left, top, width, height: Double
    let x, y: Axis

    func horizontal(_ value: Double) -> Double { left + width * x.position(value) }
    func vertical(_ value: Double) -> Double { top + height * (1 - min(max(y.position(value), 0), 1)) }

    func curve(_ series: Series, _ stroke: (colour: String, dash: String), _ xLabel: String) -> [SVGElement] {
        let shown = series.points.map { point in y.scale == .linear || point.y > 0 ? point : Series.Point(x: point.x, y: .nan) }
        let runs = shown.split { !$0.y.isFinite || !$0.x.isFinite }
        var elements: [SVGElement] = []
        for run in runs {
            let banded = run.filter { $0.band != nil }
            if banded.count > 1 {
                let upper = banded.map { place($0.x, $0.band?.upperBound) }, lower = banded.reversed().map { place($0.x, $0.band?.lowerBound) }
                elements.append(SVGElement("polygon", ["points": (upper + lower).joined(separator: " "), "fill": stroke.colour, "fill-opacity": "0.18"]))
            }
            elements.append(SVGElement("polyline", [
                "points": run.map { place($0.x, $0.y) }.joined(separator: " "), "fill": "none", "stroke": stroke.colour, "stroke-width": "1.6",
                "stroke-linejoin": "round", "stroke-dasharray": stroke.dash]))
        }
        guard shown.count <= 60 else { return elements }
        return elements + shown.filter { $0.y.isFinite && $0.x.isFinite }.map { point in
            let band = point.band.map { " [\(LineChart.short($0.lowerBound)), \(LineChart.short($0.upperBound))]" } ?? ""
            return SVGElement("circle", ["cx": SVGElement.number(horizontal(point.x)), "cy": SVGElement.number(vertical(point.y)), "r": "3", "fill": stroke.colour])
                .titled("\(series.name), \(xLabel) \(LineChart.short(point.x)): \(LineChart.short(point.y))\(band)")
        }
    }

    private func place(_ x: Double, _ y: Double?) -> String { "\(SVGElement.number(horizontal(x))),\(SVGElement.number(vertical(y ?? 0)))" }
}

extension SVGElement {
    fileprivate static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, classes: String) -> SVGElement {
        SVGElement("line", ["x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2), "class": classes])
    }
}
