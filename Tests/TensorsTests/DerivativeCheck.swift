import Tensors
import Testing

/// A function of tensors with the inputs at which its derivatives are checked.
struct DerivativeCase: CustomTestStringConvertible, Sendable {
    let name: String
    let shapes: [Shape]
    /// Where the inputs lie: the uniform numbers of [0, 1) are mapped to this range.
    var range: ClosedRange<Double> = -2...2
    let function: @Sendable ([Tensor]) -> Tensor
    var testDescription: String { name }

    init(_ name: String, _ shapes: Shape..., range: ClosedRange<Double> = -2...2, function: @escaping @Sendable ([Tensor]) -> Tensor) {
        (self.name, self.shapes, self.range, self.function) = (name, shapes, range, function)
    }

    /// The same pseudo-random inputs on any backend.
    func inputs(_ type: ElementType, on backend: any Backend) -> [Tensor] {
        let stream = RandomStream(seed: 11)[name]
        return shapes.enumerated().map { index, shape in
            let values = (0..<shape.count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double(stream["\(index)"].uniform($0)) }
            return Tensor(values, shape: shape, type: type, on: backend)
        }
    }

    /// Weights that turn a result into one number without favouring any element.
    static func weights(_ name: String, _ shape: Shape, _ type: ElementType, on backend: any Backend) -> Tensor {
        let stream = RandomStream(seed: 13)[name]
        return Tensor((0..<shape.count).map { Double(stream.uniform($0)) * 2 - 1 }, shape: shape, type: type, on: backend)
    }

    /// `Σ weight · f(inputs)`.
    func number(_ inputs: [Tensor]) -> Tensor {
        let y = function(inputs)
        return (y * Self.weights("first", y.shape, y.elementType, on: y.backend)).sum
    }

    /// `Σ weight · ∂number/∂inputs`: what the second derivative is taken of.
    func slope(_ inputs: [Tensor], createGraph: Bool) -> Tensor {
        let first = gradients(of: number(inputs), withRespectTo: inputs, createGraph: createGraph)
        return first.enumerated().map { ($1 * Self.weights("second \($0)", $1.shape, $1.elementType, on: $1.backend)).sum }.reduce(inputs[0].constant(0), +)
    }
}

/// Compares the derivative of `function` with central differences, element by element.
func expectDerivatives(_ inputs: [Tensor], step: Double = 1e-5, within tolerance: Double = 2e-7, _ what: String,
                       of function: ([Tensor]) -> Tensor) {
    let variables = inputs.map(\.variable)
    let analytic = gradients(of: function(variables), withRespectTo: variables)
    for (index, input) in inputs.enumerated() {
        let values = input.doubles, found = analytic[index].doubles
        var worst = 0.0, scale = 1.0
        for element in values.indices {
            let numbers = [-1.0, 1].map { sign -> Double in
                var moved = values
                moved[element] += sign * step
                var all = variables
                all[index] = Tensor(moved, shape: input.shape, type: .float64, on: input.backend).variable
                return function(all).item()
            }
            let expected = (numbers[1] - numbers[0]) / (2 * step)
            worst = max(worst, abs(expected - found[element]))
            scale = max(scale, abs(expected))
        }
        #expect(worst <= tolerance * scale, "\(what), input \(index): off by \(worst) of \(scale)")
    }
}
