import Datasets
import Games
import NeuralNetworks
import Tensors

extension Trainer {
    /// Norm of all weights of every team: `√ Σ w²`.
    public var weightNorms: [(name: String, value: Double)] {
        game.teams.map { team in
            (team.name + " weights", team.parameters.reduce(0) { $0 + $1.parameter.tensor.detached.squared.sum.item() }.squareRoot())
        }
    }

    /// How different samples of the generator are as it is now, not of its average, which hides modes that come and go; nil without data to compare with.
    func diversity() throws -> Diversity? {
        guard let source else { return nil }
        if let mixture = source as? GaussianMixture {
            let samples = try samples(1000, of: game, SamplingOptions(), "diversity"), deviation = mixture.deviations.max() ?? 0
            return .modes(ModeCoverage(samples: samples, centres: mixture.centres, deviation: deviation, shares: mixture.weights))
        }
        let count = min(256, source.count ?? 256)
        let classes = sampleClasses, labels = classes > 0 ? (0..<count).map { $0 % classes } : nil
        let made = try samples(count, of: game, SamplingOptions(labels: labels), "diversity").floats
        let real = try realSamples(count), size = sampleShape.count
        let usual = Spread.of(real, size: size)
        return usual > 0 ? .spread(Spread.of(made, size: size) / usual) : nil
    }

    /// What a critic thinks of samples on average.
    struct Opinion {
        /// The domain whose samples it judges, where there are several critics.
        var domain: String?
        var training = 0.0, held = 0.0, generated = 0.0
        /// Training samples' minus generated ones' of each batch.
        var gaps: [Double] = []

        /// ADA's r_v; 0 while the critic cannot even tell training samples from generated ones: where the gap is within three standard errors, the quotient is noise.
        var overfitting: Double {
            let apart = training - generated, n = Double(gaps.count), mean = gaps.reduce(0, +) / n
            let error = n > 1 ? (gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * (n - 1))).squareRoot() : 0
            return apart > 3 * error ? (training - held) / apart : 0
        }
    }

    /// What each critic thinks of training samples, of as many that were held out, and of generated ones; empty where nothing is held out or the game's critic judges no samples.
    ///
    /// Critics are asked as they play, in batches of which each is normalised by itself; what they and the game keep of that is put back.
    func opinionsOfHeldSamples() throws -> [Opinion] {
        guard let source, let heldOut, let game = game as? any CriticGame, let phase = game.phases.first(where: { $0.team == "critic" }), !game.opinions.isEmpty else { return [] }
        let state = game.state
        let opinions = try restoringBuffers { try self.opinions(of: game, in: phase, source, heldOut) }
        try game.load(state, on: backend)
        return opinions
    }

    private func opinions(of game: any CriticGame, in phase: Phase, _ source: any SampleSource, _ heldOut: any SampleSource) throws -> [Opinion] {
        let count = min(256, heldOut.count ?? 256, source.count ?? 256)
        var opinions = game.opinions.map { Opinion(domain: $0.domain) }
        for start in stride(from: 0, to: count, by: configuration.batchSize) {
            let rows = start..<min(start + configuration.batchSize, count), share = Double(rows.count) / Double(count)
            func curves(_ source: any SampleSource) throws -> [String: Tensor] {
                let turn = try turn(source, source.spacedOut(rows, of: count), stream["overfitting"][start])
                return Dictionary(game.losses(of: phase, turn).curves.map { ($0.name, $0.value) }) { first, _ in first }
            }
            let training = try curves(source), held = try curves(heldOut)
            func mean(_ name: String, of curves: [String: Tensor]) -> Double {
                guard let value = curves[name] else { preconditionFailure("\(configuration.game) has no curve '\(name)'") }
                return value.item()
            }
            for (index, names) in game.opinions.enumerated() {
                let real = mean(names.real, of: training), generated = (mean(names.generated, of: training) + mean(names.generated, of: held)) / 2
                opinions[index].training += share * real
                opinions[index].held += share * mean(names.real, of: held)
                opinions[index].generated += share * generated
                opinions[index].gaps.append(real - generated)
            }
        }
        return opinions
    }

    /// What `body` gives, which asks the players as they play; what their buffers keep of that is put back.
    package func restoringBuffers<Value>(_ body: () throws -> Value) rethrows -> Value {
        let buffers = game.teams.flatMap(\.players).flatMap { $0.module.buffers }.map(\.buffer), kept = buffers.map(\.tensor)
        defer { for (buffer, tensor) in zip(buffers, kept) { buffer.tensor = tensor } }
        return try body()
    }

    private func turn(_ source: any SampleSource, _ indices: [Int], _ stream: RandomStream) throws -> Turn {
        let real = Tensor(try source.read(indices), shape: Shape([indices.count] + source.shape), on: backend)
        return Turn(real: real, labels: source.classNames == nil ? nil : indices.compactMap(source.label), stream: stream, step: step)
    }
}
