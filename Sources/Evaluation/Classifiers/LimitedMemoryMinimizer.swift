/// Minimises a smooth convex function by a single ``LimitedMemorySearch``.
struct LimitedMemoryMinimizer {
    /// Where the search ended, and whether the gradient had vanished there.
    /// - Parameter function: Its value and gradient at a point.
    func minimum(from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])) -> (point: [Double], isConverged: Bool) {
        var search = LimitedMemorySearch(from: start)
        while let trial = search.trial {
            let found = function(trial)
            search.receive(found.value, found.gradient)
        }
        return (search.point, search.isConverged)
    }
}
