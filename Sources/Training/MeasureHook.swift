import Datasets
import Evaluation
import FeatureNetworks
import Games
import HDF5
import Tensors

/// Measures samples of the averaged generator with the toolkit's own metrics against the training data, and keeps the best checkpoint.
final class MeasureHook: Hook {
    private let metrics: [any Metric]
    private let network: LoadedNetwork
    private let proto: EvaluationProtocol

    /// - Throws: what naming the metrics and loading the network throw, so that a wrong name costs no training.
    init(_ configuration: RunConfiguration, backend: any Backend) throws {
        metrics = try MetricCatalog.named(configuration.metrics)
        network = try LoadedNetwork(configuration.network, on: backend)
        proto = try EvaluationProtocol.named("default")
    }

    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        let configuration = run.trainer.configuration
        guard report.step % configuration.measureEvery == 0 || report.step == configuration.steps else { return }
        let reference = run.folder.path + "/reference.h5"
        if !HDF5File.isHDF5(reference) { try Self.writeReference(run, to: reference) }
        let samples = run.folder.path + "/measured.h5"
        try SampleWriter.write(configuration.measureCount, to: samples, labels: nil) { range, _ in
            let classes = run.trainer.sampleClasses
            return try run.trainer.samples(range.count, SamplingOptions(labels: classes > 0 ? range.map { $0 % classes } : nil), "measure \(range.lowerBound)")
        }
        let evaluator = Evaluator(proto) { self.network }
        let result = try evaluator.evaluate(metrics, real: EvaluationInput.open(reference), fake: EvaluationInput.open(samples))
        let values = result.results.map { ($0.metric, $0.value) }
        try run.write(RunLog.Line(kind: "measurement", step: report.step, numbers: values, text: [("network", configuration.network), ("samples", "\(configuration.measureCount)")]))
        run.note("step \(report.step): " + zip(result.titles, result.results).map { "\($0) \($1.value)" }.joined(separator: ", "))
        // The first metric decides; of all that are offered here, only the Inception Score is better when it is larger.
        guard let first = values.first else { return }
        let loss = first.0 == "is" ? -first.1 : first.1
        if loss < run.trainer.counters["best measurement", default: .infinity] {
            run.trainer.counters["best measurement"] = loss
            try run.trainer.checkpoint().write(to: run.folder.best)
        }
    }

    /// The training data as the trainer sees it, at most as many images as are measured or 10 000.
    private static func writeReference(_ run: Run, to path: String) throws {
        let trainer = run.trainer, count = min(max(trainer.configuration.measureCount, 1000), 10_000)
        let values = try trainer.realSamples(count), size = trainer.sampleShape.count
        try SampleWriter.write(values.count / size, to: path, labels: nil) { range, _ in
            Tensor(Array(values[range.lowerBound * size..<range.upperBound * size]), shape: Shape([range.count] + trainer.sampleShape.dimensions), on: ReferenceBackend())
        }
    }
}
