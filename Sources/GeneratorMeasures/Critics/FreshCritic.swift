import Games
import NeuralNetworks
import Optimizers
import Tensors

/// A critic that nobody has trained yet: DCGAN's strided convolutions on images, a perceptron on points, no batch norm, so that the logit of a sample depends on it alone.
struct FreshCritic {
    /// From samples to logits.
    let network: TrunkWithHead
    private let optimizer: Optimizer

    /// - Parameter width: Channels behind the first convolution; hidden units, of two layers, for points.
    init(sample: Shape, width: Int, rate: Double, stream: RandomStream, on backend: any Backend) {
        let trunk = sample.rank == 3 ? Trunk(side: sample[0], channels: sample[2], width: width, normalises: false) : Trunk(inputs: sample.count, hidden: [width, width])
        network = TrunkWithHead(trunk, outputs: 1)
        network.initialise(with: .heNormal(slope: 0.2), stream: stream["weights"], on: backend)
        optimizer = Optimizer(network.parameters.map { ($0.name, $0.parameter) }, .adam(rate: rate, beta1: 0.5, beta2: 0.9))
    }

    /// Logits in evaluation mode.
    /// - Shape: `[N, …]` to `[N]`.
    func logits(_ samples: Tensor) -> Tensor { network(samples, .evaluation).reshaped([samples.shape[0]]) }

    /// The logits of many samples, in passes.
    func allLogits(_ samples: Tensor) -> [Double] {
        stride(from: 0, to: samples.shape[0], by: 256).flatMap { start in
            logits(samples.sliced(axis: 0, start..<min(start + 256, samples.shape[0]))).doubles
        }
    }

    /// Moves the weights once.
    /// - Returns: The loss before.
    func step(_ loss: () -> Tensor) -> Double {
        let parameters = optimizer.parameters.map(\.parameter)
        for parameter in parameters { parameter.tensor = parameter.tensor.variable }
        let total = loss(), gradients = gradients(of: total, withRespectTo: parameters.map(\.tensor)), value = total.item()
        for parameter in parameters { parameter.tensor = parameter.tensor.detached }
        optimizer.step(gradients)
        return value
    }
}
