import Tensors
import Testing

/// The fused normalisation beside its decomposition.
@Suite struct NormalisationTests {
    private static func numbers(_ key: String, _ shape: Shape, _ backend: any Backend, type: ElementType = .float32) -> Tensor {
        RandomStream(seed: 21)[key].uniform(shape, in: -1..<1, type: type, on: backend)
    }

    /// Sizes with one part and with many, rows that fill no block, and more channels than rows.
    @Test(arguments: [[64, 16, 16, 8], [3, 5, 7, 3], [37, 129], [2, 300], [5, 4, 4, 1], [700, 3]] as [Shape], [false, true])
    func theFastLoopsEqualTheDefinition(shape: Shape, isPerSample: Bool) {
        guard !isPerSample || shape.rank == 4 else { return }
        for activation in [Activation.none, .relu, .leakyRelu(slope: 0.2)] {
            let results = [CPUBackend(), ReferenceBackend()].map { (backend: any Backend) -> [Tensor] in
                let inputs = [Self.numbers("x", shape, backend), Self.numbers("w", [shape[-1]], backend), Self.numbers("b", [shape[-1]], backend)].map(\.variable)
                let (y, mean, variance) = inputs[0].normalised(weight: inputs[1], bias: inputs[2], eps: 1e-4, activation: activation, isPerSample: isPerSample)
                return [y, mean, variance] + gradients(of: y, seed: Self.numbers("g", shape, backend), withRespectTo: inputs)
            }
            for (name, pair) in zip(["output", "mean", "variance", "input's derivative", "weight's", "bias's"], zip(results[0], results[1])) {
                let (found, expected) = (pair.0.doubles, pair.1.doubles)
                let scale = max(expected.map(abs).max() ?? 0, 0.1), worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
                #expect(pair.0.shape == pair.1.shape && worst <= 2e-5 * scale, "\(name), \(activation): \(worst) of \(scale)")
            }
        }
    }

    /// The fused first derivative and the one in primitives, which is used where it is differentiated again.
    @Test(arguments: [Activation.none, .relu, .leakyRelu(slope: 0.2)], [false, true]) func theTwoFirstDerivativesAreEqual(activation: Activation, isPerSample: Bool) {
        for backend in [ReferenceBackend(), CPUBackend()] as [any Backend] {
            let inputs = [Self.numbers("x", [4, 3, 5, 3], backend, type: .float64), Self.numbers("w", [3], backend, type: .float64), Self.numbers("b", [3], backend, type: .float64)]
                .map(\.variable)
            let seed = Self.numbers("g", [4, 3, 5, 3], backend, type: .float64)
            let pair = [false, true].map { createGraph in
                gradients(of: inputs[0].normalised(weight: inputs[1], bias: inputs[2], eps: 1e-4, activation: activation, isPerSample: isPerSample).output, seed: seed,
                          withRespectTo: inputs, createGraph: createGraph)
            }
            for (fused, primitive) in zip(pair[0], pair[1]) {
                #expect(zip(fused.doubles, primitive.doubles).allSatisfy { abs($0 - $1) < 1e-12 })
                #expect(!fused.isRecorded)
            }
            #expect(pair[1][0].isRecorded && pair[1][1].isRecorded)
        }
    }

    /// Parts are fixed by the shape and their sums are added in order.
    @Test func theBitsDoNotDependOnTheThreads() {
        let results = [1, 2].map { threads -> [Float] in
            let backend = CPUBackend(threads: threads)
            let x = Self.numbers("x", [32, 16, 16, 16], backend).variable
            let y = x.normalised(eps: 1e-5).output
            return y.floats + gradients(of: y, seed: Self.numbers("g", x.shape, backend), withRespectTo: [x])[0].floats
        }
        _ = CPUBackend(threads: 2)
        #expect(results[0] == results[1])
    }
}
