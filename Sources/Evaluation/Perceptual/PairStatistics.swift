import Statistics

/// Mean and interval of a number over pairs of images, gathered pair by pair in memory that grows with the images only.
public struct PairStatistics: Sendable {
    /// How pairs depend on each other.
    public enum Design: Sendable {
        /// No image stands in two pairs.
        case independent
        /// Every pair of a set: a U-statistic.
        case all
        /// Some pairs of a set; an image may stand in several.
        case some
    }

    private let design: Design
    /// Pairs so far.
    public private(set) var count = 0
    /// The lowest value; infinite before the first.
    public private(set) var lowest = Double.infinity
    /// The highest value.
    public private(set) var highest = -Double.infinity
    private var mean = 0.0, squares = 0.0
    /// For each image, the sum over its pairs and their number; empty for independent pairs.
    private var sums: [Double], degrees: [Int]

    /// Nothing yet, of a set of `images` where pairs may share them.
    public init(_ design: Design, images: Int) {
        self.design = design
        sums = design == .independent ? [] : [Double](repeating: 0, count: images)
        degrees = design == .independent ? [] : [Int](repeating: 0, count: images)
    }

    /// Takes in the value of one pair.
    public mutating func add(_ value: Double, _ first: Int, _ second: Int) {
        count += 1
        let difference = value - mean
        mean += difference / Double(count)
        squares += difference * (value - mean)
        (lowest, highest) = (min(lowest, value), max(highest, value))
        guard design != .independent else { return }
        sums[first] += value
        sums[second] += value
        degrees[first] += 1
        degrees[second] += 1
    }

    /// The mean, infinite where a value is.
    public var average: Double { highest == .infinity ? .infinity : mean }

    /// The deviation of single pairs; nil below two.
    public var deviation: Double? { count > 1 && highest < .infinity ? (squares / Double(count - 1)).squareRoot() : nil }

    /// The standard error of the mean as an estimate for the population that images (or, where they are independent, pairs) were drawn from, and its degrees of freedom; nil where too few.
    public var standardError: (value: Double, degreesOfFreedom: Double)? {
        guard let deviation, highest < .infinity else { return nil }
        let pairs = Double(count), independent = deviation * deviation / pairs
        let used = Double(degrees.count { $0 > 0 })
        switch design {
        case .independent: return (independent.squareRoot(), pairs - 1)
        case .all:
            // The jackknife over images: leaving out image i leaves (total − R_i) / (pairs − n + 1).
            guard used > 2 else { return nil }
            let rest = pairs - used + 1
            let variance = residuals.reduce(0) { $0 + ($1 / rest) * ($1 / rest) } * (used - 1) / used
            return (variance.squareRoot(), used - 1)
        case .some:
            // Pairs that share an image vary together (Aronow, Samii and Assenova 2015): Σ_i r_i² counts each pair with itself twice. Differences from the sample's mean instead of the
            // population's make each product too small by the variance itself, in as many places as there are products. Sharing cannot make the mean surer than independence.
            let products = degrees.reduce(0) { $0 + Double($1) * Double($1) } - pairs
            guard used > 2, pairs * pairs > products else { return nil }
            let dyadic = (residuals.reduce(0) { $0 + $1 * $1 } - squares) / (pairs * pairs - products)
            return (max(dyadic, independent).squareRoot(), min(pairs, used) - 1)
        }
    }

    /// For each image, the sum over its pairs of the difference from the mean.
    private var residuals: [Double] { zip(sums, degrees).map { $0 - Double($1) * mean } }

    /// The interval of the mean; nil where too few.
    public func interval(_ confidence: Double) -> ConfidenceInterval? {
        guard let (error, freedom) = standardError else { return nil }
        let half = StudentDistribution.quantile((1 + confidence) / 2, degreesOfFreedom: freedom) * error
        return ConfidenceInterval(lower: mean - half, upper: mean + half, confidence: confidence)
    }
}
