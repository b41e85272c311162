import ArgumentParser
import FeatureNetworks
import NeuralNetworks
import Tensors

struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", abstract: "Time the networks on this machine.", shouldDisplay: false, subcommands: [Features.self, Training.self])

    struct Features: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Images per second through a network with generated weights, decoding left out.")
        @Option(help: "The network.") var network = FeatureNetworkCatalog.defaultName
        @Option(help: "Images handed over at once.") var batchSize = 32
        @Option(help: "Format of the activations.") var precision = Precision.float32
        @Option(help: "Cores to use; all by default.") var threads: Int?
        @Option(help: "Passes after the first; the median counts.") var repetitions = 9
        @Option(help: "Print JSON.") var json: String?

        func run() throws {
            guard let module = FeatureNetworkCatalog.make(network) else { throw FeatureNetworkError.unknownNetwork(network) }
            let backend = CPUBackend(threads: threads)
            try module.load(GeneratedWeights.state(of: module), on: backend)
            let loaded = LoadedNetwork(module, on: backend, precision: precision == .bfloat16 ? .bfloat16 : .float32, weightsDigest: "generated", weightsOrigin: "formula", isPublished: false)
            let side = module.inputSide
            let pixels = GeneratedWeights.uniform("input", batchSize * side * side * 3).map { Float($0 * 255) }
            let clock = ContinuousClock()
            var seconds: [Double] = []
            for pass in 0...max(repetitions, 1) {
                let time = pixels.withUnsafeBufferPointer { pixels in clock.measure { _ = loaded.features(of: pixels, at: [module.defaultTap]) } }
                if pass > 0 { seconds.append(time / .seconds(1)) }
            }
            let rate = Double(batchSize) / seconds.sorted()[seconds.count / 2]
            print(json != nil ? "{\"imagesPerSecond\": \(rate)}" : "\(network), batch \(batchSize), \(precision.rawValue): \(rate) images/s")
        }
    }
}
