/// A bar for each subject with the interval of its number.
public struct BarChart: Figure, Hashable {
    /// One bar.
    public struct Bar: Hashable, Sendable {
        /// Whose number.
        public var name: String
        /// How much.
        public var value: Double
        /// Its interval; nil without one.
        public var interval: ClosedRange<Double>?
        /// Which series' colour it has.
        public var series: Int
        /// Whether it stands out as the best.
        public var isBest: Bool

        /// A bar.
        public init(_ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, series: Int = 0, isBest: Bool = false) {
            (self.name, self.value, self.interval, self.series, self.isBest) = (name, value.drawable, interval?.drawable, series, isBest)
        }
    }

    /// What stands above.
    public var title: String
    /// What the bars measure, with units and which way is better.
    public var label: String
    /// From the top.
    public var bars: [Bar]

    /// A chart of bars.
    public init(_ title: String, label: String, _ bars: [Bar]) { (self.title, self.label, self.bars) = (title, label, bars) }

    private static let row = 24.0

    /// The chart: names at the left, numbers behind the bars.
    public func drawing(width: Double, titled: Bool) -> Drawing {
        let letters = Helvetica(false), heavy = Helvetica(true), margin = 14.0
        let finite = bars.filter(\.value.isFinite)
        let axis = Axis(finite.flatMap { [$0.value, $0.interval?.lowerBound ?? $0.value, $0.interval?.upperBound ?? $0.value] } + [0], count: max(3, Int(width / 120)))
        let numbers = bars.map { $0.value.isFinite ? Numeral.short($0.value) : "no number" }
        let names = min(bars.map { heavy.width($0.name, size: 12) }.max() ?? 0, width * 0.36), room = (numbers.map { heavy.width($0, size: 12) }.max() ?? 0) + 10
        let head = titled && !title.isEmpty ? 34.0 : 8, left = margin + names + 10, height = Double(bars.count) * Self.row
        let frame = Frame(left: left, top: head, width: width - left - room - margin, height: height, x: axis, y: Axis([0, 1]))
        var drawing = Drawing(title, description: description(numbers), width: width, height: head + height + Frame.below)
        if titled { drawing.text(title, margin, 20, size: 14, isBold: true, limit: width - 2 * margin) }
        var free = -Double.infinity
        for (tick, text) in zip(axis.ticks, axis.labels) {
            let x = frame.horizontal(tick), half = letters.width(text, size: 12) / 2
            drawing.line([x, head], [x, head + height], tick == 0 ? .frame : .grid)
            guard x - half > free + 8 else { continue }
            free = x + half
            drawing.text(text, x, head + height + 17, .muted, anchor: .middle)
        }
        drawing.text(label, left + frame.width / 2, head + height + 36, anchor: .middle, limit: 2 * min(left + frame.width / 2, width - left - frame.width / 2) - 8)
        for (row, (bar, number)) in zip(bars, numbers).enumerated() {
            let middle = head + (Double(row) + 0.5) * Self.row
            drawing.text(bar.name, left - 10, middle + 4, isBold: bar.isBest, anchor: .end, limit: names)
            guard bar.value.isFinite else {
                drawing.text(number, frame.horizontal(0) + 6, middle + 4, .muted)
                continue
            }
            let ends = [frame.horizontal(0), frame.horizontal(bar.value)], start = min(ends[0], ends[1])
            let interval = bar.interval.map { " [\(Numeral.short($0.lowerBound)), \(Numeral.short($0.upperBound))]" } ?? ""
            drawing.rectangle(start, middle - 7, max(abs(ends[1] - ends[0]), 1), 14, fill: .series(bar.series), opacity: 0.8, tooltip: "\(bar.name): \(number)\(interval)")
            if let interval = bar.interval {
                frame.whisker(in: &drawing, from: [frame.horizontal(interval.lowerBound), middle], to: [frame.horizontal(interval.upperBound), middle], .text)
            }
            let farthest = max(ends[0], ends[1], frame.horizontal(bar.interval?.upperBound ?? bar.value))
            drawing.text(number, farthest + 8, middle + 4, bar.isBest ? .text : .muted, isBold: bar.isBest)
        }
        return drawing
    }

    private func description(_ numbers: [String]) -> String {
        label + ". " + zip(bars, numbers).map { "\($0.name): \($1)\($0.isBest ? ", the best" : "")" }.joined(separator: "; ")
    }
}
