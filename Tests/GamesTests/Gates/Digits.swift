import Datasets
import Games
import HDF5
import NeuralNetworks
import Optimizers
import Tensors
import TestSupport

/// The 8 × 8 digits: those that games are trained on, and those that are kept for judging.
struct Digits {
    static let size = 64
    let training, held: ArraySamples
    let trainingLabels, heldLabels: [Int]

    init() throws {
        let root = try HDF5File(reading: Fixtures.path("digits8x8.h5")).root
        let pixels = try root.dataset("images").read(UInt8.self).map { Float($0) / 127.5 - 1 }, labels = try root.dataset("labels").read(Int.self)
        // The file is ordered by writer: every fourth digit is held back, so both parts have all hands.
        func part(_ isHeld: Bool) -> (samples: ArraySamples, labels: [Int]) {
            let indices = labels.indices.filter { ($0 % 4 == 3) == isHeld }
            let labels = indices.map { labels[$0] }
            return (ArraySamples(indices.flatMap { pixels[$0 * Self.size..<($0 + 1) * Self.size] }, shape: [8, 8, 1], labels: labels, name: "digits"), labels)
        }
        ((training, trainingLabels), (held, heldLabels)) = (part(false), part(true))
    }

    /// The digits that games are trained on.
    func trained(on backend: any Backend) -> Tensor { Tensor(training.values, shape: [trainingLabels.count, 8, 8, 1], on: backend) }

    /// The held digits.
    func judged(on backend: any Backend) -> Tensor { Tensor(held.values, shape: [heldLabels.count, 8, 8, 1], on: backend) }

    /// A perceptron that has learned to tell digits.
    func judge(seed: Int, on backend: any Backend) -> Classifier { Classifier(trained(on: backend), trainingLabels, seed: seed) }
}

/// A perceptron that tells classes of samples apart, trained by cross entropy.
final class Classifier {
    private let network: Perceptron, backend: any Backend
    let classes: Int

    /// Trained on samples `[N, …]` and their classes.
    init(_ samples: Tensor, _ labels: [Int], classes: Int = 10, steps: Int = 400, seed: Int) {
        let stream = RandomStream(seed: UInt64(seed))["classifier"], pixels = samples.shape.count / samples.shape[0]
        (network, backend, self.classes) = (Perceptron([pixels, 128, classes]), samples.backend, classes)
        network.initialise(with: .heUniform(slope: 0.2), stream: stream["weights"], on: backend)
        let optimizer = Optimizer(network.parameters, .adam(rate: 2e-3))
        let all = samples.flattened
        for step in 0..<steps {
            let rows = stream["rows"][step].integers(below: labels.count, count: min(128, labels.count))
            let batch = all.gathered(rows), truth = rows.map { labels[$0] }
            for (_, parameter) in network.parameters { parameter.tensor = parameter.tensor.variable }
            let loss = -(network(batch).logSoftmax * oneHot(truth)).sum / Double(rows.count)
            optimizer.step(gradients(of: loss, withRespectTo: network.parameters.map(\.parameter.tensor)))
        }
    }

    /// Most probable class of each sample.
    func classes(of samples: Tensor) -> [Int] {
        let logits = network(samples).floats
        return (0..<samples.shape[0]).map { row in (0..<classes).max { logits[row * classes + $0] < logits[row * classes + $1] } ?? 0 }
    }

    /// Share of samples that are taken for their class.
    func accuracy(_ samples: Tensor, _ labels: [Int]) -> Double {
        Double(zip(classes(of: samples), labels).count { $0 == $1 }) / Double(labels.count)
    }

    /// Mean log-probability of the classes, in nats.
    func logLikelihood(_ samples: Tensor, _ labels: [Int]) -> Double { (network(samples).logSoftmax * oneHot(labels)).sum.item() / Double(labels.count) }

    private func oneHot(_ labels: [Int]) -> Tensor {
        var rows = [Float](repeating: 0, count: labels.count * classes)
        for (row, label) in labels.enumerated() { rows[row * classes + label] = 1 }
        return Tensor(rows, shape: [labels.count, classes], on: backend)
    }
}
