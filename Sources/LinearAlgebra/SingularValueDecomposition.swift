import COpenBLAS

/// The thin decomposition A = U·diag(σ)·Vᵀ with k = min(rows, columns) singular values.
public struct SingularValueDecomposition: Sendable {
    /// U, with orthonormal columns.
    /// - Shape: `[rows, k]`
    public let left: Matrix
    /// σ, descending.
    /// - Shape: `[k]`
    public let values: [Double]
    /// Vᵀ, with orthonormal rows.
    /// - Shape: `[k, columns]`
    public let rightTransposed: Matrix

    /// Decomposes `matrix`.
    /// - Throws: `noConvergence`.
    public init(_ matrix: Matrix) throws(LinearAlgebraError) {
        let k = min(matrix.rows, matrix.columns)
        var left = Matrix(rows: matrix.rows, columns: k)
        var right = Matrix(rows: k, columns: matrix.columns)
        values = try Self.decompose(matrix, &left, &right, vectors: true)
        (self.left, rightTransposed) = (left, right)
    }

    /// The singular values alone, descending.
    ///
    /// - Shape: `[m, n] → [min(m, n)]`
    /// - Throws: `noConvergence`.
    public static func values(of matrix: Matrix) throws(LinearAlgebraError) -> [Double] {
        var none = (Matrix(rows: 1, columns: 1), Matrix(rows: 1, columns: 1))
        return try decompose(matrix, &none.0, &none.1, vectors: false)
    }

    private static func decompose(_ matrix: Matrix, _ left: inout Matrix, _ right: inout Matrix, vectors: Bool) throws(LinearAlgebraError) -> [Double] {
        // LAPACK sees the transpose of a row-major matrix: Aᵀ = V·diag(σ)·Uᵀ, so left and right change places.
        let (m, n) = (blasInteger(matrix.columns), blasInteger(matrix.rows))
        let k = min(matrix.rows, matrix.columns)
        guard k > 0 else { return [] }
        let job: CChar = vectors ? 83 /* S */ : 78 /* N */
        var a = matrix.elements
        var values = [Double](repeating: 0, count: k)
        var integers = [Int32](repeating: 0, count: 8 * k)
        var workSize = 0.0
        let width = blasInteger(k)
        var info = lapack_dgesdd(job, m, n, &a, m, &values, &right.elements, m, &left.elements, width, &workSize, -1, &integers)
        if info == 0 {
            var work = [Double](repeating: 0, count: Int(workSize))
            info = lapack_dgesdd(job, m, n, &a, m, &values, &right.elements, m, &left.elements, width, &work, Int32(work.count), &integers)
        }
        guard info == 0 else { throw .noConvergence(routine: "dgesdd", info: Int(info)) }
        return values
    }
}

extension Matrix {
    /// The nuclear norm ‖A‖ₙ = Σ σₖ = tr (AᵀA)^½.
    /// - Throws: `noConvergence`.
    public func nuclearNorm() throws(LinearAlgebraError) -> Double {
        // Smallest first: the many small values must not drown in the large ones.
        try SingularValueDecomposition.values(of: self).reversed().reduce(0, +)
    }
}
