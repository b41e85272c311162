/// A dense matrix of `Double`, stored row after row without gaps: element (i, j) is `elements[i * columns + j]`.
///
/// - Shape: `[rows, columns]`; either may be zero.
public struct Matrix: Sendable, Equatable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// The elements in row-major order.
    /// - Shape: `[rows * columns]`
    public internal(set) var elements: [Double]

    /// A matrix with these elements, given row after row.
    public init(rows: Int, columns: Int, elements: [Double]) {
        precondition(rows >= 0 && columns >= 0 && elements.count == rows * columns, "a \(rows)×\(columns) matrix needs \(rows * columns) elements, not \(elements.count)")
        (self.rows, self.columns, self.elements) = (rows, columns, elements)
    }

    /// A matrix whose elements all are `value`.
    public init(rows: Int, columns: Int, repeating value: Double = 0) {
        self.init(rows: rows, columns: columns, elements: [Double](repeating: value, count: rows * columns))
    }

    /// A square matrix with `diagonal` on the diagonal and zeros elsewhere.
    public init(diagonal: [Double]) {
        self.init(rows: diagonal.count, columns: diagonal.count)
        for (i, value) in diagonal.enumerated() { self[i, i] = value }
    }

    /// Element (row, column).
    public subscript(row: Int, column: Int) -> Double {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// a ← a + b, element by element.
    public static func += (a: inout Matrix, b: Matrix) {
        precondition(a.rows == b.rows && a.columns == b.columns, "cannot add a \(b.rows)×\(b.columns) matrix to a \(a.rows)×\(a.columns) one")
        for i in a.elements.indices { a.elements[i] += b.elements[i] }
    }

    /// Whether rows and columns are as many.
    public var isSquare: Bool { rows == columns }

    /// The elements (i, i).
    /// - Shape: `[min(rows, columns)]`
    public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

    /// Σᵢ aᵢᵢ.
    public var trace: Double { diagonal.reduce(0, +) }

    /// Aᵀ.
    public var transposed: Matrix {
        let (rows, columns) = (rows, columns)
        let tile = 32  // Two 32×32 tiles of doubles fit the first-level cache, so neither side is walked with a long stride.
        let result = elements.withUnsafeBufferPointer { source in
            [Double](unsafeUninitializedCapacity: rows * columns) { target, count in
                for firstRow in stride(from: 0, to: rows, by: tile) {
                    for firstColumn in stride(from: 0, to: columns, by: tile) {
                        for i in firstRow..<min(firstRow + tile, rows) {
                            for j in firstColumn..<min(firstColumn + tile, columns) { target[j * rows + i] = source[i * columns + j] }
                        }
                    }
                }
                count = rows * columns
            }
        }
        return Matrix(rows: columns, columns: rows, elements: result)
    }

    /// The matrix with every element multiplied by `factor`.
    public func scaled(by factor: Double) -> Matrix {
        Matrix(rows: rows, columns: columns, elements: elements.map { $0 * factor })
    }

    /// Copies the elements below the diagonal onto those above it.
    mutating func mirrorLowerTriangle() {
        precondition(isSquare)
        let n = rows
        elements.withUnsafeMutableBufferPointer { a in
            let tile = 32
            for firstRow in stride(from: 0, to: n, by: tile) {
                for firstColumn in stride(from: 0, through: firstRow, by: tile) {
                    for i in firstRow..<min(firstRow + tile, n) {
                        for j in firstColumn..<min(firstColumn + tile, i) { a[j * n + i] = a[i * n + j] }
                    }
                }
            }
        }
    }
}
