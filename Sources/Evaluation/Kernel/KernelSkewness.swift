/// The third cumulant of the unbiased MMD² estimate, and how far it moves an interval.
///
/// In the terms of ``KernelVariance`` the estimate is θ + T₁ + T₂, T₁ = (2/m) Σ p̃ᵢ + (2/n) Σ q̃ⱼ with p̃ = p − u and q̃ = q − v, T₂ the interactions. To the order that matters
///
///     E T₁³ = 8·E p̃³/m² + 8·E q̃³/n²
///     E T₁²T₂ = 8·E p̃p̃'g/m² + 8·E q̃q̃'g'/n² − 16·E p̃q̃h/(mn)
///
/// The second is what makes the estimate skewed near equality: it is a square there. The bilinear forms need the kernel matrices once more, now that p̃ and q̃ are known;
/// of large sets, those of evenly spaced images do.
struct KernelSkewness {
    private let linear: Double
    private let mixed: Double

    /// The mean over 2048² pairs is known to a few per cent of a correction that is itself a few per cent of the interval where sets are that large.
    private static let imageLimit = 2048

    /// - Throws: what reading the rows throws.
    init(
        _ sums: KernelSums, _ x: FeatureRows, _ y: FeatureRows, _ kernel: KernelInceptionDistance.Kernel, _ precision: KernelInceptionDistance.Precision
    ) throws(EvaluationError) {
        let a = try Side(x, within: sums.first.within, across: sums.first.across, others: y.count)
        let b = try Side(y, within: sums.second.within, across: sums.second.across, others: x.count)
        let forms = switch precision {
        case .float32: try Self.forms(a, b, KernelBlocks<Float>(kernel, dimension: x.dimension))
        case .float64: try Self.forms(a, b, KernelBlocks<Double>(kernel, dimension: x.dimension))
        }
        let m = Double(x.count), n = Double(y.count)
        linear = 8 * a.meanCube / (m * m) + 8 * b.meanCube / (n * n)
        let across = (forms.across - a.times(a.across) * b.sum - a.sum * b.times(b.across) + a.meanAcross * a.sum * b.sum) / Double(a.chosen.count * b.chosen.count)
        mixed = 8 * a.centred(forms.first) / (m * m) + 8 * b.centred(forms.second) / (n * n) - 16 * across / (m * n)
    }

    /// How far the ends of an interval ±z·√variance move: the second-order term of the studentised estimate's Edgeworth expansion (Helmers 1991, Hall 1992 §3.5),
    ///
    ///     ((2z²+1)·E T₁³ + 3(z²+1)·E T₁²T₂) / (6·variance)
    ///
    /// The expansion says nothing where its second term is no longer small, so that is cut at half of the interval's half width.
    func shift(variance: Double, z: Double) -> Double {
        guard variance > 0 else { return 0 }
        let limit = z * variance.squareRoot() / 2
        return min(max(((2 * z * z + 1) * linear + 3 * (z * z + 1) * mixed) / (6 * variance), -limit), limit)
    }

    /// p̃ᵀKp̃ without the diagonal, q̃ᵀKq̃ likewise, p̃ᵀKq̃.
    private static func forms<Scalar: KernelScalar>(_ a: Side, _ b: Side, _ kernel: KernelBlocks<Scalar>) throws(EvaluationError) -> (first: Double, second: Double, across: Double) {
        var blocks = kernel
        var found = (first: 0.0, second: 0.0, across: 0.0)
        try blocks.forEachBlock(.memory(a.chosen), .memory(a.chosen), sameSet: true) { found.first += withoutDiagonal($0, a.influence) }
        try blocks.forEachBlock(.memory(b.chosen), .memory(b.chosen), sameSet: true) { found.second += withoutDiagonal($0, b.influence) }
        try blocks.forEachBlock(.memory(a.chosen), .memory(b.chosen), sameSet: false) { found.across += bilinear($0, a.influence, b.influence) }
        return found
    }

    private static func withoutDiagonal<Scalar: KernelScalar>(_ block: KernelBlock<Scalar>, _ p: [Double]) -> Double {
        let form = bilinear(block, p, p)
        guard block.rows == block.columns else { return 2 * form }
        return form - block.rows.enumerated().reduce(0) { $0 + Double(block.values[$1.offset * (block.columns.count + 1)]) * p[$1.element] * p[$1.element] }
    }

    private static func bilinear<Scalar: KernelScalar>(_ block: KernelBlock<Scalar>, _ p: [Double], _ q: [Double]) -> Double {
        var total = 0.0
        q.withUnsafeBufferPointer { q in
            let q = UnsafeBufferPointer(rebasing: q[block.columns]), width = q.count
            for (r, i) in block.rows.enumerated() {
                let k = UnsafeBufferPointer(rebasing: block.values[r * width..<(r + 1) * width])
                var sums = SIMD8<Double>.zero
                var c = 0
                while c + 8 <= width {
                    sums += Scalar.eight(k, from: c) * Double.eight(q, from: c)
                    c += 8
                }
                var rest = 0.0
                while c < width {
                    rest += Double(k[c]) * q[c]
                    c += 1
                }
                total += p[i] * (sums.sum() + rest)
            }
        }
        return total
    }

    /// One set: the images chosen, with what centres their rows of the kernel matrices.
    private struct Side {
        let chosen: FeatureSet
        /// p̃ of the chosen images; centred over all.
        let influence: [Double]
        /// Row means across of the chosen images, and over all.
        let across: [Double], meanAcross: Double
        /// E p̃³ over all images.
        let meanCube: Double
        /// What g takes off each row within the set, and the constant it adds: rows of g sum to zero over all images.
        private let within: [Double], constant: Double

        init(_ rows: FeatureRows, within: [Double], across: [Double], others: Int) throws(EvaluationError) {
            let n = Double(rows.count)
            let raw = zip(within, across).map { $0 / (n - 1) - $1 / Double(others) }
            let mean = raw.reduce(0, +) / n
            meanCube = raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / n
            meanAcross = across.reduce(0, +) / (n * Double(others))
            constant = within.reduce(0, +) / ((n - 1) * (n - 2))
            let (chosen, indices) = try rows.evenlySpaced(imageLimit)
            self.chosen = chosen
            influence = indices.map { raw[$0] - mean }
            self.across = indices.map { across[$0] / Double(others) }
            self.within = indices.map { within[$0] / (n - 2) }
        }

        var sum: Double { influence.reduce(0, +) }
        func times(_ other: [Double]) -> Double { zip(influence, other).reduce(0) { $0 + $1.0 * $1.1 } }

        /// E p̃p̃'g over the pairs chosen, from p̃ᵀKp̃ without the diagonal.
        func centred(_ form: Double) -> Double {
            let squares = times(influence), sum = sum
            let rows = zip(influence, within).reduce(0) { $0 + $1.0 * $1.1 * (sum - $1.0) }
            let pairs = Double(chosen.count) * Double(chosen.count - 1)
            return (form - 2 * rows + constant * (sum * sum - squares)) / pairs
        }
    }
}
