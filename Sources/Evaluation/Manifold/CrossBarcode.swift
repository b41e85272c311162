/// The loops of two sets of points P and Q of which the points of Q are at distance 0 of each other: Cross-Barcode₁(P, Q) of Barannikov et al. 2021, arXiv:2106.04024.
///
/// In the Rips complex of P ∪ Q the simplex of all of Q is there from the beginning, so that Q may be one point. Of the edges from p to Q only the shortest matters: any other, to q, comes together with the
/// triangle p q₁ q over the shortest, to q₁, which closes what it opens. Triangles p p′ q then have one boundary for all q, and the first of them decides, at
///
///     max(‖p − p′‖, min over q of max(‖p − q‖, ‖p′ − q‖)).
///
/// What is left is a complex of |P| + 1 points. Source of the argument, pairs that appear together can be taken out: Mischaikow and Nanda 2013, *Morse theory for filtrations and efficient computation of
/// persistent homology*, Discrete & Computational Geometry 50.
public struct CrossBarcode {
    /// When each loop opens and closes, but for those that close as they open.
    public let loops: [(opens: Float, closes: Float)]

    /// - Parameters:
    ///   - p: Points whose loops are looked for.
    ///   - q: Points that may fill them, of as many features; at least one.
    public init(_ p: FeatureSet, _ q: FeatureSet) {
        precondition(q.count > 0 && p.dimension == q.dimension, "\(p.count) points of \(p.dimension) features and \(q.count) of \(q.dimension)")
        let own = inParallel(p.count) { Self.distances(of: p, $0, to: p, upTo: $0) }
        let across = inParallel(p.count) { Self.distances(of: p, $0, to: q, upTo: q.count) }
        let nearest = across.map { row in row.indices.min { row[$0] < row[$1] } ?? 0 }
        let times = inParallel(p.count) { i in
            (0..<i).map { (j: Int) -> Float in
                // Either one's nearest point often decides.
                let known = own[i][j], bound = max(known, min(across[j][nearest[i]], across[i][nearest[j]]), across[i][nearest[i]], across[j][nearest[j]])
                return bound > known ? max(known, Self.leastLarger(across[i], across[j], enough: known)) : known
            }
        }
        let points = p.count + 1
        var distances = [Float](repeating: 0, count: points * points), meetings = distances
        func set(_ values: inout [Float], _ i: Int, _ j: Int, _ value: Float) { (values[i * points + j], values[j * points + i]) = (value, value) }
        for i in 0..<p.count {
            set(&distances, 0, i + 1, across[i][nearest[i]])
            for j in 0..<i {
                set(&distances, i + 1, j + 1, own[i][j])
                set(&meetings, i + 1, j + 1, times[i][j])
            }
        }
        loops = RipsPersistence(distances, meetings: meetings, points: points).loops
    }

    private static func distances(of set: FeatureSet, _ point: Int, to other: FeatureSet, upTo end: Int) -> [Float] {
        let size = set.dimension
        return set.values.withUnsafeBufferPointer { x in
            other.values.withUnsafeBufferPointer { y in
                guard let x = x.baseAddress, let y = y.baseAddress else { return [] }
                return (0..<end).map { Float(DistanceBlock.squaredDistance(x + point * size, y + $0 * size, size).squareRoot()) }
            }
        }
    }

    /// The smallest of the larger ones of `a` and `b`; any number up to `enough` where there is one.
    private static func leastLarger(_ a: [Float], _ b: [Float], enough: Float) -> Float {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                guard let x = a.baseAddress, let y = b.baseAddress else { return .infinity }
                var least = SIMD16<Float>(repeating: .infinity), index = 0
                while index + 16 <= a.count {
                    let end = min(a.count - 15, index + 512)
                    while index < end {
                        var larger = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD16<Float>.self)
                        let other = UnsafeRawPointer(y + index).loadUnaligned(as: SIMD16<Float>.self)
                        // Not `pointwiseMin`, which goes from number to number.
                        larger.replace(with: other, where: larger .< other)
                        least.replace(with: larger, where: larger .< least)
                        index += 16
                    }
                    if least.min() <= enough { return least.min() }
                }
                return (index..<a.count).reduce(least.min()) { min($0, max(a[$1], b[$1])) }
            }
        }
    }
}
