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
        var training = 0.0, held = 0.0, generated = 0.0

        /// ADA's r_v; 0 while the critic cannot even tell training samples from generated ones.
        var overfitting: Double {
            let apart = training - generated
            return apart > 0 ? (training - held) / apart : 0
        }
    }

    /// What the critic thinks of training samples, of as many that were held out, and of generated ones; nil where nothing is held out or the game's critic judges no samples.
    ///
    /// The critic is asked as it plays, in batches of which each is normalised by itself; what it keeps of that is put back.
    func opinionOfHeldSamples() throws -> Opinion? {
        guard let source, let heldOut, let phase = game.phases.first(where: { $0.team == "critic" }) else { return nil }
        let buffers = game.teams.flatMap(\.players).flatMap { $0.module.entries }.map(\.entry).filter { if case .buffer = $0 { true } else { false } }
        let kept = buffers.map(\.tensor)
        defer { for (buffer, tensor) in zip(buffers, kept) { buffer.tensor = tensor } }
        let count = min(256, heldOut.count ?? 0, source.count ?? 0)
        var opinion = Opinion()
        for start in stride(from: 0, to: count, by: configuration.batchSize) {
            let rows = start..<min(start + configuration.batchSize, count), share = Double(rows.count) / Double(count)
            func asked(_ source: any SampleSource) throws -> (real: Double, generated: Double)? {
                let turn = try turn(source, source.spacedOut(rows, of: count), stream["overfitting"][start])
                let curves = game.losses(of: phase, turn).curves
                guard let real = curves.first(where: { $0.name == "real logit" }), let fake = curves.first(where: { $0.name == "critic fake logit" }) else { return nil }
                return (real.value.item(), fake.value.item())
            }
            guard let training = try asked(source), let held = try asked(heldOut) else { return nil }
            opinion.training += share * training.real
            opinion.held += share * held.real
            opinion.generated += share * (training.generated + held.generated) / 2
        }
        return opinion
    }

    private func turn(_ source: any SampleSource, _ indices: [Int], _ stream: RandomStream) throws -> Turn {
        let real = Tensor(try source.read(indices), shape: Shape([indices.count] + source.shape), on: backend)
        return Turn(real: real, labels: source.classNames == nil ? nil : indices.compactMap(source.label), stream: stream, step: step)
    }
}
