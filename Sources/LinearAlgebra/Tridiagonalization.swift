import COpenBLAS

/// The reduction A = Z·T·Zᵀ of a symmetric matrix to tridiagonal form, Z orthogonal.
///
/// It is the larger part of finding the eigenvalues, and the eigenvectors can be had from it later without doing it again.
public struct Tridiagonalization: Sendable {
    /// The reflections whose product is Z, below the diagonal.
    private let reflections: Matrix
    private let scales: [Double]
    /// T.
    private let diagonal: [Double], beside: [Double]

    /// Reduces `matrix`, of which only the lower triangle is read.
    public init(_ matrix: Matrix) {
        precondition(matrix.isSquare, "a \(matrix.rows)×\(matrix.columns) matrix has no eigenvalues")
        let d = matrix.rows
        var a = matrix
        var (diagonal, beside, scales) = ([Double](repeating: 0, count: d), [Double](repeating: 0, count: d), [Double](repeating: 0, count: d))
        if d > 0 {
            let n = blasInteger(d)
            let info = a.elements.withUnsafeMutableBufferPointer { elements in
                var workSize = 0.0
                // The lower triangle of a row-major matrix is the upper one of LAPACK's column-major view.
                _ = lapack_dsytrd(85 /* U */, n, elements.baseAddress, n, &diagonal, &beside, &scales, &workSize, -1)
                var work = [Double](repeating: 0, count: Int(workSize))
                return lapack_dsytrd(85 /* U */, n, elements.baseAddress, n, &diagonal, &beside, &scales, &work, Int32(work.count))
            }
            precondition(info == 0, "dsytrd refused its arguments (info \(info))")
        }
        (reflections, self.diagonal, self.beside, self.scales) = (a, diagonal, beside, scales)
    }

    /// The eigenvalues of A, ascending.
    ///
    /// - Shape: `[d]`
    /// - Throws: `noConvergence`.
    public func eigenvalues() throws(LinearAlgebraError) -> [Double] {
        var (values, beside) = (diagonal, beside)
        let info = lapack_dsterf(blasInteger(values.count), &values, &beside)
        guard info == 0 else { throw .noConvergence(routine: "dsterf", info: Int(info)) }
        return values
    }

    /// The eigenvalues and eigenvectors of A.
    /// - Throws: `noConvergence`.
    public func eigen() throws(LinearAlgebraError) -> SymmetricEigen {
        let d = diagonal.count, n = blasInteger(d)
        var (values, beside) = (diagonal, beside)
        var vectors = Matrix(rows: d, columns: d)
        guard d > 0 else { return SymmetricEigen(values: [], vectors: vectors) }
        let info = vectors.elements.withUnsafeMutableBufferPointer { z in
            var workSize = 0.0
            var integerSize: Int32 = 0
            _ = lapack_dstedc(73 /* I */, n, &values, &beside, z.baseAddress, n, &workSize, -1, &integerSize, -1)
            var work = [Double](repeating: 0, count: Int(workSize))
            var integers = [Int32](repeating: 0, count: Int(integerSize))
            let info = lapack_dstedc(73 /* I */, n, &values, &beside, z.baseAddress, n, &work, Int32(work.count), &integers, integerSize)
            guard info == 0 else { return info }
            return reflections.elements.withUnsafeBufferPointer { reflections in
                _ = lapack_dormtr(76 /* L */, 85 /* U */, 78 /* N */, n, n, reflections.baseAddress, n, scales, z.baseAddress, n, &workSize, -1)
                work = [Double](repeating: 0, count: Int(workSize))
                return lapack_dormtr(76 /* L */, 85 /* U */, 78 /* N */, n, n, reflections.baseAddress, n, scales, z.baseAddress, n, &work, Int32(work.count))
            }
        }
        guard info == 0 else { throw .noConvergence(routine: "dstedc", info: Int(info)) }
        return SymmetricEigen(values: values, vectors: vectors)
    }
}
