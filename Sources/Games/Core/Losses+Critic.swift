import NeuralNetworks
import Tensors

extension Losses {
    /// Adds what the regularisers have to say about a critic.
    mutating func add(_ regularisers: [any Regulariser], at turn: Turn, fake: Tensor, critic: (Tensor) -> Tensor) {
        add(regularisers, at: turn, real: turn.real, fake: fake, critic: critic)
    }

    /// Adds what the regularisers have to say about a critic of other things than samples.
    mutating func add(_ regularisers: [any Regulariser], at turn: Turn, real: Tensor, fake: Tensor, prefix: String = "", critic: (Tensor) -> Tensor) {
        for regulariser in regularisers {
            guard let penalty = regulariser.loss(at: turn.step, of: critic, real: real, fake: fake, stream: turn.stream[regulariser.name]) else { continue }
            total = total + penalty
            curves.append((prefix + regulariser.name, penalty.detached))
        }
    }
}

extension Tensor {
    /// Rows with a single one each.
    /// - Shape: `[values.count, categories]`.
    static func oneHot(_ values: [Int], _ categories: Int, on backend: any Backend) -> Tensor {
        var rows = [Float](repeating: 0, count: values.count * categories)
        for (row, value) in values.enumerated() {
            precondition(0..<categories ~= value, "class \(value) of \(categories)")
            rows[row * categories + value] = 1
        }
        return Tensor(rows, shape: [values.count, categories], on: backend)
    }
}
