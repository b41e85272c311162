import Datasets
import Games
import GeneratorMeasures
import NeuralNetworks
import Tensors
import Training

/// Runs whose weights a test sets, saved as checkpoints.
enum SavedRun {
    /// A game on samples of a shape, its players' parameters changed, in a file of a folder.
    static func make(_ name: String, game: String = "original", _ settings: [String: String] = [:], sample: Shape, batchSize: Int = 64, in folder: String, change: (any Game) -> Void) throws -> TrainedRun {
        var configuration = RunConfiguration()
        try configuration.change("game", to: game)
        (configuration.data, configuration.batchSize) = ("ring", batchSize)
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) { try configuration.change(name, to: value) }
        let trainer = try Trainer(configuration, sampleShape: sample, classCount: 0, backend: CPUBackend()), file = "\(folder)/\(name).h5"
        change(trainer.game)
        change(trainer.averaged)
        try trainer.checkpoint().write(to: file)
        return try TrainedRun(name, checkpoint: file, on: CPUBackend())
    }

    /// The game of points on a line: samples `z + shift`, logits `slope · x + bias`.
    static func line(_ name: String, shift: Float, slope: Float = 0, bias: Float = 0, _ settings: [String: String] = [:], batchSize: Int = 64, in folder: String) throws -> TrainedRun {
        try make(name, ["depth": "0", "latentSize": "1"].merging(settings) { _, new in new }, sample: [1], batchSize: batchSize, in: folder) { game in
            game.set("generator.layers.0.weight", [1], [1, 1])
            game.set("generator.layers.0.bias", [shift], [1])
            game.set("critic.layers.0.weight", [slope], [1, 1])
            game.set("critic.layers.0.bias", [bias], [1])
        }
    }

    /// Normal points, moved.
    static func normal(_ count: Int, shift: [Float] = [0], deviation: Double = 1, seed: UInt64 = 1) -> RealSamples {
        let values = RandomStream(seed: seed)["points"].normals(count * shift.count).enumerated().map { Float(deviation * $1) + shift[$0 % shift.count] }
        return RealSamples(ArraySamples(values, shape: [shift.count], labels: nil, name: "points"))
    }
}
