/// Numbers over numbers, such as a loss over steps, with an optional band around each.
public struct Series: Hashable, Sendable {
    /// One number with its band.
    public struct Point: Hashable, Sendable {
        /// Where, and how much.
        public var x, y: Double
        /// The band; nil without one.
        public var band: ClosedRange<Double>?

        /// A number at a place.
        public init(x: Double, y: Double, band: ClosedRange<Double>? = nil) { (self.x, self.y, self.band) = (x.drawable, y.drawable, band?.drawable) }
    }

    /// What the legend says.
    public var name: String
    /// In ascending order of x; numbers that are not finite interrupt the line.
    public var points: [Point]
    /// Which colour and sign it has; its place in the chart where nil.
    public var sign: Int?
    /// What the legend says instead of the name; empty for a line that another's entry stands for.
    public var legend: String?
    /// Whether the line says what was not measured.
    public var isDashed = false

    /// A named series.
    public init(_ name: String, _ points: [Point], sign: Int? = nil) { (self.name, self.points, self.sign) = (name, points, sign) }

    /// At most `count` points: the mean of each run of neighbours, with the run's least and largest number as its band.
    ///
    /// Noisy curves of thousands of steps are read by their mean, and the file stays small.
    public func thinned(to count: Int) -> Series {
        guard count > 0, points.count > count else { return self }
        var thin = self
        thin.points = (0..<count).map { part in
            let run = points[part * points.count / count..<(part + 1) * points.count / count], share = 1 / Double(run.count)
            let finite = run.map(\.y).filter(\.isFinite)
            let low = run.compactMap(\.band?.lowerBound).min() ?? finite.min(), high = run.compactMap(\.band?.upperBound).max() ?? finite.max()
            let y = finite.count == run.count ? finite.reduce(0) { $0 + $1 * share } : .nan
            return Point(x: run.reduce(0) { $0 + $1.x * share }, y: y, band: low.flatMap { low in high.map { low...$0 } })
        }
        return thin
    }

    /// Several curves of one name as one: at each x that two or more of them have, the mean, and the least and the largest as the band.
    static func pooled(_ name: String, _ curves: [[SIMD2<Double>]], sign: Int?) -> Series {
        var values: [Double: [Double]] = [:]
        for point in curves.joined() { values[point.x, default: []].append(point.y) }
        let points = values.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { x, all -> Point in
            let finite = all.filter(\.isFinite)
            guard finite.count == all.count, let low = finite.min(), let high = finite.max() else { return Point(x: x, y: .nan) }
            return Point(x: x, y: finite.reduce(0, +) / Double(finite.count), band: low...high)
        }
        return Series(name, points, sign: sign)
    }
}
