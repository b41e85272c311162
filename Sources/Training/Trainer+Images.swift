import Datasets
import Games
import Images
import Tensors

extension Trainer {
    /// Images beside what the game's encoder and generator make of them.
    /// - Throws: ``TrainingError`` for a game without an encoder; what opening images throws.
    public func reconstructions(of path: String, count: Int) throws -> Image {
        guard let game = averaged as? any Reconstructing else {
            throw TrainingError.configuration(file: configuration.game, line: nil, reason: "this game has no encoder, so nothing can be reconstructed")
        }
        let originals = try images(path, limit: count, channels: sampleShape[2])
        let copies = game.reconstruct(originals)
        let rows = (0..<originals.shape[0]).flatMap { index in [originals, copies].map { $0.sliced(axis: 0, index..<index + 1) } }
        return SampleGrid.image(.concatenated(rows, axis: 0), columns: 8)
    }

    /// Images of one domain as images of the other.
    /// - Shape: `[N, H, W, C]` in −1…1.
    /// - Throws: ``TrainingError`` for a game of one domain; what opening images throws.
    public func translations(of path: String, _ direction: TranslationDirection) throws -> Tensor {
        guard let game = averaged as? any Translating else {
            throw TrainingError.configuration(file: configuration.game, line: nil, reason: "this game has one domain, so nothing can be translated")
        }
        let originals = try images(path, limit: nil, channels: sampleShape[2] / 2)
        let parts = stride(from: 0, to: originals.shape[0], by: 16).map { $0..<min($0 + 16, originals.shape[0]) }
        return .concatenated(parts.map { game.translate(originals.sliced(axis: 0, $0), direction) }, axis: 0)
    }

    /// Images as the game knows them: of its size, with its channels.
    private func images(_ path: String, limit: Int?, channels: Int) throws -> Tensor {
        guard sampleShape.rank == 3 else {
            throw TrainingError.configuration(file: configuration.game, line: nil, reason: "this run's samples are points of shape \(sampleShape), not images")
        }
        let source = try ImageSamples(ImageSource.open(path), ImageSettings(size: sampleShape[0], channels: channels))
        let count = min(limit ?? .max, source.count ?? 0)
        return Tensor(try source.read(Array(0..<count)), shape: [count, sampleShape[0], sampleShape[1], channels], on: backend)
    }
}
