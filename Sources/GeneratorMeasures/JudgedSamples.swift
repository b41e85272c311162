import Games
import NeuralNetworks
import Tensors
import Training

extension Trainer {
    /// The critic's logits of samples, asked as it plays: in batches of the run's size, each normalised by itself where the critic has batch norm. What the critic keeps of that is put back.
    func logits(of samples: Tensor, labels: [Int]?, by judge: any SampleJudging) -> [Double] {
        // Each player may compute on a backend of its own.
        let samples = samples.backend === backend ? samples : Tensor(samples.floats, shape: samples.shape, on: backend)
        // Batches of nearly one size, none so small that its statistics mean nothing.
        let count = samples.shape[0], batches = max(1, count / configuration.batchSize)
        return restoringBuffers {
            (0..<batches).flatMap { batch -> [Double] in
                let range = batch * count / batches..<(batch + 1) * count / batches
                return judge.judge(samples.sliced(axis: 0, range), labels.map { Array($0[range]) }, .training(RandomStream(seed: 0)["judged"][batch])).doubles
            }
        }
    }
}

extension TrainedRun {
    /// The critic of samples.
    /// - Throws: `TrainingError` for a game whose critic judges other things.
    func judge() throws -> any SampleJudging {
        guard let judge = trainer.game as? any SampleJudging else { throw failure("the critic of \(trainer.configuration.game) does not judge samples by themselves") }
        return judge
    }

    /// Samples of the averaged generator, of every class in turn where the game samples by class.
    func samples(_ count: Int, _ name: String) throws -> (samples: Tensor, labels: [Int]?) {
        let classes = trainer.sampleClasses, labels = classes > 0 ? (0..<count).map { $0 % classes } : nil
        return (try trainer.samples(count, SamplingOptions(labels: labels), name), labels)
    }
}
