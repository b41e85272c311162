/// What the team agreed on for one metric: the mean of one night or of several.
public struct Agreement: Sendable, Hashable {
    /// The mean over the nights, with the standard error that one night has for its samples' sake.
    public let estimate: Estimate
    /// Each night's number, the oldest first.
    public let values: [Double]

    /// What several nights found; their errors are averaged as variances, and count with the degrees of freedom of all.
    public init(_ nights: [Estimate]) {
        precondition(!nights.isEmpty, "an agreement of no night")
        let count = Double(nights.count), variances = nights.compactMap { night in night.standardError.map { $0 * $0 } }, freedoms = nights.compactMap(\.degreesOfFreedom)
        let error = variances.count == nights.count ? (variances.reduce(0, +) / count).squareRoot() : nil
        values = nights.map(\.value)
        // The mean of one night is its very bits.
        let mean = nights.count == 1 ? nights[0].value : values.reduce(0, +) / count
        estimate = Estimate(mean, standardError: nights.count == 1 ? nights[0].standardError : error, degreesOfFreedom: freedoms.count == nights.count ? freedoms.reduce(0, +) : nil)
    }

    /// One night.
    public init(_ night: Estimate) { self.init([night]) }

    /// An agreement as a file keeps it.
    init(_ estimate: Estimate, values: [Double]) { (self.estimate, self.values) = (estimate, values) }

    /// How many nights.
    public var count: Int { values.count }

    /// How much nights scatter, from the agreement's own: S² over n − 1, and at least what their samples alone explain. Nil for fewer than ``fewestNights``, and where they do not scatter at all.
    ///
    /// For other trainings of one recipe this is the variance of a night. With t of n − 1 degrees of freedom the chance of a false alarm is what it should be whatever part of S² is due to trainings; the lower bound only makes it smaller.
    public var scatter: (variance: Double, degreesOfFreedom: Double)? {
        guard count >= Self.fewestNights else { return nil }
        let mean = values.reduce(0, +) / Double(count), sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let variance = max(sum / Double(count - 1), (estimate.usableError ?? 0) * (estimate.usableError ?? 0))
        return sum > 0 && variance.isFinite ? (variance, Double(count - 1)) : nil
    }

    /// Fewer nights than this do not tell how much nights scatter: Student's t of so few degrees of freedom asks for more than anybody would overlook.
    public static let fewestNights = 6
}
