/// Linear programs: `max c·x` with `A·x ≤ b`, `x ≥ 0` and `b ≥ 0`, by the tableau with Bland's rule, which cannot cycle.
enum Simplex {
    /// The best x, its value, and the multipliers of the constraints, which solve the dual program.
    static func maximum(of c: [Double], _ a: [[Double]], atMost b: [Double]) -> (value: Double, x: [Double], multipliers: [Double]) {
        precondition(b.allSatisfy { $0 >= 0 }, "the origin must be feasible")
        let (rows, columns) = (b.count, c.count)
        var tableau = (0..<rows).map { row in a[row] + (0..<rows).map { $0 == row ? 1 : 0 } + [b[row]] }
        var costs = c.map { -$0 } + [Double](repeating: 0, count: rows + 1)
        var basis = (0..<rows).map { columns + $0 }
        while let entering = (0..<columns + rows).first(where: { costs[$0] < -1e-12 }) {
            let candidates = (0..<rows).filter { tableau[$0][entering] > 1e-12 }
            guard let leaving = candidates.min(by: { ratio(tableau[$0], entering, basis[$0]) < ratio(tableau[$1], entering, basis[$1]) }) else { preconditionFailure("unbounded program") }
            let pivot = tableau[leaving][entering]
            tableau[leaving] = tableau[leaving].map { $0 / pivot }
            for row in 0..<rows where row != leaving { eliminate(&tableau[row], with: tableau[leaving], entering) }
            eliminate(&costs, with: tableau[leaving], entering)
            basis[leaving] = entering
        }
        var x = [Double](repeating: 0, count: columns)
        for row in 0..<rows where basis[row] < columns { x[basis[row]] = tableau[row][columns + rows] }
        return (costs[columns + rows], x, Array(costs[columns..<columns + rows]))
    }

    private static func ratio(_ row: [Double], _ entering: Int, _ basic: Int) -> (Double, Int) { (row[row.count - 1] / row[entering], basic) }

    private static func eliminate(_ row: inout [Double], with pivot: [Double], _ column: Int) {
        let factor = row[column]
        for index in row.indices { row[index] -= factor * pivot[index] }
    }
}
