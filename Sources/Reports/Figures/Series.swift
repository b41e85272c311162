/// Numbers over numbers, such as a loss over steps, with an optional band around each.
public struct Series: Hashable, Sendable {
    /// One number with its band.
    public struct Point: Hashable, Sendable {
        /// Where, and how much.
        public var x, y: Double
        /// The band; nil without one.
        public var band: ClosedRange<Double>?

        /// A number at a place.
        public init(x: Double, y: Double, band: ClosedRange<Double>? = nil) { (self.x, self.y, self.band) = (x, y, band) }
    }

    /// What the legend says.
    public var name: String
    /// In ascending order of x; numbers that are not finite interrupt the line.
    public var points: [Point]
    /// Which colour and sign it has; its place in the chart where nil.
    public var sign: Int?
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
}
