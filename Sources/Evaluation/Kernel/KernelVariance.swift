/// The variance of the unbiased MMD² estimate, by variance components.
///
/// Hoeffding's decomposition writes k(x, x') = θ + p(x) + p(x') + g(x, x') and k(x, y) = θ' + u(x) + v(y) + h(x, y) with uncorrelated, centred terms. The
/// estimate with m and n images then has exactly the variance
///
///     4·Var(p−u)/m + 4·Var(q−v)/n + 2·Var(g)/(m(m−1)) + 2·Var(g')/(n(n−1)) + 4·Var(h)/(mn)
///
/// where q and g' belong to y. The first two vanish where the distributions are equal, the last three never. Each component is estimated without bias by
/// equating sums of squares to their expectations (analysis of variance; cf. Sutherland & Deka 2019, arXiv 1906.02104), which needs only row sums and sums
/// of squares of the kernel matrices.
struct KernelVariance {
    /// Var(p − u), Var(q − v).
    private var linear: (first: Double, second: Double)
    /// Var(g), Var(g'), Var(h).
    private var interaction: (first: Double, second: Double, across: Double)

    static let zero = KernelVariance(linear: (0, 0), interaction: (0, 0, 0))

    private init(linear: (Double, Double), interaction: (Double, Double, Double)) {
        (self.linear, self.interaction) = (linear, interaction)
    }

    init(_ sums: KernelSums) {
        let m = Double(sums.first.within.count), n = Double(sums.second.within.count)
        let x = Self.within(sums.first.within, sums.squares.first), y = Self.within(sums.second.within, sums.squares.second)
        // Two-way layout with one observation in each cell.
        let rows = sums.first.across.map { $0 / n }, columns = sums.second.across.map { $0 / m }
        let mean = rows.reduce(0, +) / m
        let rowSquares = rows.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }, columnSquares = columns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let total = sums.squares.across - m * n * mean * mean
        let across = (total - n * rowSquares - m * columnSquares) / ((m - 1) * (n - 1))
        let u = rowSquares / (m - 1) - across / n, v = columnSquares / (n - 1) - across / m
        linear.first = x.linear + u - 2 * Self.covariance(sums.first.within, rows)
        linear.second = y.linear + v - 2 * Self.covariance(sums.second.within, columns)
        interaction = (x.interaction, y.interaction, across)
    }

    /// Adds `weight` times the components of another estimate.
    mutating func add(_ other: KernelVariance, weight: Double) {
        linear.first += weight * other.linear.first
        linear.second += weight * other.linear.second
        interaction.first += weight * other.interaction.first
        interaction.second += weight * other.interaction.second
        interaction.across += weight * other.interaction.across
    }

    /// The jackknife variance of the estimate with these numbers of images: the formula above with its last three terms twice.
    ///
    /// The jackknife is never too small on average (Efron & Stein 1981), and too large by as much as the interactions weigh. The unbiased formula would be small
    /// just when the value is, since both see the same images, and intervals near zero would then miss too often on one side.
    func variance(first: Int, second: Int) -> Double {
        let m = Double(first), n = Double(second)
        let linear = 4 * linear.first / m + 4 * linear.second / n
        let interaction = 2 * max(interaction.first, 0) / (m * (m - 1)) + 2 * max(interaction.second, 0) / (n * (n - 1)) + 4 * max(interaction.across, 0) / (m * n)
        return max(linear + 2 * interaction, interaction)
    }

    /// The same of new images of the second set alone: the terms in which they stand.
    func varianceOfSecond(first: Int, second: Int) -> Double {
        let m = Double(first), n = Double(second)
        let interaction = 2 * max(interaction.second, 0) / (n * (n - 1)) + 4 * max(interaction.across, 0) / (m * n)
        return max(4 * linear.second / n + 2 * interaction, interaction)
    }

    /// Var(p) and Var(g) of one set from Σ_{j≠i} k(xᵢ,xⱼ) and Σ_{i≠j} k²:
    ///
    ///     E s²(row means) = ((n−2)/(n−1))²·Var(p) + (n−2)/(n−1)²·Var(g)
    ///     E Σ_{i≠j}(k−k̄)²/(n(n−1)) = 2(1−2/n)·Var(p) + (1−2/(n(n−1)))·Var(g)
    private static func within(_ rowSums: [Double], _ squares: Double) -> (linear: Double, interaction: Double) {
        let n = Double(rowSums.count)
        let means = rowSums.map { $0 / (n - 1) }
        let mean = means.reduce(0, +) / n
        let ofRows = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let ofAll = squares / (n * (n - 1)) - mean * mean
        let (a, b) = ((n - 2) * (n - 2) / ((n - 1) * (n - 1)), (n - 2) / ((n - 1) * (n - 1)))
        let (c, d) = (2 * (1 - 2 / n), 1 - 2 / (n * (n - 1)))
        let determinant = a * d - b * c
        return ((d * ofRows - b * ofAll) / determinant, (a * ofAll - c * ofRows) / determinant)
    }

    /// Cov(p, u) of one set from its row sums within the set and its row means across: E s = (n−2)/(n−1)·Cov(p, u).
    private static func covariance(_ within: [Double], _ across: [Double]) -> Double {
        let n = Double(within.count)
        let a = within.reduce(0, +) / n, b = across.reduce(0, +) / n
        let products = zip(within, across).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) } / (n - 1)
        return products / (n - 1) / ((n - 2) / (n - 1))
    }
}
