import Datasets
import Evaluation
import FeatureNetworks
import Games
import HDF5
import Tensors

/// Measures samples of the averaged generator with the toolkit's own metrics against the training data, and keeps the best checkpoint.
///
/// The reference lies in the run's folder: its images as the trainer sees them, and their features, which are extracted once for all measurements and resumptions. The samples of the last
/// measurement stay in `measured.h5`, always made from the same latents; `gan-eval evaluate RUN/reference/images.h5 RUN/measured.h5` gives the logged numbers again.
final class MeasureHook: Hook {
    private let metrics: [any Metric]
    private let network: LoadedNetwork
    private let proto: EvaluationProtocol
    private var reference: ExtractedFeatures?

    /// What a metric can have while a game is trained.
    private static let given: MetricNeeds = [.real, .moments, .features, .scores]

    /// Counter of the best value so far, negative where larger is better.
    static let best = "best measurement"

    /// - Throws: what naming the metrics and loading the network throw, so that a wrong name costs no training; ``TrainingError`` for samples that are no images.
    init(_ configuration: RunConfiguration, _ sample: Shape, backend: any Backend) throws {
        guard sample.rank == 3, [1, 3].contains(sample[2]) else {
            throw TrainingError.configuration(file: "measureEvery=\(configuration.measureEvery)", line: nil,
                                              reason: "metrics need images of one or three channels; this run's samples are of shape \(sample). Set measureEvery to 0")
        }
        metrics = try MetricCatalog.named(configuration.metrics)
        for metric in metrics where !metric.about.needs.isSubset(of: Self.given) {
            let missing = metric.about.needs.subtracting(Self.given).text
            throw TrainingError.configuration(file: "metrics=\(configuration.metrics)", line: nil, reason: "\(metric.name) needs \(missing), which a run does not have; measure it on its samples")
        }
        network = try LoadedNetwork(configuration.network, on: backend)
        proto = try EvaluationProtocol.named("default")
    }

    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        let configuration = run.trainer.configuration
        guard report.step % configuration.measureEvery == 0 || report.step == configuration.steps else { return }
        let reference = try self.reference ?? extractReference(run)
        self.reference = reference
        try SampleWriter.write(configuration.measureCount, to: run.folder.measured, labels: nil) { range, _ in
            let classes = run.trainer.sampleClasses
            return try run.trainer.samples(range.count, SamplingOptions(labels: classes > 0 ? range.map { $0 % classes } : nil), "measure \(range.lowerBound)")
        }
        let result = try Evaluator(proto) { self.network }.evaluate(metrics, real: .features(reference.file), fake: EvaluationInput.open(run.folder.measured))
        try log(result, run, report.step)
        try keepBest(result, run)
    }

    private func log(_ result: EvaluationReport, _ run: Run, _ step: Int) throws {
        let numbers = result.results.flatMap { result in
            [(result.metric, result.value)] + (result.interval.map { [(result.metric + " lower", $0.lower), (result.metric + " upper", $0.upper)] } ?? [])
        }
        let text = [("network", run.trainer.configuration.network), ("samples", "\(run.trainer.configuration.measureCount)")]
        try run.write(RunLog.Line(kind: "measurement", step: step, numbers: numbers, text: text))
        run.note("step \(step): " + zip(result.titles, result.results).map { "\($0) \($1.value)" }.joined(separator: ", "))
    }

    /// The first metric decides.
    private func keepBest(_ result: EvaluationReport, _ run: Run) throws {
        let value = result.results[0].value, loss = metrics[0].about.better == .larger ? -value : value
        guard loss < run.trainer.counters[Self.best, default: .infinity] else { return }
        run.trainer.counters[Self.best] = loss
        try run.checkpoint().write(to: run.folder.best)
        run.made("best checkpoint", run.folder.best)
    }

    /// Features of the training data as the trainer sees it, of as many images as are measured but at least 1 000 and at most 10 000.
    private func extractReference(_ run: Run) throws -> ExtractedFeatures {
        let trainer = run.trainer, folder = run.folder.reference, images = folder + "/images.h5"
        try FeatureCache(folder: folder).prepare()
        if !HDF5File.isHDF5(images) {
            let count = min(max(trainer.configuration.measureCount, 1000), 10_000, trainer.realCount ?? .max)
            try SampleWriter.write(count, to: images, labels: nil) { range, _ in
                Tensor(try trainer.realSamples(range, of: count), shape: Shape([range.count] + trainer.sampleShape.dimensions), on: trainer.backend)
            }
        }
        var options = ExtractionOptions()
        options.cache = folder
        return try FeatureExtractor(network, proto).extract(ImageSource.open(images), options)
    }
}
