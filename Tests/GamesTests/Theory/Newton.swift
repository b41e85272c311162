import Tensors

/// Minimisation with the toolkit's own first and second derivatives.
enum Newton {
    /// A number's value, first and second derivatives at a point.
    static func expansion(of function: (Tensor) -> Tensor, at x: [Double], on backend: any Backend) -> (value: Double, slope: [Double], hessian: [[Double]]) {
        let variable = Tensor(x, shape: [x.count], on: backend).variable
        let y = function(variable)
        let slope = gradients(of: y, withRespectTo: [variable], createGraph: true)[0]
        let rows = x.indices.map { gradients(of: slope.sliced(axis: 0, $0..<$0 + 1), withRespectTo: [variable])[0].doubles }
        return (y.item(), slope.doubles, rows)
    }

    /// A minimum of a smooth function. Where the second derivative is not positive definite a multiple of the identity is added; steps that do not descend are halved.
    static func minimum(of function: (Tensor) -> Tensor, from start: [Double], on backend: any Backend, steps: Int = 100) -> [Double] {
        var x = start
        for _ in 0..<steps {
            let here = expansion(of: function, at: x, on: backend)
            var shifted = here.hessian, shift = 1e-12
            while !isPositiveDefinite(shifted), shift < 1e12 {
                for index in x.indices { shifted[index][index] = here.hessian[index][index] + shift }
                shift *= 10
            }
            guard let step = solve(shifted, here.slope) else { return x }
            var share = 1.0
            while share > 1e-6 {
                let next = zip(x, step).map { $0 - share * $1 }
                let value = function(Tensor(next, shape: [next.count], on: backend)).item()
                if value <= here.value + 1e-15 * abs(here.value) { x = next; break }
                share /= 2
            }
            if share <= 1e-6 || (step.map(abs).max() ?? 0) < 1e-15 { return x }
        }
        return x
    }

    /// Solves `a · x = b` by elimination with pivoting; nil when a is singular.
    static func solve(_ a: [[Double]], _ b: [Double]) -> [Double]? {
        var rows = zip(a, b).map { $0 + [$1] }
        let size = b.count
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }), abs(rows[pivot][column]) > 1e-300 else { return nil }
            rows.swapAt(column, pivot)
            for row in 0..<size where row != column {
                let factor = rows[row][column] / rows[column][column]
                guard factor != 0 else { continue }
                for index in column...size { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return rows.indices.map { rows[$0][size] / rows[$0][$0] }
    }

    /// The determinant, by elimination.
    static func determinant(_ a: [[Double]]) -> Double {
        var rows = a, result = 1.0
        for column in rows.indices {
            let pivot = (column..<rows.count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
            if pivot != column { rows.swapAt(column, pivot); result = -result }
            result *= rows[column][column]
            guard rows[column][column] != 0 else { return 0 }
            for row in (column + 1)..<max(rows.count, column + 1) {
                let factor = rows[row][column] / rows[column][column]
                for index in column..<rows.count { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return result
    }

    /// Whether a symmetric matrix is positive definite, by Cholesky's pivots.
    static func isPositiveDefinite(_ a: [[Double]]) -> Bool {
        var rows = a
        for column in rows.indices {
            guard rows[column][column] > 0 else { return false }
            for row in (column + 1)..<max(rows.count, column + 1) {
                let factor = rows[row][column] / rows[column][column]
                for index in column..<rows.count { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return true
    }
}
