/// Count, mean and variance of numbers seen one by one (Welford 1962).
struct RunningMoments: Sendable {
    private(set) var count = 0
    private(set) var mean = 0.0
    private var squares = 0.0

    init() {}

    init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    mutating func add(_ value: Double) {
        count += 1
        let delta = value - mean
        mean += delta / Double(count)
        squares += delta * (value - mean)
    }

    /// The variance of the mean of the numbers seen, with divisor n − 1; zero for fewer than two.
    var varianceOfMean: Double { count > 1 ? squares / (Double(count - 1) * Double(count)) : 0 }
}
