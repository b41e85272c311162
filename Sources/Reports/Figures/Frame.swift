/// The part of a chart between its axes.
struct Frame {
    let left, top, width, height: Double
    let x, y: Axis
    /// Where words stand under the horizontal axis instead of its own round numbers.
    var ticks: [(place: Double, label: String)]?

    func horizontal(_ value: Double) -> Double { left + width * min(max(x.position(value), 0), 1) }
    func vertical(_ value: Double) -> Double { top + height * (1 - min(max(y.position(value), 0), 1)) }
    func place(_ px: Double, _ py: Double) -> SIMD2<Double> { [horizontal(px), vertical(py)] }

    /// Room that an axis's numbers need beside it.
    static func room(_ axis: Axis) -> Double { 8 + (axis.labels.map { Helvetica(false).width($0, size: 12) }.max() ?? 0) }
    /// Room for numbers and the axis's name below.
    static let below = 44.0

    /// Lines across at the vertical axis's numbers, numbers on both, the horizontal axis and what it measures.
    func draw(in drawing: inout Drawing, xLabel: String, acrossAndUp: Bool = false) {
        for (tick, label) in zip(y.ticks, y.labels) {
            drawing.line([left, vertical(tick)], [left + width, vertical(tick)], .grid)
            drawing.text(label, left - 7, vertical(tick) + 4, .muted, anchor: .end)
        }
        var free = -Double.infinity
        for (tick, label) in ticks ?? zip(x.ticks, x.labels).map({ ($0, $1) }) {
            let half = Helvetica(false).width(label, size: 12) / 2, across = horizontal(tick)
            guard across - half > free + 8 else { continue }
            free = across + half
            if acrossAndUp { drawing.line([across, top], [across, top + height], .grid) }
            drawing.line([across, top + height], [across, top + height + 4], .frame)
            drawing.text(label, across, top + height + 18, .muted, anchor: .middle)
        }
        drawing.line([left, top + height], [left + width, top + height], .frame)
        drawing.text(xLabel, left + width / 2, top + height + 36, anchor: .middle, limit: width)
    }

    /// A whisker, up or across.
    func whisker(in drawing: inout Drawing, from: SIMD2<Double>, to: SIMD2<Double>, _ ink: Drawing.Ink, opacity: Double = 1) {
        let across: SIMD2<Double> = from.x == to.x ? [3, 0] : [0, 3]
        for (a, b) in [(from, to), (from - across, from + across), (to - across, to + across)] {
            drawing.add(Drawing.Mark(shape: .line([a, b]), stroke: ink, width: 1.2, opacity: opacity))
        }
    }
}
