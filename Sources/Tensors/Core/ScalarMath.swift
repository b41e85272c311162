#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The elementwise functions on one number, shared by every backend that runs on the CPU.
enum ScalarMath {
    /// Applies `body` to a closure that computes `function`, so that the choice of function is made once and not for each element.
    @inline(__always)
    static func with<T: TensorElement>(_ function: UnaryFunction, _ body: ((T) -> T) -> Void) {
        switch function {
        case .relu: body { $0 > 0 ? $0 : ($0.isNaN ? $0 : 0) }
        case .relu6: body { $0.isNaN ? $0 : min(max($0, 0), 6) }
        case let .leakyRelu(slope):
            let slope = T(slope)
            body { $0 > 0 ? $0 : slope * $0 }
        case .negate: body { -$0 }
        case .sign: body { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }
        case .reciprocal: body { 1 / $0 }
        case .reciprocalSquareRoot: body { 1 / $0.squareRoot() }
        case .sine: body { T(sin(Double($0))) }
        case .cosine: body { T(cos(Double($0))) }
        case .errorFunction: body { T(erf(Double($0))) }
        case .softplus: body { T(max(Double($0), 0) + log1p(exp(-abs(Double($0))))) }
        case let .power(exponent):
            switch exponent {
            case 2: body { $0 * $0 }
            case 3: body { $0 * $0 * $0 }
            default: body { T(pow(Double($0), exponent)) }
            }
        case .exponential: body { T(exp(Double($0))) }
        case .logarithm: body { T(log(Double($0))) }
        case .squareRoot: body { $0.squareRoot() }
        case .square: body { $0 * $0 }
        case .absolute: body { abs($0) }
        case .sigmoid: body { T(1 / (1 + exp(-Double($0)))) }
        case .tanh: body { T(hyperbolicTangent(Double($0))) }
        case let .affine(scale, shift):
            let (scale, shift) = (T(scale), T(shift))
            body { scale * $0 + shift }
        case let .normalise(shift, scale):
            let (shift, scale) = (T(shift), T(scale))
            body { ($0 - shift) / scale }
        case let .clamp(lower, upper):
            let (lower, upper) = (T(lower), T(upper))
            body { $0.isNaN ? $0 : min(max($0, lower), upper) }
        }
    }

    /// The same for functions of two numbers.
    @inline(__always)
    static func with<T: TensorElement>(_ function: BinaryFunction, _ body: ((T, T) -> T) -> Void) {
        switch function {
        case .add: body { $0 + $1 }
        case .subtract: body { $0 - $1 }
        case .multiply: body { $0 * $1 }
        case .divide: body { $0 / $1 }
        case .maximum: body { $0.isNaN || $1.isNaN ? $0 + $1 : max($0, $1) }
        case .minimum: body { $0.isNaN || $1.isNaN ? $0 + $1 : min($0, $1) }
        case .greater: body { $0 > $1 ? 1 : 0 }
        case .greaterOrEqual: body { $0 >= $1 ? 1 : 0 }
        case .equal: body { $0 == $1 ? 1 : 0 }
        case .heaviside: body { $0 > $1 ? 1 : ($0 == $1 ? 0.5 : 0) }
        case let .gate(slope):
            let slope = T(slope)
            body { $1 > 0 ? $0 : slope * $0 }
        case let .gateBetween(lower, upper, closed):
            let (lower, upper) = (T(lower), T(upper))
            if closed { body { $1 >= lower && $1 <= upper ? $0 : 0 } } else { body { $1 > lower && $1 < upper ? $0 : 0 } }
        }
    }
}

@inline(__always) private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
