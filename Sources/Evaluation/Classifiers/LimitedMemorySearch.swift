/// One search for a minimum by L-BFGS, a step at a time: it says at which point it wants the function next and is told value and gradient there. So many searches can be computed together.
///
/// The two-loop recursion over the latest steps, and a line search by bisection for the weak Wolfe conditions. Deterministic.
/// Sources: Nocedal & Wright, *Numerical Optimization*, algorithm 7.4; Lewis & Overton 2013, *Nonsmooth optimization via quasi-Newton methods*, algorithm 2.6.
public struct LimitedMemorySearch: Sendable {
    /// What ends a search, and what it remembers.
    public struct Limits: Sendable {
        /// Steps that are remembered.
        public var memory = 10
        /// The search ends where no component of the gradient is larger.
        public var tolerance = 1e-8
        /// The most steps.
        public var steps = 2000
        /// The most points of one line search; more find nothing that rounding leaves to be found.
        public var trials = 60

        /// For functions in float64.
        public init() {}
    }

    /// The best point so far, and the function there.
    public private(set) var point: [Double], value = Double.infinity
    /// Where the function is wanted next; nil at the end.
    public private(set) var trial: [Double]?
    /// Whether the gradient had vanished at the end.
    public private(set) var isConverged = false

    private let limits: Limits
    private var gradient: [Double] = [], steps: [(s: [Double], y: [Double], scale: Double)] = [], taken = 0, hasBegun = false
    // Of the line search under way.
    private var direction: [Double] = [], slope = 0.0, low = 0.0, high = Double.infinity, step = 0.0, trials = 0

    /// A search that begins at a point.
    public init(from start: [Double], _ limits: Limits = Limits()) { (point, trial, self.limits) = (start, start, limits) }

    /// Takes the function at `trial`, and goes on to the next.
    public mutating func receive(_ found: Double, _ slopes: [Double]) {
        guard let tried = trial else { preconditionFailure("a search that has ended") }
        guard hasBegun else {
            (value, gradient, hasBegun) = (found, slopes, true)
            return begin()
        }
        if !(found <= value + 1e-4 * step * slope) {
            high = step
        } else if dot(slopes, direction) < 0.9 * slope {
            low = step
        } else {
            let s = zip(tried, point).map { $0 - $1 }, y = zip(slopes, gradient).map { $0 - $1 }, curvature = dot(s, y)
            if curvature > 0 {
                steps.append((s, y, 1 / curvature))
                if steps.count > limits.memory { steps.removeFirst() }
            }
            (point, value, gradient) = (tried, found, slopes)
            taken += 1
            return begin()
        }
        trials += 1
        guard trials < limits.trials else { return end(gradient.allSatisfy { abs($0) <= 1e3 * limits.tolerance }) }
        step = high.isFinite ? (low + high) / 2 : 2 * step
        goOn()
    }

    /// A new direction from here.
    private mutating func begin() {
        guard taken < limits.steps else { return end(false) }
        if gradient.allSatisfy({ abs($0) <= limits.tolerance }) { return end(true) }
        direction = Self.direction(gradient, steps)
        slope = dot(direction, gradient)
        if slope >= 0 {
            // Rounding has spoilt the memory.
            steps = []
            direction = gradient.map(-)
            slope = -dot(gradient, gradient)
        }
        (low, high, trials) = (0, .infinity, 0)
        step = steps.isEmpty ? 1 / max(1, dot(gradient, gradient).squareRoot()) : 1
        goOn()
    }

    private mutating func goOn() {
        var next = point
        add(step, direction, to: &next)
        trial = next
    }

    private mutating func end(_ converged: Bool) { (trial, isConverged) = (nil, converged) }

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
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
}

private func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
    for i in a.indices { b[i] += factor * a[i] }
}
