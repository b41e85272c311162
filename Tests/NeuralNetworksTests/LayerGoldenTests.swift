import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Every layer against PyTorch: output and derivatives of the third step of training, buffers after it, and evaluation.
@Suite struct LayerGoldenTests {
    struct Numbers: Decodable { let shape: [Int], values: [Double] }
    struct Golden: Decodable { let input: [Int], output, inputGradient: Numbers, gradients, buffers: [String: Numbers], evaluation: Numbers }

    static let goldens = Result { try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: URL(filePath: Fixtures.path("layers/layers.json")))) }

    @Test func everyGoldenIsTested() throws {
        #expect(try Set(Self.goldens.get().keys) == Set(LayerCase.all.map(\.name)))
    }

    @Test(arguments: LayerCase.all) func equalsPyTorch(_ c: LayerCase) throws {
        let golden = try #require(try Self.goldens.get()[c.name])
        for (backend, type, tolerance) in [(ReferenceBackend(), .float64, 2e-9), (CPUBackend(), .float64, 2e-9), (CPUBackend(), .float32, 2e-5)] as [(any Backend, ElementType, Double)] {
            let (module, apply) = c.make()
            GeneratedNumbers.fill(module, c.name, type, on: backend)
            func generated(_ key: String, _ shape: Shape) -> Tensor { GeneratedNumbers.tensor("\(c.name).\(key)", shape, type, on: backend) }
            let context = Context.training(RandomStream(seed: 1))
            for (_, parameter) in module.parameters { parameter.tensor = parameter.tensor.variable }
            let names = module.parameters.map(\.name)
            var output: Tensor?, derivatives: [Tensor] = []
            for step in 0..<3 {
                let x = generated("x.\(step)", Shape(golden.input)).variable
                let y = apply(x, context)
                output = y
                derivatives = gradients(of: y, seed: generated("g.\(step)", y.shape), withRespectTo: [x] + module.parameters.map(\.parameter.tensor))
            }
            func expect(_ found: Tensor?, _ expected: Numbers?, _ what: String) throws {
                let (found, expected) = (try #require(found), try #require(expected, "\(what) is not in the goldens"))
                #expect(found.shape.dimensions == expected.shape, "\(what) on \(backend.name)")
                let scale = max(expected.values.map(abs).max() ?? 0, 1), worst = zip(found.doubles, expected.values).map { abs($0 - $1) }.max() ?? 0
                #expect(worst <= tolerance * scale, "\(what) in \(type) on \(backend.name): off by \(worst) of \(scale)")
            }
            try expect(output, golden.output, "output")
            try expect(derivatives.first, golden.inputGradient, "derivative of the input")
            #expect(Set(names) == Set(golden.gradients.keys))
            for (name, derivative) in zip(names, derivatives.dropFirst()) { try expect(derivative, golden.gradients[name], "derivative of \(name)") }
            let buffers = module.entries.filter { if case .buffer = $0.entry { true } else { false } }
            #expect(Set(buffers.map(\.name)) == Set(golden.buffers.keys))
            for (name, entry) in buffers { try expect(entry.tensor, golden.buffers[name], name) }
            let recorded = apply(generated("x.0", Shape(golden.input)), .evaluation)
            try expect(recorded, golden.evaluation, "evaluation")
            for (_, parameter) in module.parameters { parameter.tensor = parameter.tensor.detached }
            try expect(apply(generated("x.0", Shape(golden.input)), .evaluation), golden.evaluation, "evaluation with constants")
            for (name, entry) in buffers { try expect(entry.tensor, golden.buffers[name], "\(name) after evaluation") }
        }
    }

    /// Derivatives of the first derivatives, in training: what gradient penalties through these layers need.
    @Test(arguments: LayerCase.all) func secondDerivativesEqualDifferences(_ c: LayerCase) throws {
        let golden = try #require(try Self.goldens.get()[c.name])
        for backend in [ReferenceBackend(), CPUBackend()] as [any Backend] {
            let (module, apply) = c.make()
            GeneratedNumbers.fill(module, c.name, .float64, on: backend)
            let buffers = module.entries.compactMap { if case let .buffer(buffer) = $0.entry { buffer } else { nil } }, before = buffers.map(\.tensor)
            // In training the singular vectors would follow the weights; derivatives count them as constants.
            let context = module.entries.contains { $0.name.hasSuffix("weight_u") } ? Context.evaluation : .training(RandomStream(seed: 1))
            let numbers = module.parameters.map(\.parameter), stored = numbers.map(\.tensor)
            func generated(_ key: String, _ shape: Shape) -> Tensor { GeneratedNumbers.tensor("\(c.name).\(key)", shape, .float64, on: backend) }
            /// A number made of the first derivatives, at inputs that must be variables.
            func slope(_ inputs: [Tensor]) -> Tensor {
                for (buffer, tensor) in zip(buffers, before) { buffer.tensor = tensor }
                for (parameter, tensor) in zip(numbers, inputs.dropFirst()) { parameter.tensor = tensor }
                let y = apply(inputs[0], context)
                let first = gradients(of: (y * generated("g.0", y.shape)).sum, withRespectTo: inputs, createGraph: true)
                return first.enumerated().map { ($1.squared * generated("h.\($0)", $1.shape)).sum }.reduce(inputs[0].constant(0), +)
            }
            let inputs = [generated("x.0", Shape(golden.input))] + stored
            let variables = inputs.map(\.variable)
            let found = gradients(of: slope(variables), withRespectTo: variables)
            for index in inputs.indices {
                let direction = generated("d.\(index)", inputs[index].shape), step = 1e-5
                let sides = [-1.0, 1].map { sign -> Double in
                    var moved = variables
                    moved[index] = (inputs[index] + direction * (sign * step)).variable
                    return slope(moved).item()
                }
                let expected = (sides[1] - sides[0]) / (2 * step), value = (found[index] * direction).sum.item()
                #expect(abs(expected - value) <= 1e-6 * max(abs(expected), 1), "input \(index) on \(backend.name): \(value), differences say \(expected)")
            }
        }
    }
}
