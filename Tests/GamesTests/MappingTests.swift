import Foundation
import Games
import NeuralNetworks
import Tensors
import Testing

/// Generators behind a mapping network.
@Suite struct MappingTests {
    private let backend = CPUBackend()

    /// StyleGAN's definition written out: unit mean square, then maps whose stored weights are normal(0, 100²), scaled by √2 · 0.01 / √size, and leaky rectifiers behind each.
    @Test func mappingIsStyleGANs() throws {
        let size = 5, network = MappingNetwork(size, layers: 2)
        network.initialise(with: .zeros, stream: RandomStream(seed: 3), on: backend)
        for (index, layer) in network.layers.enumerated() {
            let bias = try #require(layer.bias)
            bias.tensor = Tensor((0..<size).map { Float(10 * sin(Double($0 + index))) }, shape: [size], on: backend)
        }
        let z = [0.3, -1.2, 0.7, 2.1, -0.4]
        let unit = (z.map { $0 * $0 }.reduce(0, +) / Double(size) + 1e-8).squareRoot()
        var x = z.map { $0 / unit }
        for layer in network.layers {
            let weight = layer.weight.tensor.doubles, bias = try #require(layer.bias).tensor.doubles
            x = (0..<size).map { row in
                let product = (0..<size).reduce(0.0) { $0 + weight[row * size + $1] * x[$1] }
                let sum: Double = product * 0.01 * (2 / Double(size)).squareRoot() + 0.01 * bias[row]
                return sum < 0 ? 0.2 * sum : sum
            }
        }
        let w = network(Tensor(z.map { Float($0) }, shape: [1, size], on: backend)).doubles
        for (own, expected) in zip(w, x) { #expect(abs(own - expected) <= 1e-5 * (1 + abs(expected)), "\(w), expected \(x)") }
        // N(0, 100²) and not 0, as an initialiser that forgot the layer's own would leave it.
        #expect(network.layers.allSatisfy { $0.weight.tensor.absolute.largest.item() > 50 })
    }

    /// A generator sees w only: what the mapping makes of z gives the samples of z, and z may have any length.
    @Test(arguments: ["dcgan", "lsgan", "wgan", "wgan-gp"]) func samplesAreThoseOfW(name: String) throws {
        let sample: Shape = name == "wgan-gp" ? [3] : [8, 8, 1]
        let world = World(sample: sample, classes: 0, stream: RandomStream(seed: 1), backend: backend)
        let settings = [("latentSize", "6"), ("width", "4"), ("generator.mapping", "3")]
        let mapped = try #require(try GameCatalog.make(name, settings, world) as? any LatentSampling)
        let mapping = try #require(mapped.latentMapping), z = RandomStream(seed: 2).normal([4, 6], on: backend)
        let samples = mapped.samples(from: z, labels: nil)
        #expect(mapping.samples(fromMapped: mapping.mapped(z, labels: nil), labels: nil).floats == samples.floats)
        for (longer, own) in zip(mapped.samples(from: z * 8, labels: nil).floats, samples.floats) { #expect(abs(longer - own) <= 1e-5) }
        #expect(mapped.team("generator").parameters.contains { $0.name.contains("mapping.layers.2.weight") })
        // What the generator sees of w is brought around zero: the statistics follow from the first move on.
        let norm = try #require(mapped.team("generator").players[0].module.entries.first { $0.name == "norm.running_mean" }).entry
        #expect(norm.tensor.absolute.largest.item() == 0)
        let phase = try #require(mapped.phases.first { $0.team == "generator" })
        _ = mapped.losses(of: phase, Turn(real: z, labels: nil, stream: RandomStream(seed: 4), step: 0))
        #expect(norm.tensor.absolute.largest.item() > 0.01)
        // Without one the game says so.
        let plain = try #require(try GameCatalog.make(name, Array(settings.dropLast()), world) as? any LatentSampling)
        #expect(plain.latentMapping == nil)
        let names = plain.team("generator").parameters.map(\.name)
        #expect(names.allSatisfy { !$0.contains("mapping") && !$0.contains("network.") } && names.count == mapped.team("generator").parameters.count - 6, "\(names)")
        // Towards the mean of w: nearer to each other, and one sample at last.
        func spread(_ truncation: Double) -> Double {
            let samples = mapped.samples(4, SamplingOptions(truncation: truncation), RandomStream(seed: 5))
            return (samples - samples.sliced(axis: 0, 0..<1)).absolute.largest.item()
        }
        #expect(spread(0) == 0 && spread(0.5) > 0 && spread(0.5) < spread(1))
        #expect(throws: GameError.self) { try GameCatalog.make(name, [("latentSize", "1"), ("generator.mapping", "1")], world) }
    }
}
