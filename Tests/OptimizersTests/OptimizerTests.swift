import Foundation
import NeuralNetworks
import Optimizers
import Tensors
import TestSupport
import Testing

/// Optimizers, schedules and averages against PyTorch.
@Suite struct OptimizerTests {
    struct Run: Decodable { let parameters: [[Double]], state: [String: [Double]] }
    struct Goldens: Decodable { let optimizers: [String: Run], schedules: [String: [Double]], average: [[Double]] }

    static let goldens = Result { try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(filePath: Fixtures.path("optimizers/optimizers.json")))) }

    /// The rows of `Fixtures/optimizers/make_optimizers.py`.
    static let settings: [String: OptimizerSettings] = [
        "adam": .adam(rate: 1e-2), "adam-gan": .adam(rate: 2e-4, beta1: 0.5), "adam-zero": .adam(rate: 1e-2, beta1: 0, beta2: 0.9, eps: 1e-6, weightDecay: 0.1),
        "adamw": .adamW(rate: 1e-2, weightDecay: 0.3), "sgd": .sgd(rate: 1e-2), "sgd-decay": .sgd(rate: 1e-2, weightDecay: 0.2),
        "sgd-momentum": .sgd(rate: 1e-2, momentum: 0.9, dampening: 0.3, weightDecay: 0.1), "sgd-nesterov": .sgd(rate: 1e-2, momentum: 0.8, isNesterov: true),
        "rmsprop": .rmsProp(rate: 1e-3), "rmsprop-centered": .rmsProp(rate: 1e-3, alpha: 0.9, eps: 1e-5, isCentered: true),
        "rmsprop-momentum": .rmsProp(rate: 1e-3, weightDecay: 0.1, momentum: 0.7),
        "rmsprop-all": .rmsProp(rate: 1e-3, alpha: 0.8, weightDecay: 0.1, momentum: 0.7, isCentered: true),
    ]

    private static func start(_ type: ElementType, on backend: any Backend, count: Int = 7) -> Parameter {
        let parameter = Parameter([count])
        parameter.tensor = Tensor((0..<count).map { sin(Double($0 + 1)) }, shape: [count], type: type, on: backend)
        return parameter
    }

    private static func gradient(_ parameter: Parameter, step: Int) -> Tensor {
        let values = parameter.tensor.doubles.enumerated().map { cos(Double(3 * $0 + step)) * (1 + $1 * $1) }
        return Tensor(values, shape: parameter.shape, type: parameter.tensor.elementType, on: parameter.tensor.backend)
    }

    @Test(arguments: settings.keys.sorted()) func fiveStepsEqualPyTorch(name: String) throws {
        let golden = try #require(try Self.goldens.get().optimizers[name]), settings = try #require(Self.settings[name])
        for (backend, type, tolerance) in [(ReferenceBackend(), .float64, 1e-13), (CPUBackend(), .float32, 1e-6)] as [(any Backend, ElementType, Double)] {
            let parameter = Self.start(type, on: backend), optimizer = Optimizer([("p", parameter)], settings)
            for (step, expected) in golden.parameters.enumerated() {
                optimizer.step([Self.gradient(parameter, step: step)])
                #expect(zip(parameter.tensor.doubles, expected).allSatisfy { abs($0 - $1) <= tolerance }, "step \(step + 1) on \(backend.name)")
            }
            let entries = optimizer.stateDictionary.entries
            #expect(Set(entries.keys) == Set(golden.state.keys.map { "p." + $0 } + ["step"]) && entries["step"]?.values == [5])
            for (slot, expected) in golden.state {
                #expect(zip(entries["p." + slot]?.values ?? [], expected).allSatisfy { abs(Double($0) - $1) <= 2e-6 * max(abs($1), 1) }, "\(slot)")
            }
        }
    }

    @Test func everyGoldenIsTested() throws { #expect(try Set(Self.goldens.get().optimizers.keys) == Set(Self.settings.keys)) }

    @Test(arguments: settings.keys.sorted()) func aRestoredOptimizerGoesOnBitForBit(name: String) throws {
        let settings = try #require(Self.settings[name]), backend = CPUBackend(), count = 40_000
        let parameter = Self.start(.float32, on: backend, count: count), optimizer = Optimizer([("net.p", parameter)], settings)
        #expect(optimizer.stateDictionary.entries.keys.sorted() == ["step"])
        for step in 0..<3 { optimizer.step([Self.gradient(parameter, step: step)], factor: 0.7) }
        let copy = Self.start(.float32, on: backend, count: count), restored = Optimizer([("net.p", copy)], settings)
        copy.tensor = Tensor(parameter.tensor.floats, shape: [count], on: backend)
        try restored.load(optimizer.stateDictionary)
        for step in 3..<5 {
            optimizer.step([Self.gradient(parameter, step: step)])
            restored.step([Self.gradient(copy, step: step)])
        }
        #expect(parameter.tensor.floats == copy.tensor.floats && restored.steps == 5)
        #expect(optimizer.stateDictionary.entries == restored.stateDictionary.entries)
        let fresh = Optimizer([("net.p", copy)], settings)
        try fresh.load(Optimizer([("net.p", copy)], settings).stateDictionary)
        #expect(fresh.steps == 0)
    }

    @Test func aStrangeStateIsRefusedWhole() {
        let parameter = Self.start(.float32, on: CPUBackend()), optimizer = Optimizer([("p", parameter)], .adam())
        let mismatch = #expect(throws: StateMismatch.self) {
            try optimizer.load(StateDictionary(["step": .init(shape: [], values: [3]), "p.exp_avg": .init(shape: [2], values: [0, 0]), "q": .init(shape: [], values: [0])]))
        }
        #expect(mismatch?.missing == ["p.exp_avg_sq"] && mismatch?.unexpected == ["q"] && mismatch?.misshapen.first?.name == "p.exp_avg")
        #expect(optimizer.steps == 0)
        #expect(throws: StateMismatch.self) { try optimizer.load(StateDictionary()) }
    }

    /// A large parameter is dealt out to threads: each element moves as it would alone.
    @Test func aLargeParameterMovesLikeItsElements() {
        let backend = CPUBackend(), count = 100_003
        for settings in Self.settings.values {
            let large = Self.start(.float32, on: backend, count: count), few = Parameter([3]), places = [0, 8192, count - 1]
            func pick(_ tensor: Tensor) -> Tensor { Tensor(places.map { tensor.floats[$0] }, shape: [3], on: backend) }
            few.tensor = pick(large.tensor)
            let (a, b) = (Optimizer([("p", large)], settings), Optimizer([("p", few)], settings))
            for step in 0..<3 {
                let gradient = Self.gradient(large, step: step)
                a.step([gradient])
                b.step([pick(gradient)])
            }
            #expect(pick(large.tensor).floats == few.tensor.floats)
        }
    }

    @Test func parametersBecomeConstantsAndOthersStay() {
        let backend = CPUBackend(), first = Self.start(.float32, on: backend), second = Self.start(.float32, on: backend)
        first.tensor = first.tensor.variable
        let before = first.tensor
        let optimizer = Optimizer([("a", first)], .sgd(rate: 1))
        optimizer.step(gradients(of: (first.tensor * second.tensor).sum, withRespectTo: [first.tensor]), factor: 0.5)
        #expect(!first.tensor.isRecorded)
        #expect(zip(first.tensor.floats, before.floats).allSatisfy { abs($0 - $1 * 0.5) < 1e-7 }, "half of its own value is taken from each")
        #expect(before.floats == Self.start(.float32, on: backend).tensor.floats, "what was there before is not changed")
    }

    @Test(arguments: ["linear", "cosine", "step", "exponential", "warm-up"]) func schedulesEqualPyTorch(name: String) throws {
        let schedule: Schedule = switch name {
        case "linear": .linear(start: 0, finish: 6, end: 0.25)
        case "cosine": .cosine(finish: 8, end: 0.1)
        case "step": .step(interval: 3, factor: 0.5)
        case "exponential": .exponential(factor: 0.8)
        default: .warmUp(steps: 4, then: .constant)
        }
        let golden = try #require(try Self.goldens.get().schedules[name])
        for (step, expected) in golden.enumerated() { #expect(abs(schedule.factor(at: step) - expected) < 1e-12, "step \(step)") }
    }

    @Test func aLinearScheduleWaitsForItsStart() {
        let schedule = Schedule.linear(start: 10, finish: 20, end: 0)
        #expect([0, 10, 15, 20, 30].map { schedule.factor(at: $0) } == [1, 1, 0.5, 0, 0])
    }

    @Test func theMovingAverageEqualsStyleGANs() throws {
        for backend in [ReferenceBackend(), CPUBackend()] as [any Backend] {
            let (source, copy) = (LinearMap(7, 1, bias: false), LinearMap(7, 1, bias: false))
            source.weight.tensor = Tensor(repeating: 0, shape: [1, 7], type: .float64, on: backend)
            let average = MovingAverage(of: source, in: copy, .halfLife(images: 64, rampUp: 0.05))
            for (step, expected) in try Self.goldens.get().average.enumerated() {
                source.weight.tensor = Tensor((0..<7).map { sin(Double($0 + step)) }, shape: [1, 7], type: .float64, on: backend).variable
                average.update(batch: 8, seen: step * 8)
                #expect(zip(copy.weight.tensor.doubles, expected).allSatisfy { abs($0 - $1) < 1e-13 }, "step \(step)")
            }
            #expect(!copy.weight.tensor.isRecorded)
        }
    }

    @Test func theMovingAverageCopiesBuffers() {
        let backend = CPUBackend(), (source, copy) = (BatchNorm1D(2), BatchNorm1D(2))
        source.initialise(with: .zeros, stream: RandomStream(seed: 1), on: backend)
        let average = MovingAverage(of: source, in: copy, .decay(0.9))
        source.running_mean.tensor = Tensor([Float(3), 4], shape: [2], on: backend)
        source.weight?.tensor = Tensor([Float(2), 3], shape: [2], on: backend)
        average.update(batch: 8, seen: 0)
        #expect(copy.running_mean.tensor.floats == [3, 4])
        #expect(zip(copy.weight?.tensor.doubles ?? [], [1.1, 1.2]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func settingsReadWhatIsStatedAndDefaultTheRest() throws {
        func read(_ text: String) throws -> OptimizerSettings { try JSONDecoder().decode(OptimizerSettings.self, from: Data(text.utf8)) }
        #expect(try read(#"{"method": "adam", "beta1": 0.5}"#) == .adam(beta1: 0.5))
        #expect(try read(#"{"method": "adamw"}"#) == .adamW())
        #expect(try read(#"{"method": "rmsprop", "rate": 5e-5}"#) == .rmsProp(rate: 5e-5))
        #expect(throws: (any Error).self) { try read(#"{"method": "adamax"}"#) }
        let all = OptimizerSettings.sgd(momentum: 0.9, isNesterov: true)
        #expect(try JSONDecoder().decode(OptimizerSettings.self, from: JSONEncoder().encode(all)) == all)
    }
}
