/// What a decomposition can fail with.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
    /// The leading minor of this order (counted from one) is not positive.
    case notPositiveDefinite(order: Int)
    /// The iteration of a LAPACK routine did not converge, which also happens when an element is not finite.
    case noConvergence(routine: String, info: Int)

    /// One line for people.
    public var description: String {
        switch self {
        case .notPositiveDefinite(let order): "the matrix is not positive definite: its leading minor of order \(order) is not positive"
        case .noConvergence(let routine, let info): "\(routine) did not converge (info \(info)); are all elements finite?"
        }
    }
}
