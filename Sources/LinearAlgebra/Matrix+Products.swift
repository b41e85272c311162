import COneDNN
import COpenBLAS

/// Converts a dimension for BLAS, whose integers have 32 bits.
func blasInteger(_ value: Int) -> Int32 {
    precondition(value <= Int(Int32.max), "\(value) exceeds the 32-bit integers of BLAS")
    return Int32(value)
}

extension Matrix {
    /// op(A)·op(B), where op is the identity or the transpose.
    ///
    /// - Shape: `[m, k] · [k, n] → [m, n]` after the transposes.
    public static func product(_ a: Matrix, _ b: Matrix, transposingFirst transposeA: Bool = false, transposingSecond transposeB: Bool = false) -> Matrix {
        let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
        let (kOfB, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
        precondition(k == kOfB, "cannot multiply \(m)×\(k) by \(kOfB)×\(n)")
        var result = Matrix(rows: m, columns: n)
        guard m > 0, n > 0, k > 0 else { return result }
        result.elements.withUnsafeMutableBufferPointer { c in
            cblas_dgemm(
                CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
                blasInteger(m), blasInteger(n), blasInteger(k), 1, a.elements, blasInteger(a.columns), b.elements, blasInteger(b.columns),
                0, c.baseAddress, blasInteger(n))
        }
        return result
    }

    /// AᵀA, symmetric to the last bit, at half the cost of a general product.
    ///
    /// - Shape: `[n, d] → [d, d]`
    public var gram: Matrix {
        var result = Matrix(rows: columns, columns: columns)
        result.addGram(ofRows: elements, count: rows)
        result.mirrorLowerTriangle()
        return result
    }

    /// Adds RᵀR to the lower triangle, R being the rows given; the upper triangle is left alone.
    ///
    /// - Shape: `rows` is `[count, columns]`.
    public mutating func addGram(ofRows source: UnsafeBufferPointer<Double>, count: Int) {
        precondition(isSquare && source.count >= count * columns)
        guard count > 0, columns > 0 else { return }
        let d = blasInteger(columns)
        elements.withUnsafeMutableBufferPointer { c in
            cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, d, blasInteger(count), 1, source.baseAddress, d, 1, c.baseAddress, d)
        }
    }

    /// Adds RᵀR to the lower triangle, R being the rows given; the upper triangle is left alone.
    ///
    /// - Shape: `rows` is `[count, columns]`.
    public mutating func addGram(ofRows source: [Double], count: Int) {
        source.withUnsafeBufferPointer { addGram(ofRows: $0, count: count) }
    }

    /// Adds factor · v vᵀ to the lower triangle; the upper triangle is left alone.
    ///
    /// - Shape: `v` is `[columns]`.
    public mutating func addOuterProduct(of v: [Double], factor: Double) {
        precondition(isSquare && v.count == columns)
        guard columns > 0 else { return }
        let d = blasInteger(columns)
        elements.withUnsafeMutableBufferPointer { cblas_dsyr(CblasRowMajor, CblasLower, d, factor, v, 1, $0.baseAddress, d) }
    }

    /// A full symmetric matrix from the lower triangle.
    public var symmetrizedFromLowerTriangle: Matrix {
        var result = self
        result.mirrorLowerTriangle()
        return result
    }

    /// Lᵀ·A·L for a lower-triangular L, with triangular products.
    ///
    /// - Shape: `[d, d]` for both.
    public func congruence(byLowerTriangle l: Matrix) -> Matrix {
        precondition(isSquare && l.isSquare && l.rows == rows)
        var result = self
        guard rows > 0 else { return result }
        let d = blasInteger(rows)
        result.elements.withUnsafeMutableBufferPointer { c in
            cblas_dtrmm(CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, d, d, 1, l.elements, d, c.baseAddress, d)
            cblas_dtrmm(CblasRowMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, d, d, 1, l.elements, d, c.baseAddress, d)
        }
        return result
    }

    /// A·L⁻ᵀ for a lower-triangular L, that is L⁻¹aᵢ for every row aᵢ; or A·L⁻¹.
    ///
    /// - Shape: `[n, d]`, L `[d, d]` → `[n, d]`
    public func rowsSolved(byLowerTriangle l: Matrix, transposing: Bool = true) -> Matrix {
        precondition(l.isSquare && l.rows == columns)
        var result = self
        guard rows > 0, columns > 0 else { return result }
        result.elements.withUnsafeMutableBufferPointer { c in
            cblas_dtrsm(
                CblasRowMajor, CblasRight, CblasLower, transposing ? CblasTrans : CblasNoTrans, CblasNonUnit, blasInteger(rows), blasInteger(columns), 1,
                l.elements, blasInteger(columns), c.baseAddress, blasInteger(columns))
        }
        return result
    }

    /// A·L for a lower-triangular L, or A·Lᵀ; half the cost of a general product.
    ///
    /// - Shape: `[n, d]`, L `[d, d]` → `[n, d]`
    public func rowsMultiplied(byLowerTriangle l: Matrix, transposing: Bool = false) -> Matrix {
        precondition(l.isSquare && l.rows == columns)
        var result = self
        guard rows > 0, columns > 0 else { return result }
        result.elements.withUnsafeMutableBufferPointer { c in
            cblas_dtrmm(
                CblasRowMajor, CblasRight, CblasLower, transposing ? CblasTrans : CblasNoTrans, CblasNonUnit, blasInteger(rows), blasInteger(columns), 1,
                l.elements, blasInteger(columns), c.baseAddress, blasInteger(columns))
        }
        return result
    }
}

extension Matrix {
    /// The lower-triangular T with yᵀTy = diagonal·yᵀy + factor·yᵀAy, A being symmetric: what lies above the diagonal counts below it.
    ///
    /// - Shape: `[d, d]`
    public func foldedBelowDiagonal(factor: Double = 1, diagonal: Double = 0) -> Matrix {
        precondition(isSquare)
        let n = rows
        var result = Matrix(rows: n, columns: n)
        result.elements.withUnsafeMutableBufferPointer { t in
            elements.withUnsafeBufferPointer { a in
                for i in 0..<n {
                    for j in 0..<i { t[i * n + j] = 2 * factor * a[i * n + j] }
                    t[i * n + i] = factor * a[i * n + i] + diagonal
                }
            }
        }
        return result
    }
}

/// C ← A·Bᵀ in single precision, for kernels over float32 features, by oneDNN: OpenBLAS leaves half of a processor with wide vectors unused where it does not know its name.
///
/// - Shape: A `[m, k]`, B `[n, k]`, C `[m, n]`, all row-major and contiguous.
public func multiplyByTransposed(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, into c: UnsafeMutableBufferPointer<Float>, m: Int, n: Int, k: Int) {
    precondition(a.count >= m * k && b.count >= n * k && c.count >= m * n, "operands of a \(m)×\(k) by \(n)×\(k) product are too short")
    guard m > 0, n > 0, k > 0 else { return }
    let (notTransposed, transposed) = (CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")))
    let status = dnnl_sgemm(notTransposed, transposed, dnnl_dim_t(m), dnnl_dim_t(n), dnnl_dim_t(k), 1, a.baseAddress, dnnl_dim_t(k), b.baseAddress, dnnl_dim_t(k), 0, c.baseAddress, dnnl_dim_t(n))
    precondition(status == dnnl_success, "oneDNN refused a \(m)×\(k) by \(n)×\(k) product: status \(status.rawValue)")
}

/// C ← A·Bᵀ in double precision.
///
/// - Shape: A `[m, k]`, B `[n, k]`, C `[m, n]`, all row-major and contiguous.
public func multiplyByTransposed(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, into c: UnsafeMutableBufferPointer<Double>, m: Int, n: Int, k: Int) {
    precondition(a.count >= m * k && b.count >= n * k && c.count >= m * n, "operands of a \(m)×\(k) by \(n)×\(k) product are too short")
    guard m > 0, n > 0, k > 0 else { return }
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, blasInteger(m), blasInteger(n), blasInteger(k), 1, a.baseAddress, blasInteger(k),
        b.baseAddress, blasInteger(k), 0, c.baseAddress, blasInteger(n))
}

/// R ← R·T in single precision for a lower-triangular T; half the cost of a general product.
///
/// - Shape: R `[count, width]`, T `[width, width]`, both row-major and contiguous.
public func multiply(_ rows: UnsafeMutableBufferPointer<Float>, byLowerTriangle t: UnsafeBufferPointer<Float>, count: Int, width: Int) {
    precondition(rows.count >= count * width && t.count >= width * width, "operands of a \(count)×\(width) by \(width)×\(width) product are too short")
    guard count > 0, width > 0 else { return }
    cblas_strmm(
        CblasRowMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, blasInteger(count), blasInteger(width), 1, t.baseAddress, blasInteger(width),
        rows.baseAddress, blasInteger(width))
}
