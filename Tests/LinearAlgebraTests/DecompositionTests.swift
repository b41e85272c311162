import LinearAlgebra
import Testing

/// A matrix of small pseudo-random numbers, different for each seed.
func sample(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return Matrix(
        rows: rows, columns: columns,
        elements: (0..<(rows * columns)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(1 << 31) - 0.5
        })
}

/// max |aᵢⱼ − bᵢⱼ|.
func distance(_ a: Matrix, _ b: Matrix) -> Double {
    #expect(a.rows == b.rows && a.columns == b.columns)
    return zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
}

/// The product by its definition.
func naiveProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
    var c = Matrix(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows { for j in 0..<b.columns { for k in 0..<a.columns { c[i, j] += a[i, k] * b[k, j] } } }
    return c
}

@Suite struct ProductTests {
    @Test func productsEqualTheirDefinitionForEveryTranspose() {
        let (a, b) = (sample(5, 7, seed: 1), sample(7, 3, seed: 2))
        let expected = naiveProduct(a, b)
        #expect(distance(.product(a, b), expected) < 1e-15)
        #expect(distance(.product(a.transposed, b, transposingFirst: true), expected) < 1e-15)
        #expect(distance(.product(a, b.transposed, transposingSecond: true), expected) < 1e-15)
        #expect(distance(.product(a.transposed, b.transposed, transposingFirst: true, transposingSecond: true), expected) < 1e-15)
    }

    @Test func gramIsTheProductWithTheTranspose() {
        let a = sample(70, 41, seed: 3)
        #expect(distance(a.gram, naiveProduct(a.transposed, a)) < 1e-13)
        #expect(a.gram == a.gram.transposed)
    }

    @Test func emptyProductsAreZero() {
        #expect(Matrix.product(Matrix(rows: 2, columns: 0), Matrix(rows: 0, columns: 3)) == Matrix(rows: 2, columns: 3))
        #expect(Matrix(rows: 0, columns: 2).gram == Matrix(rows: 2, columns: 2))
    }

    @Test func outerProductsAddToTheLowerTriangle() {
        var a = Matrix(rows: 2, columns: 2)
        a.addOuterProduct(of: [2, 3], factor: 0.5)
        #expect(a.elements == [2, 0, 3, 4.5])
        #expect(a.symmetrizedFromLowerTriangle.elements == [2, 3, 3, 4.5])
    }

    @Test func congruenceAndSolvesUndoEachOther() throws {
        let spread = sample(30, 9, seed: 4).gram
        let l = try Cholesky(spread).lower
        #expect(distance(spread.congruence(byLowerTriangle: l), naiveProduct(naiveProduct(l.transposed, spread), l)) < 1e-13)
        let rows = sample(4, 9, seed: 5)
        #expect(distance(Matrix.product(rows, l, transposingSecond: true).rowsSolved(byLowerTriangle: l), rows) < 1e-13)
        #expect(distance(rows.rowsMultiplied(byLowerTriangle: l), naiveProduct(rows, l)) < 1e-14)
        #expect(distance(rows.rowsMultiplied(byLowerTriangle: l, transposing: true), naiveProduct(rows, l.transposed)) < 1e-14)
        #expect(distance(rows.rowsMultiplied(byLowerTriangle: l).rowsSolved(byLowerTriangle: l, transposing: false), rows) < 1e-13)
    }

    @Test func foldingBelowTheDiagonalKeepsTheQuadraticForm() {
        let a = sample(20, 7, seed: 12).gram, y = sample(1, 7, seed: 13)
        let folded = a.foldedBelowDiagonal(factor: -2, diagonal: 3)
        #expect((0..<7).allSatisfy { i in ((i + 1)..<7).allSatisfy { folded[i, $0] == 0 } })
        func form(_ m: Matrix) -> Double { naiveProduct(naiveProduct(y, m), y.transposed)[0, 0] }
        #expect(abs(form(folded) - (3 * naiveProduct(y, y.transposed)[0, 0] - 2 * form(a))) < 1e-14)
    }

    @Test func singlePrecisionProductWithTheTranspose() {
        let (a, b): ([Float], [Float]) = ([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0])
        var c = [Float](repeating: .nan, count: 4)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in multiplyByTransposed(a, b, into: c, m: 2, n: 2, k: 3) }
            }
        }
        #expect(c == [4, 2, 10, 5])
    }

    @Test func singlePrecisionProductWithATriangle() {
        var rows: [Float] = [1, 2, 3, 4]
        let triangle: [Float] = [2, .nan, 3, 5]
        rows.withUnsafeMutableBufferPointer { rows in triangle.withUnsafeBufferPointer { multiply(rows, byLowerTriangle: $0, count: 2, width: 2) } }
        #expect(rows == [8, 10, 18, 20])
    }
}

@Suite struct DecompositionTests {
    @Test(arguments: [1, 2, 33, 130]) func eigenvectorsRebuildTheMatrix(d: Int) throws {
        let a = sample(d + 3, d, seed: 6).gram
        let eigen = try SymmetricEigen(a)
        let scaled = Matrix.product(Matrix(diagonal: eigen.values), eigen.vectors)
        #expect(distance(Matrix.product(eigen.vectors, scaled, transposingFirst: true), a) < 1e-13 * Double(d))
        #expect(distance(Matrix.product(eigen.vectors, eigen.vectors, transposingSecond: true), Matrix(diagonal: [Double](repeating: 1, count: d))) < 1e-13)
        let alone = try SymmetricEigen.values(of: a)
        #expect(zip(alone, eigen.values).allSatisfy { abs($0 - $1) < 1e-13 * Double(d) })
        #expect(alone == alone.sorted())
    }

    @Test func eigenvaluesOfTheSecondDifferenceAreKnown() throws {
        // Dirichlet Laplacian of n points: λₖ = 2 − 2cos(kπ/(n+1)); its trace and the trace of its square are exact integers.
        let n = 100
        var a = Matrix(rows: n, columns: n)
        for i in 0..<n {
            a[i, i] = 2
            if i > 0 { a[i, i - 1] = -1; a[i - 1, i] = -1 }
        }
        let values = try SymmetricEigen.values(of: a)
        #expect(abs(values.reduce(0, +) - 200) < 1e-11)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } - Double(4 * n + 2 * (n - 1))) < 1e-11)
        #expect(abs(values.reduce(1, *) - Double(n + 1)) < 1e-8)
    }

    /// One reduction serves the eigenvalues alone and with their vectors, at any scale.
    @Test(arguments: [1e-140, 1, 1e140]) func tridiagonalFormIsAskedTwice(scale: Double) throws {
        let a = sample(50, 40, seed: 14).gram.scaled(by: scale)
        let reduced = Tridiagonalization(a)
        let (values, eigen) = (try reduced.eigenvalues(), try reduced.eigen())
        #expect(zip(values, eigen.values).allSatisfy { abs($0 - $1) < 1e-13 * scale * 40 })
        #expect(abs(values.reduce(0, +) / a.trace - 1) < 1e-13)
        for k in [0, 39] {
            let q = Matrix(rows: 1, columns: 40, elements: (0..<40).map { eigen.vectors[k, $0] })
            #expect(abs(naiveProduct(naiveProduct(q, a), q.transposed)[0, 0] - values[k]) < 1e-13 * scale * 40)
        }
    }

    @Test func choleskyRebuildsAndRefuses() throws {
        let a = sample(60, 50, seed: 7).gram
        let l = try Cholesky(a).lower
        #expect(distance(.product(l, l, transposingSecond: true), a) < 1e-13)
        #expect((0..<50).allSatisfy { i in ((i + 1)..<50).allSatisfy { l[i, $0] == 0 } })
        let inverse = try Cholesky(a).inverseLowerTriangle.symmetrizedFromLowerTriangle
        #expect(distance(naiveProduct(inverse, a), Matrix(diagonal: [Double](repeating: 1, count: 50))) < 1e-10)
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) { try Cholesky(Matrix(diagonal: [1, -1, 1])) }
    }

    @Test(arguments: [0, 1, 5, 20]) func pivotedCholeskyFindsTheRank(rank: Int) {
        let a = sample(rank, 20, seed: 8).gram
        let pivoted = PivotedCholesky(a)
        #expect(pivoted.rank == rank)
        #expect(distance(.product(pivoted.factor, pivoted.factor, transposingSecond: true), a) < 1e-13)
    }

    @Test(arguments: [(9, 4), (4, 9), (6, 6), (1, 8), (200, 70)]) func singularVectorsRebuildTheMatrix(rows: Int, columns: Int) throws {
        let a = sample(rows, columns, seed: 9)
        let svd = try SingularValueDecomposition(a)
        let rebuilt = Matrix.product(.product(svd.left, Matrix(diagonal: svd.values)), svd.rightTransposed)
        #expect(distance(rebuilt, a) < 1e-13)
        #expect(zip(try SingularValueDecomposition.values(of: a), svd.values).allSatisfy { abs($0 - $1) < 1e-13 })
        #expect(abs(try a.nuclearNorm() - svd.values.reduce(0, +)) < 1e-12)
    }

    @Test(arguments: [(9, 4), (4, 9), (5, 5)]) func gramFactorSquaresToTheGram(rows: Int, columns: Int) {
        let a = sample(rows, columns, seed: 10)
        let factor = a.gramFactor
        #expect(factor.columns == min(rows, columns))
        #expect(distance(.product(factor, factor, transposingSecond: true), a.gram) < 1e-14)
    }

    @Test func notANumberIsReportedNotReturned() {
        var a = Matrix(diagonal: [1, 2, 3])
        a[2, 1] = .nan
        #expect(throws: LinearAlgebraError.self) { try a.nuclearNorm() }
    }
}
