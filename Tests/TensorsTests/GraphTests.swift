import Foundation
import Synchronization
import Tensors
import Testing

/// Graphs that are deep, wide or long-lived: no stack growth, no retain cycle, no leak.
@Suite struct GraphTests {
    static let nodes = 100_000

    /// Runs `body` on a thread whose stack is far too small for a recursion through 100 000 nodes.
    private static func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
        let box = ResultBox<Result>(), done = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.store(body())
            done.signal()
        }
        thread.stackSize = 256 << 10
        thread.start()
        done.wait()
        return box.load()
    }

    private final class ResultBox<Value: Sendable>: Sendable {
        private let result = Mutex<Value?>(nil)
        func store(_ value: Value) { result.withLock { $0 = value } }
        func load() -> Value? { result.withLock { $0 } }
    }

    struct Outcome: Sendable {
        var numbers: [Double] = [], blocksBefore = 0, blocksDuring = 0, blocksAfter = 0
    }

    /// `x¹⁰⁰⁰⁰⁰` at 1 as a chain of products: derivatives 100 000 and 100 000 · 99 999, each exact.
    @Test func aChainOfAHundredThousandNodesIsDifferentiatedTwiceAndReleasedWithoutStackGrowth() throws {
        let outcome = try #require(Self.onSmallStack { () -> Outcome in
            let backend = CPUBackend()
            var outcome = Outcome(blocksBefore: backend.pool.usage.blocks)
            do {
                let x = Tensor([1.0], shape: [], on: backend).variable
                var y = x
                for _ in 1..<Self.nodes { y = y * x }
                let first = gradients(of: y, withRespectTo: [x], createGraph: true)[0]
                outcome.blocksDuring = backend.pool.usage.blocks
                outcome.numbers = [y.item(), first.item(), gradients(of: first, withRespectTo: [x])[0].item()]
            }
            outcome.blocksAfter = backend.pool.usage.blocks
            return outcome
        })
        let n = Double(Self.nodes)
        #expect(outcome.numbers == [1, n, n * (n - 1)])
        #expect(outcome.blocksAfter == outcome.blocksBefore && outcome.blocksDuring > Self.nodes)
    }

    /// One variable read 100 000 times, and one result of 100 000 parts.
    @Test func aGraphOfAHundredThousandBranchesIsDifferentiatedTwiceAndReleasedWithoutStackGrowth() throws {
        let outcome = try #require(Self.onSmallStack { () -> Outcome in
            let backend = CPUBackend()
            var outcome = Outcome(blocksBefore: backend.pool.usage.blocks)
            do {
                let x = Tensor([3.0], shape: [1], on: backend).variable
                let sum = Tensor.concatenated((0..<Self.nodes).map { _ in x.squared }, axis: 0).sum
                let first = gradients(of: sum, withRespectTo: [x], createGraph: true)[0]
                outcome.blocksDuring = backend.pool.usage.blocks
                outcome.numbers = [sum.item(), first.item(), gradients(of: first, withRespectTo: [x])[0].item()]
            }
            outcome.blocksAfter = backend.pool.usage.blocks
            return outcome
        })
        let n = Double(Self.nodes)
        #expect(outcome.numbers == [9 * n, 6 * n, 2 * n])
        #expect(outcome.blocksAfter == outcome.blocksBefore && outcome.blocksDuring > Self.nodes)
    }

    /// What the two tests above would meet if graphs were released as a plain list of objects is.
    @Test func aPlainListOfAHundredThousandObjectsOverflowsThatStack() async {
        await #expect(processExitsWith: .failure) {
            _ = GraphTests.onSmallStack { () -> Bool in
                var head = Link([])
                for _ in 0..<GraphTests.nodes { head = Link([head]) }
                let isBuilt = head.inputs.count == 1
                head = Link([])
                return isBuilt
            }
        }
    }

    /// A critic with two weights, its loss with a gradient penalty, and the derivative with respect to both.
    private func step(_ weights: [Tensor], _ samples: Tensor) -> (loss: Tensor, gradients: [Tensor]) {
        let variables = weights.map(\.variable), x = samples.variable
        let logits = x.linear(variables[0], activation: .leakyRelu(slope: 0.2)).softplus.linear(variables[1])
        let slope = gradients(of: logits.sum, withRespectTo: [x], createGraph: true)[0]
        let loss = logits.softplus.mean + (slope.normPerSample - 1).squared.mean * 10
        return (loss, gradients(of: loss, withRespectTo: variables))
    }

    private func start(on backend: any Backend) -> (weights: [Tensor], samples: Tensor) {
        let stream = RandomStream(seed: 3), shapes: [Shape] = [[16, 4], [1, 16]]
        return (shapes.enumerated().map { stream["w"][$0.offset].normal($0.element, deviation: 0.3, on: backend) }, stream["x"].normal([8, 4], on: backend))
    }

    @Test func nothingOutlivesADoubleBackwardPass() {
        let (fast, reference) = (CPUBackend(), ReferenceBackend())
        for (backend, pool) in [(fast, fast.pool), (reference, reference.pool)] as [(any Backend, MemoryPool)] {
            let (weights, samples) = start(on: backend)
            // The first pass packs weights for the kernels, and these copies stay with the weights.
            _ = step(weights, samples)
            let before = pool.usage.blocks
            do {
                let kept = step(weights, samples)
                #expect(pool.usage.blocks > before + 5, "the loss keeps its graph")
                withExtendedLifetime(kept) {}
            }
            for _ in 0..<3 { _ = step(weights, samples) }
            let after = pool.usage.blocks
            #expect(after == before, "\(backend.name)")
            withExtendedLifetime((weights, samples)) {}
        }
    }

    @Test func theMemoryOfATrainingStepIsFlatOverAThousandSteps() {
        let backend = CPUBackend()
        var (weights, samples) = start(on: backend), usages: [MemoryPool.Usage] = [], losses: [Double] = []
        for _ in 0..<1000 {
            let result = step(weights, samples)
            weights = zip(weights, result.gradients).map { $0 - $1 * 0.01 }
            losses.append(result.loss.item())
            usages.append(backend.pool.usage)
        }
        #expect(Set(usages.dropFirst(3)).count == 1, "\(usages[3]) … \(usages[999])")
        #expect((losses.last ?? 1) < (losses.first ?? 0), "and it trains")
        // A loss that is kept keeps its graph: the count sees it.
        let kept = (0..<10).map { _ in step(weights, samples).loss }
        #expect(backend.pool.usage.blocks > usages[999].blocks + 10 * 5 && kept.count == 10)
    }

    @Test func releasingTheOutputFirstLeavesItsDerivativesUsable() {
        let backend = ReferenceBackend(), x = Tensor([0.5, -1], shape: [2], on: backend).variable
        func slope() -> Tensor { gradients(of: (x.squared * x).sum, withRespectTo: [x], createGraph: true)[0] }
        #expect(gradients(of: slope().sum, withRespectTo: [x])[0].doubles == [3, -6])
    }

    /// ⟨u, H·v⟩ = ⟨v, H·u⟩ for a network with every kind of bend.
    @Test func secondDerivativesAreSymmetric() {
        let backend = ReferenceBackend(), stream = RandomStream(seed: 5)
        let x = stream["x"].normal([2, 4, 5, 2], type: .float64, on: backend)
        let w = stream["w"].normal([3, 2, 3, 3], deviation: 0.4, type: .float64, on: backend).variable
        let loss = x.convolved(with: w, padding: Padding(1)).softplus.pooled(.maximum, kernel: Extent(2), stride: Extent(2)).flattened.softmax.squared.sum
        let slope = gradients(of: loss, withRespectTo: [w], createGraph: true)[0]
        let (u, v) = (stream["u"].normal(w.shape, type: .float64, on: backend), stream["v"].normal(w.shape, type: .float64, on: backend))
        let curved = [u, v].map { gradients(of: (slope * $0).sum, withRespectTo: [w])[0] }
        let (forth, back) = ((curved[0] * v).sum.item(), (curved[1] * u).sum.item())
        #expect(abs(forth - back) < 1e-13 && abs(forth) > 1e-4)
    }
}

/// An object that releases its inputs from its own release.
private final class Link {
    let inputs: [Link]
    init(_ inputs: [Link]) { self.inputs = inputs }
}
