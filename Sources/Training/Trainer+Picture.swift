import Games
import Images
import Tensors

extension Trainer {
    /// A grid of samples of the averaged generator, always of the same latents; for points of the plane, a scatter plot over real ones; nil for
    /// points of other spaces.
    public func picture(_ count: Int) throws -> Image? {
        if averaged is any Translating {
            let pairs = max(count / 4, 1), channels = sampleShape[2] / 2
            let made = try samples(pairs, SamplingOptions(), "grid").split(axis: 3, [channels, channels])
            let real = Tensor(try realSamples(pairs), shape: Shape([pairs] + sampleShape.dimensions), on: made[0].backend).split(axis: 3, [channels, channels])
            // Each image of A beside its translation, then each of B beside its own: the translations stand at the other domain's channels.
            let columns = [real[0], made[1], real[1], made[0]]
            let rows = (0..<pairs).flatMap { index in columns.map { $0.sliced(axis: 0, index..<index + 1) } }
            return SampleGrid.image(.concatenated(rows, axis: 0), columns: 8)
        }
        if sampleShape.rank == 3 {
            let classes = sampleClasses, labels = classes > 0 ? (0..<count).map { $0 % classes } : nil
            return SampleGrid.image(try samples(count, SamplingOptions(labels: labels), "grid"))
        }
        guard sampleShape == [2] else { return nil }
        return SampleGrid.scatter(real: try realSamples(1000), samples: try samples(1000, SamplingOptions(), "grid").floats)
    }
}
