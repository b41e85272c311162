/// Whether one generated set is closer to the reference than another, by one metric of which less is better.
public struct MetricComparison: Sendable, Equatable {
    /// What can be said.
    public enum Verdict: String, Sendable {
        /// The first set is closer.
        case first
        /// The second set is closer.
        case second
        /// The sets differ, but the interval of the difference holds 0.
        case different
        /// No difference can be told.
        case undecided
    }

    /// The key in machine-readable output: `fid`, `kid`.
    public let metric: String
    /// The metric's value of the first set.
    public let first: Double
    /// The metric's value of the second set.
    public let second: Double
    /// The standard error of `difference`, with the reference's share counted once, since both values see the same reference.
    public let standardError: Double
    /// Covers the difference expected from sets of these sizes.
    public let interval: ConfidenceInterval
    /// Whether the sets could be draws of one distribution.
    public let exchange: ExchangeTest
    /// How many images of each generated set were compared.
    public let counts: (first: Int, second: Int)
    /// What the reader must know, one line each.
    public private(set) var warnings: [String]

    /// first − second: below zero the first set is closer.
    public var difference: Double { first - second }

    init(metric: String, first: Double, second: Double, variance: Double, exchange: ExchangeTest, counts: (first: Int, second: Int), confidence: Double, warnings: [String] = []) {
        (self.metric, self.first, self.second, self.exchange, self.counts, self.warnings) = (metric, first, second, exchange, counts, warnings)
        standardError = variance.squareRoot()
        interval = ConfidenceInterval(normal: first - second, standardError: standardError, confidence: confidence)
    }

    /// The same with more warnings.
    func warned(_ more: [String]) -> MetricComparison {
        var copy = self
        copy.warnings += more
        return copy
    }

    /// A set is called better only where both tests say so: the exchange test, which is exact for any number of images but rejects whatever tells the sets apart, and the interval, which
    /// is about the metric's difference alone.
    public var verdict: Verdict {
        guard exchange.pValue <= 1 - interval.confidence + 1e-12 else { return .undecided }
        guard !interval.contains(0) else { return .different }
        return difference < 0 ? .first : .second
    }

    /// The verdict in one sentence.
    /// - Parameters:
    ///   - title: How the metric is called.
    ///   - names: How the sets are called.
    public func sentence(title: String, names: (first: String, second: String) = ("A", "B")) -> String {
        func short(_ value: Double) -> String { Number.format("%.5g", value) }
        let p = "p \(exchange.isSmallest ? "≤" : "=") \(Number.format("%.2g", exchange.pValue))"
        let gap = "difference \(short(difference)) [\(short(interval.lower)), \(short(interval.upper))] \(Number.percent(interval.confidence)), \(p)"
        return switch verdict {
        case .first: "\(names.first) is better: \(title) \(short(first)) against \(short(second)), \(gap)"
        case .second: "\(names.second) is better: \(title) \(short(second)) against \(short(first)), \(gap)"
        case .different: "\(names.first) and \(names.second) differ, but which is better cannot be told with this many images: \(title) \(short(first)) and \(short(second)), \(gap)"
        case .undecided: "no difference can be told with this many images: \(title) \(short(first)) and \(short(second)), \(gap)"
        }
    }

    /// Equal where everything is.
    public static func == (a: MetricComparison, b: MetricComparison) -> Bool {
        (a.metric, a.first, a.second, a.standardError, a.interval, a.exchange) == (b.metric, b.first, b.second, b.standardError, b.interval, b.exchange)
            && a.counts == b.counts && a.warnings == b.warnings
    }
}
