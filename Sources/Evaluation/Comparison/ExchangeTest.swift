/// A permutation test of whether two groups of numbers are draws of one distribution, by the difference of their means.
///
/// If they are, every exchange of members between the groups was as likely as the observed one, so that of the observed and B random exchanges the observed difference is among the
/// m most extreme with probability m/(B + 1), whatever the distribution and however few the numbers: p = (1 + #{|T*| ≥ |T|})/(B + 1) is exact.
/// Source: Phipson & Smyth 2010, *Permutation p-values should never be zero*.
public struct ExchangeTest: Sendable, Equatable {
    /// Two-sided, at least 1/(exchanges + 1).
    public let pValue: Double
    /// How many random exchanges were made.
    public let exchanges: Int

    /// Tests.
    /// - Parameters:
    ///   - first: At least one number.
    ///   - second: At least one number.
    ///   - exchanges: How many random exchanges; the smallest possible p-value is 1/(exchanges + 1).
    ///   - seed: Of the exchanges.
    public init(_ first: [Double], _ second: [Double], exchanges: Int = 9999, seed: UInt32 = 2020) {
        precondition(!first.isEmpty && !second.isEmpty && exchanges > 0)
        var generator = MersenneTwister(seed: seed)
        let all = first + second, centre = all.reduce(0, +) / Double(all.count)
        var pooled = all.map { $0 - centre }
        // Centred, the sum of one group tells the difference of the means, and the smaller group's is the cheaper.
        let taken = min(first.count, second.count)
        let observed = abs(pooled[(first.count <= second.count ? 0 ..< taken : first.count ..< all.count)].reduce(0, +))
        let rounding = 1e-12 * pooled.reduce(0) { $0 + abs($1) }
        var asExtreme = 0
        for _ in 0..<exchanges {
            var sum = 0.0
            for place in 0..<taken {
                pooled.swapAt(place, place + generator.integer(below: pooled.count - place))
                sum += pooled[place]
            }
            if abs(sum) >= observed - rounding { asExtreme += 1 }
        }
        self.exchanges = exchanges
        pValue = Double(1 + asExtreme) / Double(1 + exchanges)
    }

    /// Whether no exchange was as extreme as what was observed, so that the p-value is only known to be at most this.
    public var isSmallest: Bool { pValue * Double(exchanges + 1) < 1.5 }
}
