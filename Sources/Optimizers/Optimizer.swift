import NeuralNetworks
import Tensors

/// Moves parameters against their gradients, with PyTorch's arithmetic, and remembers what its rule needs.
///
/// One fused pass for each parameter; the numbers that were there before are never changed. The whole state, with the count of steps, can be saved and
/// restored bit for bit.
public final class Optimizer {
    /// The rule and its numbers.
    public let settings: OptimizerSettings
    /// The parameters that move, with their names.
    public let parameters: [(name: String, parameter: Parameter)]
    /// Steps taken.
    public private(set) var steps = 0
    private var state: [[Tensor]]

    /// An optimizer of `parameters` that has taken no step.
    public init(_ parameters: [(name: String, parameter: Parameter)], _ settings: OptimizerSettings) {
        precondition(settings.method != .sgd || !settings.isNesterov || (settings.momentum > 0 && settings.dampening == 0),
                     "Nesterov's method needs a momentum and no dampening")
        precondition(Set(parameters.map(\.name)).count == parameters.count, "two parameters of one name: their states could not be told apart in a file")
        (self.parameters, self.settings) = (parameters, settings)
        state = []
    }

    /// Moves every parameter against its gradient and leaves it a constant.
    /// - Parameters:
    ///   - gradients: One for each of ``parameters``, in their order.
    ///   - factor: A schedule's factor of the rate.
    public func step(_ gradients: [Tensor], factor: Double = 1) {
        precondition(gradients.count == parameters.count, "\(gradients.count) gradients for \(parameters.count) parameters")
        steps += 1
        let rule = settings.rule(step: steps, factor: factor)
        if state.isEmpty { state = parameters.map { Self.zeros(rule.stateCount, like: $0.parameter.tensor) } }
        for (index, gradient) in gradients.enumerated() {
            let parameter = parameters[index].parameter
            let (next, kept) = parameter.tensor.updated(by: rule, gradient: gradient, state: state[index])
            parameter.tensor = next
            state[index] = kept
        }
    }

    private static func zeros(_ count: Int, like tensor: Tensor) -> [Tensor] {
        (0..<count).map { _ in Tensor(repeating: 0, shape: tensor.shape, type: tensor.elementType, on: tensor.backend) }
    }

    /// The count of steps under `step`, and each parameter's state under `<parameter>.<slot>` with PyTorch's names of slots.
    ///
    /// Before the first step there is the count alone. Float32 state, which training has, is saved exactly; counts up to 2²⁴ steps are.
    public var stateDictionary: StateDictionary {
        var entries = ["step": StateDictionary.Entry(shape: [], values: [Float(steps)])]
        for ((name, _), tensors) in zip(parameters, state) {
            for (slot, tensor) in zip(settings.slots, tensors) { entries["\(name).\(slot)"] = .init(shape: tensor.shape, values: tensor.floats) }
        }
        return StateDictionary(entries)
    }

    /// Takes up a saved state; changes nothing when a name or shape does not match.
    /// - Throws: ``StateMismatch`` with every difference.
    public func load(_ saved: StateDictionary) throws(StateMismatch) {
        let count = saved.entries["step"]?.values.first.map { Int($0) }
        var wanted: [String: Shape] = ["step": []]
        if count != 0 {
            for (name, parameter) in parameters { for slot in settings.slots { wanted["\(name).\(slot)"] = parameter.shape } }
        }
        let mismatch = StateMismatch(wanted: wanted, found: saved)
        guard mismatch.isEmpty, let count else { throw mismatch }
        state = count == 0 ? [] : parameters.map { name, parameter in
            settings.slots.compactMap { slot in
                saved.entries["\(name).\(slot)"].map { Tensor($0.values, shape: $0.shape, type: parameter.tensor.elementType, on: parameter.tensor.backend) }
            }
        }
        steps = count
    }
}

extension OptimizerSettings {
    /// The arithmetic of step `step`, counted from 1.
    func rule(step: Int, factor: Double) -> UpdateRule {
        let rate = rate * factor
        switch method {
        case .adam, .adamW:
            return .adam(rate: rate, beta1: beta1, beta2: beta2, eps: eps, weightDecay: weightDecay, isDecoupled: method == .adamW,
                         correction1: 1 - power(beta1, step), correction2: 1 - power(beta2, step))
        case .sgd:
            return .sgd(rate: rate, momentum: momentum, dampening: dampening, weightDecay: weightDecay, isNesterov: isNesterov, isFirst: step == 1)
        case .rmsProp:
            return .rmsProp(rate: rate, alpha: alpha, eps: eps, weightDecay: weightDecay, momentum: momentum, isCentered: isCentered)
        }
    }

    /// Names of the state's parts, PyTorch's, in the rule's order.
    var slots: [String] {
        switch method {
        case .adam, .adamW: ["exp_avg", "exp_avg_sq"]
        case .sgd: momentum == 0 ? [] : ["momentum_buffer"]
        case .rmsProp: ["square_avg"] + (isCentered ? ["grad_avg"] : []) + (momentum == 0 ? [] : ["momentum_buffer"])
        }
    }

    /// baseᵉ by repeated squaring: multiplications only, which round alike everywhere.
    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
