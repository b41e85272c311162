import COpenBLAS

/// The factorisation A = L·Lᵀ of a symmetric positive-definite matrix, L lower triangular.
public struct Cholesky: Sendable {
    /// L, with zeros above the diagonal.
    /// - Shape: `[d, d]`
    public let lower: Matrix

    /// Factorises `matrix`, of which only the lower triangle is read.
    /// - Throws: `notPositiveDefinite` where a pivot is not positive.
    public init(_ matrix: Matrix) throws(LinearAlgebraError) {
        precondition(matrix.isSquare, "a \(matrix.rows)×\(matrix.columns) matrix has no Cholesky factor")
        var l = matrix
        let n = blasInteger(l.rows)
        // The lower triangle of a row-major matrix is the upper one of LAPACK's column-major view.
        let info = l.elements.withUnsafeMutableBufferPointer { n == 0 ? 0 : lapack_dpotrf(85 /* U */, n, $0.baseAddress, n) }
        guard info == 0 else { throw .notPositiveDefinite(order: Int(info)) }
        l.clearAboveDiagonal(columns: l.columns)
        lower = l
    }

    /// The lower triangle of A⁻¹; what stands above the diagonal is undefined.
    /// - Shape: `[d, d]`
    public var inverseLowerTriangle: Matrix {
        var inverse = lower
        let n = blasInteger(inverse.rows)
        let info = inverse.elements.withUnsafeMutableBufferPointer { n == 0 ? 0 : lapack_dpotri(85 /* U */, n, $0.baseAddress, n) }
        precondition(info == 0, "dpotri found a zero on the diagonal of a Cholesky factor (info \(info))")
        return inverse
    }
}

/// The factorisation A ≈ F·Fᵀ of a symmetric positive-semidefinite matrix by Cholesky elimination with complete pivoting, F having as many columns as A
/// has numerical rank.
///
/// Elimination stops when the largest remaining diagonal element is at most d·ε·max aᵢᵢ (Higham, *Accuracy and Stability of Numerical Algorithms*, §10.3).
public struct PivotedCholesky: Sendable {
    /// F; its rows are in the order of A's.
    /// - Shape: `[d, rank]`
    public let factor: Matrix
    /// The numerical rank.
    public var rank: Int { factor.columns }

    /// Factorises `matrix`, of which only the lower triangle is read.
    public init(_ matrix: Matrix) {
        precondition(matrix.isSquare, "a \(matrix.rows)×\(matrix.columns) matrix has no Cholesky factor")
        let d = matrix.rows
        guard matrix.diagonal.contains(where: { $0 > 0 }) else {
            factor = Matrix(rows: d, columns: 0)
            return
        }
        var l = matrix
        var pivots = [Int32](repeating: 0, count: d)
        var work = [Double](repeating: 0, count: 2 * d)
        var found: Int32 = 0
        _ = l.elements.withUnsafeMutableBufferPointer {
            // A negative tolerance asks LAPACK for d·ε·max aᵢᵢ.
            lapack_dpstrf(85 /* U */, blasInteger(d), $0.baseAddress, blasInteger(d), &pivots, &found, -1, &work)
        }
        let rank = Int(found)
        var factor = Matrix(rows: d, columns: rank)
        for i in 0..<d {
            let row = Int(pivots[i]) - 1
            for k in 0..<min(i + 1, rank) { factor[row, k] = l[i, k] }
        }
        self.factor = factor
    }
}

extension Matrix {
    /// Zeroes the elements above the diagonal in the first `columns` columns.
    mutating func clearAboveDiagonal(columns limit: Int) {
        let (rows, width) = (rows, columns)
        elements.withUnsafeMutableBufferPointer { a in
            for i in 0..<rows where i + 1 < limit { a[(i * width + i + 1)..<(i * width + limit)].update(repeating: 0) }
        }
    }
}
