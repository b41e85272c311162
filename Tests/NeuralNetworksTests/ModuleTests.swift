import NeuralNetworks
import Tensors
import Testing

private final class Inner: Module {
    let conv = Convolution2D(2, 3, kernel: Extent(1))
    let bn = BatchNorm2D(3)
}

private final class Outer: Module {
    let first = Inner()
    let features: [any Layer] = [LinearMap(2, 2, bias: false), Rectifier(), LinearMap(2, 1)]
    let absent: Convolution2D? = nil
    let present: LinearMap? = LinearMap(1, 1, bias: false)
    let scale = 3.0
}

@Suite struct ModuleTests {
    @Test func entriesAreNamedAsInPyTorch() {
        #expect(Outer().entries.map(\.name) == [
            "first.conv.weight", "first.conv.bias", "first.bn.weight", "first.bn.bias", "first.bn.running_mean", "first.bn.running_var",
            "features.0.weight", "features.2.weight", "features.2.bias", "present.weight"])
        #expect(Outer().parameters.count == 8)
    }

    @Test func loadingChecksEverythingBeforeItChangesAnything() throws {
        let backend = ReferenceBackend()
        let module = LinearMap(2, 2)
        try module.load(StateDictionary(["weight": .init(shape: [2, 2], values: [1, 2, 3, 4]), "bias": .init(shape: [2], values: [0, 1])]), on: backend)
        let wrong = StateDictionary(["weight": .init(shape: [2, 1], values: [9, 9]), "extra": .init(shape: [1], values: [0])])
        let mismatch = #expect(throws: StateMismatch.self) { try module.load(wrong, on: backend) }
        #expect(mismatch?.missing == ["bias"] && mismatch?.unexpected == ["extra"] && mismatch?.misshapen.first?.name == "weight")
        #expect(module.weight.tensor.floats == [1, 2, 3, 4])
        #expect(module(Tensor([Float(1), 1], shape: [1, 2], on: backend)).floats == [3, 8])
        #expect(StateDictionary(of: module).entries["weight"]?.values == [1, 2, 3, 4])
    }

    @Test func foldingTheNormAwayChangesNothing() throws {
        let backend = ReferenceBackend(), stream = RandomStream(seed: 3)
        let module = Inner()
        try module.load(StateDictionary(Dictionary(uniqueKeysWithValues: module.entries.map { name, entry in
            (name, .init(shape: entry.shape, values: (0..<entry.shape.count).map { stream[name].uniform($0) + 0.1 }))
        })), on: backend)
        let x = Tensor((0..<32).map { stream["x"].uniform($0) - 0.5 }, shape: [1, 4, 4, 2], on: backend)
        let plain = module.bn(module.conv(x)).relu.doubles, folded = FoldedConvolution(module.conv, module.bn, activation: .relu)(x).doubles
        #expect(zip(plain, folded).allSatisfy { abs($0 - $1) < 1e-6 } && plain.contains { $0 > 0 })
    }
}
