import COpenBLAS

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
    public init(_ matrix: Matrix) throws(LinearAlgebraError) {
        var vectors = matrix
        values = try Self.decompose(&vectors, job: 86 /* V */)
        self.vectors = vectors
    }

    /// The eigenvalues alone, ascending; several times faster than with the vectors.
    ///
    /// - Shape: `[d, d] → [d]`
    /// - Throws: `noConvergence`.
    public static func values(of matrix: Matrix) throws(LinearAlgebraError) -> [Double] {
        var scratch = matrix
        return try decompose(&scratch, job: 78 /* N */)
    }

    private static func decompose(_ a: inout Matrix, job: CChar) throws(LinearAlgebraError) -> [Double] {
        precondition(a.isSquare, "a \(a.rows)×\(a.columns) matrix has no eigenvalues")
        let n = blasInteger(a.rows)
        guard n > 0 else { return [] }
        var values = [Double](repeating: 0, count: a.rows)
        let info = a.elements.withUnsafeMutableBufferPointer { elements in
            var workSize = 0.0
            var integerSize: Int32 = 0
            // The lower triangle of a row-major matrix is the upper one of LAPACK's column-major view.
            let query = lapack_dsyevd(job, 85 /* U */, n, elements.baseAddress, n, &values, &workSize, -1, &integerSize, -1)
            guard query == 0 else { return query }
            var work = [Double](repeating: 0, count: Int(workSize))
            var integers = [Int32](repeating: 0, count: Int(integerSize))
            return lapack_dsyevd(job, 85 /* U */, n, elements.baseAddress, n, &values, &work, Int32(work.count), &integers, integerSize)
        }
        guard info == 0 else { throw .noConvergence(routine: "dsyevd", info: Int(info)) }
        return values
    }
}
