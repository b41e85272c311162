import Games
import Images
import Tensors

extension Trainer {
    /// A grid of samples of the averaged generator, always of the same latents; for points of the plane, a scatter plot over real ones.
    public func picture(_ count: Int) throws -> Image {
        if sampleShape.rank == 3 {
            let labels = classCount > 0 ? (0..<count).map { $0 % classCount } : nil
            return SampleGrid.image(samples(count, SamplingOptions(labels: labels), "grid"))
        }
        precondition(sampleShape == [2], "no picture of samples of shape \(sampleShape)")
        return SampleGrid.scatter(real: try realSamples(1000), samples: samples(1000, SamplingOptions(), "grid").floats)
    }
}
