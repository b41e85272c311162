/// A picture of lines, areas and level texts, from which SVG and PDF are made: equal drawings give equal bytes.
///
/// Coordinates are pixels from the upper left corner, y downwards.
public struct Drawing: Hashable, Sendable {
    /// What is drawn with: what it means, not which colour it is, so that a page can be light or dark.
    public enum Ink: Hashable, Sendable {
        /// Words; lesser words; lines of a grid; axes and frames; what has to stand out; the paper itself.
        case text, muted, grid, frame, emphasis, paper
        /// One of the colours that tell series apart.
        case series(Int)
    }

    /// Which end of a text stands at its point.
    public enum Anchor: String, Sendable { case start, middle, end }

    /// What is drawn.
    public enum Shape: Hashable, Sendable {
        /// An open line through points.
        case line([SIMD2<Double>])
        /// A closed area.
        case polygon([SIMD2<Double>])
        /// A circle.
        case circle(SIMD2<Double>, radius: Double)
        /// Words on a level line, in Helvetica.
        case text(String, at: SIMD2<Double>, size: Double, isBold: Bool, anchor: Anchor)
    }

    /// One shape and how it is drawn.
    public struct Mark: Hashable, Sendable {
        /// What.
        public var shape: Shape
        /// The colour of its line; nil for none.
        public var stroke: Ink?
        /// The colour within; nil for none. Of texts, their colour.
        public var fill: Ink?
        /// Width of the line.
        public var width = 1.0
        /// Lengths of strokes and gaps; empty for an unbroken line.
        public var dash: [Double] = []
        /// 1 hides what lies below, 0 is invisible.
        public var opacity = 1.0
        /// What is said of it when the pointer rests on it.
        public var tooltip: String?
    }

    /// What a screen reader calls it, and what it says beside.
    public var title: String, description: String
    /// Extents in pixels.
    public var width: Double, height: Double
    /// From the lowest to the topmost.
    public private(set) var marks: [Mark] = []

    /// An empty drawing.
    public init(_ title: String, description: String, width: Double, height: Double) {
        (self.title, self.description, self.width, self.height) = (title, description, width, height)
    }

    /// Adds a mark on top.
    public mutating func add(_ mark: Mark) { marks.append(mark) }

    /// Adds a straight line.
    mutating func line(_ from: SIMD2<Double>, _ to: SIMD2<Double>, _ ink: Ink, width: Double = 1) {
        add(Mark(shape: .line([from, to]), stroke: ink, width: width))
    }

    /// Adds words; `limit` is the width that they are cut to, with the whole as a tooltip.
    mutating func text(_ text: String, _ x: Double, _ y: Double, _ ink: Ink = .text, size: Double = 12, isBold: Bool = false, anchor: Anchor = .start, limit: Double = .infinity) {
        let shown = Helvetica(isBold).cut(text, size: size, to: limit)
        guard !shown.isEmpty else { return }
        add(Mark(shape: .text(shown, at: [x, y], size: size, isBold: isBold, anchor: anchor), fill: ink, tooltip: shown == text ? nil : text))
    }

    /// Adds a rectangle.
    mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, stroke: Ink? = nil, fill: Ink? = nil, lineWidth: Double = 1, opacity: Double = 1, tooltip: String? = nil) {
        let corners: [SIMD2<Double>] = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
        add(Mark(shape: .polygon(corners), stroke: stroke, fill: fill, width: lineWidth, opacity: opacity, tooltip: tooltip))
    }

    /// Adds the sign of a series, whose shape tells it apart where colours do not.
    mutating func sign(_ series: Int, at point: SIMD2<Double>, radius: Double = 3.6, tooltip: String? = nil) {
        let shape: Shape = Palette.sign(series, at: point, radius: radius)
        add(Mark(shape: shape, stroke: .paper, fill: .series(series), width: 0.8, tooltip: tooltip))
    }
}
