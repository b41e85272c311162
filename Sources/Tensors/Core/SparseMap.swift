/// A sparse matrix that acts along one axis: gathering, reflecting, resampling and filtering are such maps, and so are their derivatives.
///
/// Row i of the result is `Σ weight · column` over the entries of row i. Immutable and shared: keep one per geometry.
public final class SparseMap: Sendable {
    /// Extent of the axis after the map.
    public let rows: Int
    /// Extent of the axis before it.
    public let columns: Int
    /// Where the entries of each row begin; `rows + 1` positions.
    public let starts: [Int]
    /// Column of each entry.
    public let indices: [Int]
    /// Weight of each entry.
    public let weights: [Double]
    /// Whether every row is one column with weight 1.
    public let isSelection: Bool

    /// A map given by the entries of each row.
    public init(columns: Int, rows entries: [[(column: Int, weight: Double)]]) {
        rows = entries.count
        self.columns = columns
        var starts = [0], indices: [Int] = [], weights: [Double] = []
        for row in entries {
            for entry in row {
                precondition(0..<columns ~= entry.column, "column \(entry.column) of \(columns)")
                indices.append(entry.column)
                weights.append(entry.weight)
            }
            starts.append(indices.count)
        }
        (self.starts, self.indices, self.weights) = (starts, indices, weights)
        isSelection = indices.count == entries.count && weights.allSatisfy { $0 == 1 } && zip(starts, starts.dropFirst()).allSatisfy { $1 == $0 + 1 }
    }

    /// The map that picks `indices`, in this order and as often as they occur.
    public convenience init(selecting indices: [Int], of columns: Int) {
        self.init(columns: columns, rows: indices.map { [($0, 1)] })
    }

    /// The adjoint map: rows and columns exchanged, entries of a row in the order of the original's rows.
    public var transposed: SparseMap {
        var entries = [[(column: Int, weight: Double)]](repeating: [], count: columns)
        for row in 0..<rows {
            for entry in starts[row]..<starts[row + 1] { entries[indices[entry]].append((row, weights[entry])) }
        }
        return SparseMap(columns: rows, rows: entries)
    }
}

/// Everything about a batch of matrix products but its numbers.
public struct ProductGeometry: Hashable, Sendable {
    /// Number of products.
    public var batch: Int
    /// Rows of the result.
    public var rows: Int
    /// Length of the sums.
    public var inner: Int
    /// Columns of the result.
    public var columns: Int
    /// Whether `a` is stored `[inner, rows]`.
    public var transposesA = false
    /// Whether `b` is stored `[columns, inner]`.
    public var transposesB = false
}
