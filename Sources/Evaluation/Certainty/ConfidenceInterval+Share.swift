import Statistics

extension ConfidenceInterval {
    /// Wilson's score interval of a share of `count` independent draws: all p with |share − p| ≤ z·√(p(1 − p)/count). It stays in 0…1 and holds at its ends too.
    /// Source: Wilson 1927, *Probable inference, the law of succession, and statistical inference*.
    public init(share: Double, count: Int, confidence: Double) {
        let z = NormalDistribution.quantile((1 + confidence) / 2), n = Double(count), scale = 1 + z * z / n
        let centre = (share + z * z / (2 * n)) / scale
        let half = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        // Rounding must not put a share of 0 or 1 outside.
        self.init(lower: max(0, min(centre - half, share)), upper: min(1, max(centre + half, share)), confidence: confidence)
    }
}
