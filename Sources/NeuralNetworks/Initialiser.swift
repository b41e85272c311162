import Tensors

/// A way to fill weights with their first numbers: the same bits on every machine.
///
/// Fans are PyTorch's for a weight `[out, in, kH, kW]`: `fanIn = in · kH · kW`, `fanOut = out · kH · kW` (for transposed convolutions the two first axes are
/// exchanged, as there).
public enum Initialiser: Sendable, Hashable {
    /// The same number everywhere.
    case constant(Double)
    /// Normal numbers; DCGAN's are `normal(mean: 0, deviation: 0.02)`.
    case normal(mean: Double = 0, deviation: Double = 0.02)
    /// Uniform numbers within `±bound`.
    case uniform(bound: Double)
    /// Uniform within `±gain · √(6 / (fanIn + fanOut))`. Source: Glorot and Bengio, AISTATS 2010.
    case xavierUniform(gain: Double = 1)
    /// Normal with deviation `gain · √(2 / (fanIn + fanOut))`.
    case xavierNormal(gain: Double = 1)
    /// Uniform within `±√(6 / ((1 + slope²) · fanIn))` for a leaky ReLU of this slope behind. Source: He et al., arXiv:1502.01852.
    case heUniform(slope: Double = 0)
    /// Normal with deviation `√(2 / ((1 + slope²) · fanIn))`.
    case heNormal(slope: Double = 0)
    /// Rows (or columns, if those are fewer) of unit length and orthogonal to each other, times `gain`: Q of the QR decomposition of a normal matrix
    /// `[out, fanIn]`, signs chosen so that R's diagonal is positive. Source: Saxe et al., arXiv:1312.6120.
    case orthogonal(gain: Double = 1)
    /// A normal vector of length 1.
    case unitVector
    /// `[classes, 2 · C]`: gains `N(1, 0.02²)` in the first half of each row, zeros in the second.
    case gainsAndBiases
    /// What PyTorch's layers begin with: `heUniform(slope: √5)` for weights, biases within `±1 / √fanIn`, normal embeddings.
    case pyTorch

    /// 0 everywhere.
    public static let zeros = Initialiser.constant(0)
    /// 1 everywhere.
    public static let ones = Initialiser.constant(1)

    /// Numbers for a weight of this shape, row-major.
    public func values(_ shape: Shape, _ stream: RandomStream) -> [Double] {
        let receptive = shape.dimensions.dropFirst(2).reduce(1, *)
        let fanIn = Double((shape.rank > 1 ? shape[1] : 1) * receptive), fanOut = Double((shape.rank > 0 ? shape[0] : 1) * receptive)
        func normal(_ mean: Double, _ deviation: Double) -> [Double] { stream.normals(shape.count).map { mean + deviation * $0 } }
        func uniform(_ bound: Double) -> [Double] { (0..<shape.count).map { (2 * Double(stream.uniform($0)) - 1) * bound } }
        switch self {
        case let .constant(value): return [Double](repeating: value, count: shape.count)
        case let .normal(mean, deviation): return normal(mean, deviation)
        case let .uniform(bound): return uniform(bound)
        case let .xavierUniform(gain): return uniform(gain * (6 / (fanIn + fanOut)).squareRoot())
        case let .xavierNormal(gain): return normal(0, gain * (2 / (fanIn + fanOut)).squareRoot())
        case let .heUniform(slope): return uniform((6 / ((1 + slope * slope) * fanIn)).squareRoot())
        case let .heNormal(slope): return normal(0, (2 / ((1 + slope * slope) * fanIn)).squareRoot())
        case .pyTorch: return Initialiser.heUniform(slope: 5.0.squareRoot()).values(shape, stream)
        case .gainsAndBiases: return normal(1, 0.02).enumerated().map { 2 * ($0 % shape[1]) < shape[1] ? $1 : 0 }
        case .unitVector:
            let values = normal(0, 1), length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / length }
        case let .orthogonal(gain):
            precondition(shape.rank >= 2, "an orthogonal \(shape): at least two axes are needed")
            return OrthogonalMatrix.random(rows: shape[0], columns: shape.count / max(shape[0], 1), stream).map { $0 * gain }
        }
    }

    /// What this choice for a whole network means for one of its entries.
    func chosen(for role: ModuleNumbers.Role) -> Initialiser {
        switch (role, self) {
        case let (.own(own), _): own
        case (.embedding, .pyTorch): .normal(deviation: 1)
        case let (.bias(fanIn), .pyTorch): .uniform(bound: 1 / Double(max(fanIn, 1)).squareRoot())
        case (.bias, _): .zeros
        default: self
        }
    }
}

extension Module {
    /// Gives every parameter and buffer its first numbers, each from the part of `stream` that bears its name.
    ///
    /// Weights are filled as `initialiser` says; biases with zeros (unless it is `.pyTorch`), scales with ones, running statistics and the like with their own.
    /// - Parameter exceptions: Another choice for an entry, by name; nil leaves the rule.
    public func initialise(with initialiser: Initialiser, stream: RandomStream, type: ElementType = .float32, on backend: any Backend,
                           exceptions: (_ name: String, _ role: ModuleNumbers.Role) -> Initialiser? = { _, _ in nil }) {
        for (name, entry) in entries {
            let chosen = exceptions(name, entry.role) ?? initialiser.chosen(for: entry.role)
            entry.tensor = Tensor(chosen.values(entry.shape, stream[name]), shape: entry.shape, type: type, on: backend)
        }
    }
}
