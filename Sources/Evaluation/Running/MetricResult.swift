/// One metric's number and everything computed on the way that a report may show.
public struct MetricResult: Sendable, Equatable {
    /// A named number beside the value, such as the standard deviation over subsets.
    public struct Detail: Sendable, Equatable {
        /// The key in machine-readable output, lower case with underscores.
        public let name: String
        /// The number.
        public let value: Double

        /// A detail; `name` is lower case with underscores.
        public init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }
    }

    /// A named line of points beside the value, such as recall over precision.
    public struct Curve: Sendable, Equatable {
        /// The key in machine-readable output, lower case with underscores.
        public let name: String
        /// What its axes show.
        public let x: String, y: String
        /// The points in order.
        public let points: [SIMD2<Double>]

        /// A curve; `name` is lower case with underscores.
        public init(_ name: String, x: String, y: String, _ points: [SIMD2<Double>]) { (self.name, self.x, self.y, self.points) = (name, x, y, points) }
    }

    /// The key in machine-readable output: `fid`, `kid`, `is`.
    public let metric: String
    /// The value.
    public let value: Double
    /// The standard error of `value`; nil where it cannot be told.
    public var standardError: Double?
    /// The standard error of `value` over new generated images against the same real ones, where it was told apart from ``standardError``: what two nights with one reference differ by.
    public var generatedStandardError: Double?
    /// The interval of `value`; nil where it cannot be told, as from statistics alone.
    public var interval: ConfidenceInterval?
    /// Further numbers, in the order to be shown.
    public var details: [Detail]
    /// Lines to be drawn, in the order to be shown.
    public var curves: [Curve] = []
    /// Images in the first (real) set; nil where the metric has only one set or a statistics file does not say.
    public var realCount: Int?
    /// Images in the second (generated) set; nil where a statistics file does not say.
    public var fakeCount: Int?
    /// What the reader must know to read the value rightly, one line each.
    public var warnings: [String]

    /// A result; what is left out cannot be told or does not apply.
    public init(
        metric: String, value: Double, standardError: Double? = nil, interval: ConfidenceInterval? = nil, details: [Detail] = [],
        realCount: Int? = nil, fakeCount: Int? = nil, warnings: [String] = []
    ) {
        (self.metric, self.value, self.standardError, self.interval, self.details) = (metric, value, standardError, interval, details)
        (self.realCount, self.fakeCount, self.warnings) = (realCount, fakeCount, warnings)
    }

    /// The interval of a value that is normal to first order, cut where the metric ends. There is none, and a warning, for a single image, and where the standard error is exactly 0: then all images
    /// count the same, which says nothing of others.
    mutating func addInterval(standardError: Double, within range: ClosedRange<Double> = -.infinity ... .infinity, _ confidence: Double) {
        guard standardError.isFinite else { return }
        guard [realCount, fakeCount].compactMap(\.self).min() ?? 0 > 1 else { return warnings.append("a single image does not tell how sure the value is: no interval") }
        guard standardError > 0 else { return warnings.append("every image counts the same, which does not tell how sure the value is: no interval") }
        let normal = ConfidenceInterval(normal: value, standardError: standardError, confidence: confidence)
        self.standardError = standardError
        interval = ConfidenceInterval(lower: min(value, max(range.lowerBound, normal.lower)), upper: max(value, min(range.upperBound, normal.upper)), confidence: confidence)
    }

    /// The detail of this name.
    public subscript(detail name: String) -> Double? { details.first { $0.name == name }?.value }
}
