/// The decomposition A = Σₖ λₖ qₖqₖᵀ of a symmetric matrix.
public struct SymmetricEigen: Sendable {
    /// The eigenvalues λₖ, ascending.
    /// - Shape: `[d]`
    public let values: [Double]
    /// The orthonormal eigenvectors: row k is qₖ.
    /// - Shape: `[d, d]`
    public let vectors: Matrix

    /// Decomposes `matrix`, of which only the lower triangle is read.
    /// - Throws: `noConvergence`.
    public init(_ matrix: Matrix) throws(LinearAlgebraError) { self = try Tridiagonalization(matrix).eigen() }

    init(values: [Double], vectors: Matrix) { (self.values, self.vectors) = (values, vectors) }

    /// The eigenvalues alone, ascending; several times faster than with the vectors.
    ///
    /// - Shape: `[d, d] → [d]`
    /// - Throws: `noConvergence`.
    public static func values(of matrix: Matrix) throws(LinearAlgebraError) -> [Double] { try Tridiagonalization(matrix).eigenvalues() }
}
