import Foundation
import Games
import Tensors
import TestSupport

/// PyTorch's penalties and their derivatives, from `Fixtures/derivatives/make.py`.
struct PenaltyFixture: Decodable {
    struct Array: Decodable {
        let shape: [Int], values: [Double]
        func tensor(on backend: any Backend, _ type: ElementType = .float64) -> Tensor { Tensor(values, shape: Shape(shape), type: type, on: backend) }
    }

    struct Penalty: Decodable {
        let value: Double, gradients: [String: Array], mean: Double?
    }

    struct Network: Decodable {
        let critic, generator: [String: Array], logits: Array, penalties: [String: Penalty], norms: [Double], defects: [String: Double]
    }

    let real, fake, shares, codes, noise: Array, mean: Double, networks: [String: Network]

    static func load() throws -> PenaltyFixture {
        try JSONDecoder().decode(PenaltyFixture.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("derivatives/penalties.json"))))
    }
}

/// The networks of the fixture.
struct SmallNetworks {
    let isSmooth: Bool

    func activation(_ x: Tensor) -> Tensor { isSmooth ? x.softplus : x.leakyRelu(0.2) }

    /// Two convolutions and a linear layer: from `[N, 4, 5, 2]` to `[N, 1]`.
    func critic(_ w: [String: Tensor], _ x: Tensor) -> Tensor {
        let first = activation(x.convolved(with: w["conv1.weight"]!, bias: w["conv1.bias"], padding: Padding(1)))
        let second = activation(first.convolved(with: w["conv2.weight"]!, bias: w["conv2.bias"], stride: Extent(2), padding: Padding(1)))
        return second.flattened.linear(w["linear.weight"]!, bias: w["linear.bias"])
    }

    /// Two codes for each image, `[N, 2, 5]`: one makes the first features, one scales those of the second layer.
    func generator(_ w: [String: Tensor], _ codes: Tensor) -> Tensor {
        let count = codes.shape[0]
        let parts = codes.split(axis: 1, [1, 1]).map(\.flattened)
        let first = parts[0].linear(w["linear.weight"]!, bias: w["linear.bias"]).reshaped([count, 2, 3, 3]).upsampled(2)
        let second = activation(first.convolved(with: w["conv1.weight"]!, bias: w["conv1.bias"], padding: Padding(1)))
        let style = parts[1].linear(w["style.weight"]!) + 1
        return (second * style.reshaped([count, 1, 1, 4])).convolved(with: w["conv2.weight"]!, bias: w["conv2.bias"], padding: Padding(1))
    }
}
