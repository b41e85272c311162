import COpenBLAS

extension Matrix {
    /// The lower-triangular L with AᵀA = L·Lᵀ, by orthogonal factorisation of A, which does not square its condition number as `gram` does.
    ///
    /// Lᵀ is the R of A = Q·R up to the signs of its rows.
    ///
    /// - Shape: `[n, d] → [d, min(n, d)]`
    public var gramFactor: Matrix {
        let (n, d) = (rows, columns)
        let k = min(n, d)
        guard k > 0 else { return Matrix(rows: d, columns: 0) }
        var a = elements
        var tau = [Double](repeating: 0, count: k)
        var workSize = 0.0
        // LAPACK sees Aᵀ; its LQ factor of Aᵀ is Rᵀ of A.
        _ = lapack_dgelqf(blasInteger(d), blasInteger(n), &a, blasInteger(d), &tau, &workSize, -1)
        var work = [Double](repeating: 0, count: Int(workSize))
        let info = lapack_dgelqf(blasInteger(d), blasInteger(n), &a, blasInteger(d), &tau, &work, Int32(work.count))
        precondition(info == 0, "dgelqf refused its arguments (info \(info))")
        var factor = Matrix(rows: d, columns: k)
        for column in 0..<k {
            for row in column..<d { factor[row, column] = a[column * d + row] }
        }
        return factor
    }
}
