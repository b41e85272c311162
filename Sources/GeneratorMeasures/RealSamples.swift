import Datasets
import Evaluation
import Tensors
import Training

/// Real samples for the measures of a run: those that it held out from training where there are any.
public struct RealSamples {
    /// Where they come from.
    public let source: any SampleSource
    /// What the reader must know of them; nil where the run has not seen them.
    public let warning: String?

    /// Opens real samples of the shape that a run makes.
    /// - Parameter data: Where they are, as in `gan-eval train --data`; the run's own data when nil.
    /// - Throws: `DatasetError` for data that cannot be read; `TrainingError` for samples of another shape.
    public init(of run: TrainedRun, data: String? = nil) throws {
        var configuration = run.trainer.configuration
        if let data {
            (configuration.data, configuration.heldOut) = (data, 0)
            (source, warning) = (try configuration.openDividedData().training, nil)
        } else {
            let parts: (training: any SampleSource, heldOut: (any SampleSource)?)
            do { parts = try configuration.openDividedData() } catch let error as DatasetError {
                throw TrainingError.run(folder: run.name, reason: "was trained on \(configuration.data), which cannot be read from here: \(error); give the real samples with --data")
            }
            source = parts.heldOut ?? parts.training
            // A distribution has fresh samples for whoever asks.
            let isSeen = parts.heldOut == nil && parts.training.count != nil
            warning = isSeen ? "the real samples are those that \(run.name) was trained on, of which its critic may know some by heart: give others with --data, or train with heldOut=0.1" : nil
        }
        guard source.shape == run.trainer.sampleShape.dimensions else {
            throw TrainingError.run(folder: source.name, reason: "holds samples of shape \(source.shape); \(run.name) makes \(run.trainer.sampleShape)")
        }
    }

    /// Given samples, which no run has seen.
    public init(_ source: any SampleSource) { (self.source, warning) = (source, nil) }

    /// How many samples can be had of `wanted`.
    func count(upTo wanted: Int) -> Int { min(wanted, source.count ?? wanted) }

    /// Samples with their classes where there are any.
    func batch(_ indices: [Int], on backend: any Backend) throws -> (samples: Tensor, labels: [Int]?) {
        (Tensor(try source.read(indices), shape: Shape([indices.count] + source.shape), on: backend), source.classNames == nil ? nil : indices.compactMap(source.label))
    }
}

/// A source in two halves, every other sample in each: one for finding something, one for judging it.
struct Halves {
    /// How many samples either half has; nil where there is no end of them.
    let count: Int?
    private let samples: RealSamples

    /// - Throws: `tooFewImages` below four samples.
    init(_ samples: RealSamples, for measure: String, set: String) throws(EvaluationError) {
        if let count = samples.source.count, count < 4 { throw .tooFewImages(metric: measure, set: set, needed: 4, found: count) }
        (self.samples, count) = (samples, samples.source.count.map { $0 / 2 })
    }

    /// Random samples of the first half.
    func draw(_ number: Int, _ stream: RandomStream, on backend: any Backend) throws -> (samples: Tensor, labels: [Int]?) {
        try samples.batch(stream.integers(below: count ?? 1 << 30, count: number).map { 2 * $0 }, on: backend)
    }

    /// Some samples of the second half, from all over it: at most as many as there are.
    func judged(_ number: Int, on backend: any Backend) throws -> (samples: Tensor, labels: [Int]?) {
        let taken = min(number, count ?? number)
        return try samples.batch((0..<taken).map { place in 2 * (count.map { place * $0 / taken } ?? place) + 1 }, on: backend)
    }
}
