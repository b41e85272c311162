import ArgumentParser
import FeatureNetworks
import NeuralNetworks
import Tensors

struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", abstract: "Time the networks on this machine.", shouldDisplay: false, subcommands: [Features.self, Layers.self, Training.self, Operations.self])

    struct Options: ParsableArguments {
        @Option(help: "The network.") var network = FeatureNetworkCatalog.defaultName
        @Option(help: "Images handed over at once.") var batchSize = 32
        @Option(help: "Format of the activations.") var precision = Precision.float32
        @Option(help: "Cores to use; all by default.") var threads: Int?
        @Option(help: "Rounds after the first; the median counts.") var repetitions = 9
        @Option(help: "Print JSON.") var json: String?

        /// The network with generated weights.
        func load() throws -> (network: LoadedNetwork, backend: CPUBackend) {
            guard let module = FeatureNetworkCatalog.make(network) else { throw FeatureNetworkError.unknownNetwork(network) }
            let backend = CPUBackend(threads: threads)
            try module.load(GeneratedWeights.state(of: module), on: backend)
            let type: ElementType = precision == .bfloat16 ? .bfloat16 : .float32
            return (LoadedNetwork(module, on: backend, precision: type, weightsDigest: "generated", weightsOrigin: "formula", isPublished: false), backend)
        }

        /// One batch of random pixels through the network.
        func pass(_ network: LoadedNetwork) -> () -> Void {
            let side = network.network.inputSide
            let pixels = GeneratedWeights.uniform("input", batchSize * side * side * 3).map { Float($0 * 255) }
            return { pixels.withUnsafeBufferPointer { _ = network.features(of: $0, at: [network.network.defaultTap]) } }
        }

        /// Images per second when `body` takes `images` of them: the median over the repetitions.
        func rate(images: Int, _ body: () -> Void) -> Double {
            let clock = ContinuousClock()
            var seconds: [Double] = []
            for round in 0...max(repetitions, 1) {
                let time = clock.measure(body)
                if round > 0 { seconds.append(time / .seconds(1)) }
            }
            return Double(images) / seconds.sorted()[seconds.count / 2]
        }

        func report(_ rate: Double, _ what: String, _ fields: String = "") {
            print(json != nil ? "{\"imagesPerSecond\": \(rate)\(fields)}" : "\(network)\(what), batch \(batchSize), \(precision.rawValue): \(rate) images/s")
        }
    }

    struct Features: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Images per second through a network with generated weights, decoding left out.")
        @OptionGroup var options: Options

        func run() throws {
            let network = try options.load().network
            options.report(options.rate(images: options.batchSize, options.pass(network)), "")
        }
    }

    struct Layers: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Images per second through a network's convolutions alone: what the whole network cannot exceed.",
            discussion: "The same shapes, fused additions and images at once as in a pass; each reads what the one before it wrote, in turn in two places.")
        @OptionGroup var options: Options

        func run() throws {
            let (network, backend) = try options.load()
            var calls: [ConvolutionCall] = []
            backend.observesConvolution = { calls.append($0) }
            options.pass(network)()
            backend.observesConvolution = nil
            // Passes are all alike, so the first one's calls are the network.
            let passes = (options.batchSize + network.passSize - 1) / network.passSize
            calls.removeLast(calls.count - calls.count / passes)
            let largest = calls.map { max($0.counts.input, $0.counts.output) }.max() ?? 1
            func places(_ type: ElementType) -> [Storage] {
                (0..<3).map { _ in Tensor([Float](repeating: 0.5, count: largest), shape: [largest], on: backend).cast(to: type).storage }
            }
            let memory = Dictionary(uniqueKeysWithValues: Set(calls.flatMap { [$0.inputType, $0.outputType] }).map { ($0, places($0)) })
            let rate = options.rate(images: passes * network.passSize) {
                for _ in 0..<passes {
                    for (index, call) in calls.enumerated() {
                        guard let inputs = memory[call.inputType], let outputs = memory[call.outputType] else { continue }
                        call.run(inputs[index % 2], residual: outputs[2], to: outputs[(index + 1) % 2], on: backend)
                    }
                }
            }
            options.report(rate, ", its \(calls.count) convolutions alone", ", \"convolutions\": \(calls.count)")
        }
    }
}
