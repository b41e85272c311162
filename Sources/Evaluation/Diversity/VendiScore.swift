#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import LinearAlgebra

/// The Vendi score: the effective number of different images in a set, from 1 for images that are all alike to N for images that have nothing in common.
///
///     exp(−Σ λᵢ ln λᵢ)      of order q: (Σ λᵢ^q)^(1/(1 − q))      of order ∞: 1/max λᵢ
///
/// λ are the eigenvalues of K/N, K the cosine similarities of the features; they are those of the d×d matrix XᵀX/N of the normalised features as well, which is the smaller one for many images. Small
/// orders count rare images for more. Sources: Friedman and Dieng 2023, *The Vendi score*, arXiv:2210.02410, equation 2; Pasarkar and Dieng 2024, *Cousins of the Vendi score*, arXiv:2310.12952.
/// The score grows with the number of images: compare sets of one size. It needs no real images and cannot tell variety from noise; a real set's score tells what there is to be had.
public struct VendiScore: Sendable, Hashable {
    /// q, from 0 to infinity.
    public var order: Double

    /// Order 1, or another.
    public init(order: Double = 1) { self.order = order }

    /// The score of a set, in 1…N. It has no interval.
    /// - Throws: `tooFewImages` for an empty set; `badOption` for a negative order and for an image whose features are all zero; `numericalFailure`.
    public func callAsFunction(_ features: FeatureSet) throws(EvaluationError) -> Double {
        guard order >= 0 else { throw .badOption(name: "order", value: "\(order)", expected: "at least 0") }
        return Self.score(try Self.eigenvalues(.memory(features), "generated"), order: order)
    }

    /// The score of known eigenvalues.
    static func score(_ eigenvalues: [Double], order: Double) -> Double {
        // What rounding leaves of zeros: a small order would count each of them.
        let largest = eigenvalues.max() ?? 0, values = eigenvalues.filter { $0 > Double(eigenvalues.count) * 0x1p-52 * largest }
        if order == 1 { return exp(-values.reduce(0) { $0 + $1 * log($1) }) }
        if order == .infinity { return 1 / largest }
        return pow(values.reduce(0) { $0 + pow($1, order) }, 1 / (1 - order))
    }

    /// The eigenvalues of K/N that can differ from zero.
    static func eigenvalues(_ features: FeatureRows, _ set: String) throws(EvaluationError) -> [Double] {
        guard features.count > 0 else { throw .tooFewImages(metric: "vendi", set: set, needed: 1, found: 0) }
        let rows = FeatureRows.directions(features, of: set), n = rows.count, d = rows.dimension
        var matrix = Matrix(rows: d, columns: d)
        if n < d {
            let x = Matrix(rows: n, columns: d, elements: try rows.features().values.map(Double.init))
            matrix = Matrix.product(x, x, transposingSecond: true)
        } else {
            try rows.forEachBatch { _, values in matrix.addGram(ofRows: values.map(Double.init), count: values.count / d) }
        }
        do { return try SymmetricEigen.values(of: matrix.scaled(by: 1 / Double(n))) } catch { throw .numericalFailure(error) }
    }
}

/// The Vendi score as `gan-eval evaluate --metrics vendi` reports it: of the generated set, with other orders and, where there are real images, theirs.
struct VendiMetric: Metric {
    let about = MetricDescription(
        "vendi", "Vendi", "effective number of different images", needs: [.features], better: .asReal, cost: "N·d² + d³", paper: "Friedman and Dieng 2023, arXiv:2210.02410")

    private static let orders: [(name: String, order: Double)] = [("q0_1", 0.1), ("q0_5", 0.5), ("q2", 2), ("q_infinity", .infinity)]

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let fake = try sets.fake.rows(for: name), values = try VendiScore.eigenvalues(fake, "generated")
        var result = MetricResult(metric: name, value: VendiScore.score(values, order: 1), details: Self.orders.map { .init($0.name, VendiScore.score(values, order: $0.order)) }, fakeCount: fake.count)
        if let real = try? sets.real(for: name), case .features = real.content {
            let features = try real.rows(for: name), values = try VendiScore.eigenvalues(features, "real")
            result.details += [.init("real", VendiScore.score(values, order: 1))] + Self.orders.map { .init("real_" + $0.name, VendiScore.score(values, order: $0.order)) }
            result.realCount = features.count
            if features.count != fake.count { result.warnings.append("the sets have different sizes, and the score grows with the size") }
        }
        return result
    }
}
