import Archives
import Datasets
import Games
import Tensors

/// What a trained game can make of images that it is given.
public enum ImageMapping: Sendable {
    /// Each through encoder and generator, by a game that has an encoder.
    case reconstruction
    /// Each in the other domain, by a game that has two.
    case translation(TranslationDirection)
}

extension Trainer {
    /// How many classes samples can be asked for; 0 where the game has none.
    public var sampleClasses: Int { (averaged as? any ClassSampling)?.sampleClasses ?? 0 }

    /// Writes what the game makes of images. In a `.png` picture each original stands to the left of its result; other names get the results alone, as
    /// ``SampleWriter`` writes samples.
    /// - Parameter count: how many from the first on; by default 32 in a picture, all otherwise.
    /// - Returns: how many there were.
    /// - Throws: ``TrainingError`` for a game that cannot do it; what opening images and writing throw.
    public func write(_ mapping: ImageMapping, of images: String, count: Int? = nil, to path: String) throws -> Int {
        let channels: Int, map: (Tensor) -> Tensor
        switch (mapping, averaged) {
        case (.reconstruction, let game as any Reconstructing): (channels, map) = (sampleShape[sampleShape.rank - 1], { game.reconstruct($0) })
        case (.translation(let direction), let game as any Translating): (channels, map) = (sampleShape[2] / 2, { game.translate($0, direction) })
        case (.reconstruction, _): throw failure("this game has no encoder, so nothing can be reconstructed")
        case (.translation, _): throw failure("this game has one domain, so nothing can be translated")
        }
        guard sampleShape.rank == 3 else { throw failure("this run's samples are points of shape \(sampleShape), not images") }
        let source = try ImageSamples(ImageSource.open(images), ImageSettings(size: sampleShape[0], channels: channels)), isPicture = try CollectionFile.Kind(output: path) == nil
        let count = min(count ?? (isPicture ? 32 : .max), source.images.count)
        func originals(_ range: Range<Int>) throws -> Tensor {
            Tensor(try source.read(Array(range)), shape: [range.count, sampleShape[0], sampleShape[1], channels], on: backend)
        }
        if isPicture {
            let given = try originals(0..<count), made = map(given)
            let pairs = (0..<count).flatMap { index in [given, made].map { $0.sliced(axis: 0, index..<index + 1) } }
            try AtomicFile.write(SampleGrid.image(.concatenated(pairs, axis: 0), columns: 8).pngData(), to: path)
        } else {
            try SampleWriter.write(count, to: path, labels: nil, portion: 16) { range, _ in try map(originals(range)) }
        }
        return count
    }

    /// What this game cannot do.
    func failure(_ reason: String) -> TrainingError { .configuration(file: configuration.game, line: nil, reason: reason) }
}
