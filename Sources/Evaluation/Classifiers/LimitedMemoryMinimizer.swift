/// Minimises a smooth convex function by L-BFGS: the two-loop recursion over the latest steps, and a line search by bisection for the weak Wolfe conditions.
///
/// Deterministic. Sources: Nocedal & Wright, *Numerical Optimization*, algorithm 7.4; Lewis & Overton 2013, *Nonsmooth optimization via quasi-Newton methods*, algorithm 2.6.
struct LimitedMemoryMinimizer {
    /// Steps that are remembered.
    var memory = 10
    /// The search ends where no component of the gradient is larger.
    var tolerance = 1e-8
    /// The most steps.
    var limit = 2000

    /// Where the search ended, and whether the gradient had vanished there.
    /// - Parameter function: Its value and gradient at a point.
    func minimum(from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])) -> (point: [Double], isConverged: Bool) {
        var x = start, (value, gradient) = function(start)
        var steps: [(s: [Double], y: [Double], scale: Double)] = []
        for _ in 0..<limit {
            if gradient.allSatisfy({ abs($0) <= tolerance }) { return (x, true) }
            var direction = Self.direction(gradient, steps), slope = dot(direction, gradient)
            if slope >= 0 {
                // Rounding has spoilt the memory.
                steps = []
                direction = gradient.map(-)
                slope = -dot(gradient, gradient)
            }
            let first = steps.isEmpty ? 1 / max(1, dot(gradient, gradient).squareRoot()) : 1
            guard let next = Self.search(x, direction, value, slope, first, function) else { return (x, gradient.allSatisfy { abs($0) <= 1e3 * tolerance }) }
            let s = zip(next.point, x).map { $0 - $1 }, y = zip(next.gradient, gradient).map { $0 - $1 }, curvature = dot(s, y)
            if curvature > 0 {
                steps.append((s, y, 1 / curvature))
                if steps.count > memory { steps.removeFirst() }
            }
            (x, value, gradient) = (next.point, next.value, next.gradient)
        }
        return (x, false)
    }

    /// −H·gradient with H as the steps tell it.
    private static func direction(_ gradient: [Double], _ steps: [(s: [Double], y: [Double], scale: Double)]) -> [Double] {
        var q = gradient, shares: [Double] = []
        for step in steps.reversed() {
            let share = step.scale * dot(step.s, q)
            shares.append(share)
            add(-share, step.y, to: &q)
        }
        if let last = steps.last {
            let scale = 1 / (last.scale * dot(last.y, last.y))
            for i in q.indices { q[i] *= scale }
        }
        for (step, share) in zip(steps, shares.reversed()) { add(share - step.scale * dot(step.y, q), step.s, to: &q) }
        return q.map(-)
    }

    /// A step that lowers the value enough and leaves the slope much flatter; nil where rounding lets none be found.
    private static func search(
        _ x: [Double], _ direction: [Double], _ value: Double, _ slope: Double, _ first: Double, _ function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> (point: [Double], value: Double, gradient: [Double])? {
        var low = 0.0, high = Double.infinity, step = first
        for _ in 0..<60 {
            var point = x
            add(step, direction, to: &point)
            let found = function(point)
            if !(found.value <= value + 1e-4 * step * slope) {
                high = step
            } else if dot(found.gradient, direction) < 0.9 * slope {
                low = step
            } else {
                return (point, found.value, found.gradient)
            }
            step = high.isFinite ? (low + high) / 2 : 2 * step
        }
        return nil
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
}

private func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
    for i in a.indices { b[i] += factor * a[i] }
}
