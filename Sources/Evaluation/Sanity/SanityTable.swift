/// What metrics said of disturbed images.
public struct SanityTable: Sendable {
    /// A metric's value at one degree of a disturbance.
    public struct Point: Sendable {
        /// How much was done.
        public let degree: Double
        /// The metric; not a number where it refused.
        public let value: Double
        /// Its interval, where it has one.
        public let interval: ConfidenceInterval?
    }

    /// The metrics, in order.
    public let metrics: [MetricDescription]
    /// What was done to the images, in order.
    public let disturbances: [Disturbance]
    /// Images of each set.
    public let count: Int
    /// What decides the numbers, besides.
    public let identity: FeatureIdentity
    /// Why metrics refused, by name.
    public private(set) var failures: [String: String] = [:]
    /// Values of sets to which nothing was done, for each draw in the order of the metrics.
    var undisturbed: [[MetricResult?]] = []
    private var points: [Disturbance: [String: [Point]]] = [:]

    init(metrics: [MetricDescription], disturbances: [Disturbance], count: Int, identity: FeatureIdentity) {
        (self.metrics, self.disturbances, self.count, self.identity) = (metrics, disturbances, count, identity)
    }

    mutating func add(_ disturbance: Disturbance, degree: Double, _ results: [MetricResult?], _ refused: [String: String]) {
        for (metric, result) in zip(metrics, results) {
            points[disturbance, default: [:]][metric.name, default: []].append(Point(degree: degree, value: result?.value ?? .nan, interval: result?.interval))
        }
        failures.merge(refused) { first, _ in first }
    }

    /// A metric's values over the degrees.
    public func curve(_ metric: String, _ disturbance: Disturbance) -> [Point] { points[disturbance]?[metric] ?? [] }

    /// By how much a metric moves when nothing has changed: three standard deviations of the difference of two values, from disjoint draws; nil where it refused them.
    public func noise(_ metric: String) -> Double? {
        guard let index = metrics.firstIndex(where: { $0.name == metric }) else { return nil }
        let values = undisturbed.compactMap { $0[index]?.value }
        guard values.count > 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        return 3 * (2 * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// How a metric reacts: whether its value at the highest degree differs from that at none by more than its noise or both intervals, and which way. Nil where it refused either.
    public func reaction(of metric: MetricDescription, to disturbance: Disturbance) -> SanityReaction? {
        let curve = curve(metric.name, disturbance).filter(\.value.isFinite)
        guard let first = curve.first, let last = curve.last, curve.count > 1, let noise = noise(metric.name) else { return nil }
        func half(_ point: Point) -> Double { point.interval.map { ($0.upper - $0.lower) / 2 } ?? 0 }
        let change = last.value - first.value, doubt = max(noise, (half(first) * half(first) + half(last) * half(last)).squareRoot())
        guard abs(change) > doubt else { return .holds }
        return switch metric.better {
        case .smaller: change > 0 ? .worsens : .improves
        case .larger: change < 0 ? .worsens : .improves
        // Away from what real images have.
        case .asReal: .worsens
        }
    }

    /// Whether a metric does what its paper says; nil where the papers say nothing of it.
    public func isAsExpected(_ metric: MetricDescription, _ disturbance: Disturbance) -> Bool? {
        SanityReaction.expected(of: metric.name, under: disturbance).flatMap { expected in reaction(of: metric, to: disturbance).map(expected.contains) }
    }

    /// `metric,disturbance,degree,value,lower,upper`, one line for each point.
    public var csv: String {
        var text = "metric,disturbance,degree,value,lower,upper\n"
        for metric in metrics {
            for disturbance in disturbances {
                for point in curve(metric.name, disturbance) {
                    let ends = point.interval.map { "\($0.lower),\($0.upper)" } ?? ","
                    text += "\(metric.name),\(disturbance.rawValue),\(point.degree),\(point.value.isFinite ? "\(point.value)" : ""),\(ends)\n"
                }
            }
        }
        return text
    }

    /// A table of reactions in Markdown; what the papers say otherwise is marked.
    public var markdown: String {
        var text = "| metric | better | " + disturbances.map(\.rawValue).joined(separator: " | ") + " |\n|---|---|" + disturbances.map { _ in "---|" }.joined() + "\n"
        for metric in metrics {
            let cells = disturbances.map { disturbance -> String in
                guard let reaction = reaction(of: metric, to: disturbance) else { return "" }
                guard let expected = SanityReaction.expected(of: metric.name, under: disturbance) else { return reaction.rawValue }
                return expected.contains(reaction) ? "**\(reaction.rawValue)**" : "**\(reaction.rawValue)** ✗ \(expected.map(\.rawValue).joined(separator: " or "))"
            }
            text += "| \(metric.name) | \(metric.better.rawValue) | " + cells.joined(separator: " | ") + " |\n"
        }
        return text
    }
}
