/// How one number of a parameter moves in a step of an optimizer, PyTorch's arithmetic in PyTorch's order.
///
/// The rule is the step's: rates, corrections and "is this the first step" are already numbers. A rule reads and writes as many numbers of state as `stateCount` says.
public enum UpdateRule: Hashable, Sendable {
    /// Kingma and Ba, arXiv:1412.6980; state: first and second moment. `correction1 = 1 − β₁ᵗ`, `correction2 = 1 − β₂ᵗ`.
    /// Decoupled weight decay is AdamW (arXiv:1711.05101).
    case adam(rate: Double, beta1: Double, beta2: Double, eps: Double, weightDecay: Double, isDecoupled: Bool, correction1: Double, correction2: Double)
    /// Gradient descent; state: velocity where the momentum is not 0. The first step's velocity is the gradient.
    case sgd(rate: Double, momentum: Double, dampening: Double, weightDecay: Double, isNesterov: Bool, isFirst: Bool)
    /// Division by a running root mean square; state: mean square, then the mean where centred, then velocity where the momentum is not 0.
    case rmsProp(rate: Double, alpha: Double, eps: Double, weightDecay: Double, momentum: Double, isCentered: Bool)
    /// `decay · parameter + (1 − decay) · gradient`: a moving average of what is given as the gradient; no state.
    case average(decay: Double)

    /// Numbers of state for each number of the parameter.
    public var stateCount: Int {
        switch self {
        case .adam: 2
        case let .sgd(_, momentum, _, _, _, _): momentum == 0 ? 0 : 1
        case let .rmsProp(_, _, _, _, momentum, isCentered): 1 + (isCentered ? 1 : 0) + (momentum == 0 ? 0 : 1)
        case .average: 0
        }
    }

    /// Calls `body` with the arithmetic, constants rounded to `T`, so that the choice of rule is made once for a loop.
    @inline(__always)
    func with<T: UpdateNumber>(_: T.Type, _ body: ((T, T, inout State<T>) -> T) -> Void) {
        switch self {
        case let .adam(rate, beta1, beta2, eps, weightDecay, isDecoupled, correction1, correction2):
            let shrink = T(isDecoupled ? 1 - rate * weightDecay : 1), decay = T(isDecoupled ? 0 : weightDecay)
            let (new1, keep2, new2) = (T(1 - beta1), T(beta2), T(1 - beta2))
            let (root, size, eps) = (T(correction2.squareRoot()), T(rate / correction1), T(eps))
            body { p, g, s in
                let p = p * shrink, g = g + decay * p
                s.first += (g - s.first) * new1
                s.second = s.second * keep2 + g * g * new2
                return p - size * (s.first / (s.second.squareRoot() / root + eps))
            }
        case let .sgd(rate, momentum, dampening, weightDecay, isNesterov, isFirst):
            let (rate, decay, ahead) = (T(rate), T(weightDecay), T(momentum))
            let (keep, new) = isFirst ? (T(0), T(1)) : (T(momentum), T(1 - dampening))
            if momentum == 0 { return body { p, g, _ in p - rate * (g + decay * p) } }
            body { p, g, s in
                let g = g + decay * p
                s.first = keep * s.first + new * g
                return p - rate * (isNesterov ? g + ahead * s.first : s.first)
            }
        case let .rmsProp(rate, alpha, eps, weightDecay, momentum, isCentered):
            let (rate, keep, new, eps, decay, speed) = (T(rate), T(alpha), T(1 - alpha), T(eps), T(weightDecay), T(momentum))
            switch (isCentered, momentum != 0) {
            case (false, false): body { p, g, s in
                let g = g + decay * p
                s.first = s.first * keep + g * g * new
                return p - rate * (g / (s.first.squareRoot() + eps))
            }
            case (false, true): body { p, g, s in
                let g = g + decay * p
                s.first = s.first * keep + g * g * new
                s.second = speed * s.second + g / (s.first.squareRoot() + eps)
                return p - rate * s.second
            }
            case (true, false): body { p, g, s in
                let g = g + decay * p
                s.first = s.first * keep + g * g * new
                s.second += (g - s.second) * new
                return p - rate * (g / ((s.first - s.second * s.second).squareRoot() + eps))
            }
            case (true, true): body { p, g, s in
                let g = g + decay * p
                s.first = s.first * keep + g * g * new
                s.second += (g - s.second) * new
                s.third = speed * s.third + g / ((s.first - s.second * s.second).squareRoot() + eps)
                return p - rate * s.third
            }
            }
        case let .average(decay):
            let new = T(1 - decay)
            body { p, g, _ in p + (g - p) * new }
        }
    }

    /// The numbers of state that belong to one number of a parameter.
    struct State<T: UpdateNumber> { var first, second, third: T }
}

/// A number that rules compute on, or several side by side.
protocol UpdateNumber {
    /// The same constant in every place.
    init(_ constant: Double)
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    static func += (a: inout Self, b: Self)
    func squareRoot() -> Self
}

extension Double: UpdateNumber {}

extension SIMD8: UpdateNumber where Scalar == Float {
    @inline(__always)
    init(_ constant: Double) { self.init(repeating: Float(constant)) }
}

extension Tensor {
    /// The parameter and its state after one step against `gradient`; all of them constants of this tensor's shape.
    public func updated(by rule: UpdateRule, gradient: Tensor, state: [Tensor] = []) -> (parameter: Tensor, state: [Tensor]) {
        precondition(gradient.shape == shape && state.count == rule.stateCount && state.allSatisfy { $0.shape == shape },
                     "\(rule) of \(shape) by \(gradient.shape) with state \(state.map(\.shape))")
        precondition(([gradient] + state).allSatisfy { $0.elementType == elementType }, "\(rule) of \(elementType) by \(gradient.elementType)")
        func fresh() -> Tensor { Tensor(backend.allocate(elementType, count: shape.count), shape) }
        let next = fresh(), kept = state.map { _ in fresh() }
        backend.update(rule, storage, gradient.storage, state.map(\.storage), to: next.storage, kept.map(\.storage))
        return (next, kept)
    }
}
