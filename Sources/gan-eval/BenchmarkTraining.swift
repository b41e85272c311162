import ArgumentParser
import Datasets
import Games
import Tensors
import Training
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension BenchmarkCommand {
    struct Training: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Seconds of one training step of a game on random data, loading left out.")
        @Option(help: "The game.") var game = "dcgan"
        @Option(help: "Side of the images; 0 for points of the plane.") var size = 64
        @Option(help: "Channels next to the image, or hidden units.") var width = 64
        @Option(help: "Samples in one move.") var batchSize = 64
        @Option(help: "Steps that are timed; the median counts.") var steps = 5
        @Option(help: "Steps before them.") var warmUp = 2
        @Option(help: "Cores to use; all by default.") var threads: Int?
        @Option(name: .customLong("set"), help: "A setting of the game.") var settings: [String] = []
        @Option(help: "Print JSON.") var json: String?

        func run() throws {
            var configuration = RunConfiguration()
            try configuration.change("game", to: game)
            for setting in GameCatalog.settings(of: try GameCatalog.named(game)) where setting.name == "width" || setting.name.hasSuffix(".width") {
                try configuration.change(setting.name, to: "\(width)")
            }
            for setting in settings {
                let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw ValidationError("--set \(setting): expected name=value") }
                try configuration.change(parts[0], to: parts[1])
            }
            configuration.batchSize = batchSize
            let shape = size == 0 ? [2] : [size, size, 3], stream = RandomStream(seed: 1)
            let values = stream.normals(batchSize * shape.reduce(1, *)).map { Float($0) }
            let batch = Minibatch(index: 0, epoch: 0, indices: Array(0..<batchSize), shape: [batchSize] + shape, values: values, labels: nil)
            let trainer = try Trainer(configuration, sampleShape: Shape(shape), classCount: 0, backend: CPUBackend(threads: threads)) { _ in batch }
            let clock = ContinuousClock()
            var seconds: [Double] = []
            for step in 0..<warmUp + max(steps, 1) {
                let time = try clock.measure { _ = try trainer.advance() }
                if step >= warmUp { seconds.append(time / .seconds(1)) }
            }
            let median = seconds.sorted()[seconds.count / 2]
            let megabytes = Self.peakMegabytes
            print(json != nil ? "{\"stepsPerSecond\": \(1 / median), \"seconds\": \(median), \"peakMegabytes\": \(megabytes)}"
                : "\(game), batch \(batchSize): \(median) s a step, \(megabytes) MB at most")
        }

        /// The process's largest resident set.
        private static var peakMegabytes: Double {
            var usage = rusage()
            #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1_048_576
            #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Double(usage.ru_maxrss) / 1024
            #endif
        }
    }
}
