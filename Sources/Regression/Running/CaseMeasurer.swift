import Evaluation
import FeatureNetworks
import Games
import LinearAlgebra
import Tensors
import Training
import Weights

/// How a suite is measured: what computes, and where features are kept.
public struct MeasuringSettings {
    /// Folder of kept features; nil keeps them for the time of the job.
    public var cache: String?
    /// Images that are run together.
    public var batchSize = 32
    /// Cores; nil for all.
    public var threads: Int?
    /// Threads that decode.
    public var workers = 2
    /// Called with what is done, and how many images of all.
    public var progress: (String, Int, Int) -> Void = { _, _, _ in }
    /// Asked after each batch.
    public var isCancelled: () -> Bool = { false }

    /// The defaults.
    public init() {}
}

/// Measures the cases of a suite.
final class CaseMeasurer {
    private let suite: Suite, settings: MeasuringSettings, cache: String
    /// Keeps features for as long as the job takes.
    private let folder: TemporaryFolder?
    private var networks: [String: LoadedNetwork] = [:]
    /// Where the samples of the case at hand were drawn to.
    private var drawn: (path: String, run: String)?
    private lazy var backend = CPUBackend(threads: settings.threads)

    init(_ suite: Suite, _ settings: MeasuringSettings) throws {
        (self.suite, self.settings) = (suite, settings)
        folder = settings.cache == nil ? try TemporaryFolder() : nil
        cache = settings.cache ?? folder?.path ?? ""
        if let threads = settings.threads { LinearAlgebraThreads.use(threads) }
    }

    /// What a case's numbers are tonight, or why there are none.
    /// - Throws: `EvaluationError.cancelled`; ``RegressionError`` for what is wrong with the suite and not with the data: a metric that nothing can judge or that needs another set, a network or tap that there is none of.
    func measure(_ item: SuiteCase) throws -> Result<MeasuredCase, MeasuringFailure> {
        drawn = nil
        do { return .success(try measured(item)) } catch let failure as MeasuringFailure { return .failure(failure) } catch {
            switch error {
            case is RegressionError, EvaluationError.cancelled: throw error
            case EvaluationError.setNeeded, EvaluationError.badOption, FeatureNetworkError.unknownNetwork, FeatureNetworkError.unknownTap:
                throw RegressionError.suite(file: suite.path, line: item.line, reason: "'\(item.name)': \(RegressionError.oneLine("\(error)"))")
            default:
                // Samples are drawn into a file that nobody has named.
                let words = drawn.map { "\(error)".replacing($0.path, with: "samples of \($0.run)") } ?? "\(error)"
                return .failure(MeasuringFailure(problem: Problem(.missingData, of: item.name, RegressionError.oneLine(words))))
            }
        }
    }

    private func measured(_ item: SuiteCase) throws -> MeasuredCase {
        let metrics = try MetricCatalog.named(item.metrics.joined(separator: ",")), labelled = metrics.contains { $0.about.needs.contains(.labels) }
        let subject = try generated(item), fake = try EvaluationInput.open(subject.path, labelled: labelled)
        let real = try item.real.map { try EvaluationInput.open($0, labelled: labelled) }
        let report = try evaluator(of: item).evaluate(metrics, real: real, fake: fake, training: item.training.map { try EvaluationInput.open($0) })
        var measured: [MeasuredMetric] = []
        for (index, result) in report.results.enumerated() {
            guard result.value.isFinite else { throw MeasuringFailure(problem: Problem(.missingData, of: item.name, metric: result.metric, "the value is no number")) }
            let isJackknifed = suite.groups > 1 && GroupJackknife.isFor(metrics[index])
            let error = result.generatedStandardError ?? (MetricCatalog.withErrorsOfGenerated.contains(result.metric) ? result.standardError : nil)
            let estimate = Estimate(result.value, standardError: error, degreesOfFreedom: isJackknifed ? Double(suite.groups - 1) : nil)
            guard estimate.standardError != nil || item.tolerance(of: result.metric) != nil else {
                throw RegressionError.suite(file: suite.path, line: item.line, reason: "\(result.metric) of '\(item.name)' has no standard error, so that only a tolerance can judge it: add 'tolerance: {\(result.metric): …}'")
            }
            let better = metrics[index].about.better, aim = better == .asReal ? result[detail: "real"] ?? result[detail: "accuracy_if_alike"] : nil
            measured.append(MeasuredMetric(result.metric, title: report.titles[index], better: better, aim: aim, estimate))
        }
        let identity = report.identity.entries.merging(subject.identity) { $1 }
        return MeasuredCase(name: item.name, identity: identity, realCount: report.realCount, fakeCount: report.fakeCount, metrics: measured, notes: report.warnings)
    }

    private func evaluator(of item: SuiteCase) throws -> Evaluator {
        var evaluator = Evaluator(try EvaluationProtocol.named(item.proto)) { [self] in
            let key = item.network + "\u{0}" + (item.weights ?? "")
            if let known = networks[key] { return known }
            let network = try LoadedNetwork(item.network, weights: item.weights, on: backend)
            networks[key] = network
            return network
        }
        evaluator.options.batchSize = settings.batchSize
        evaluator.options.workers = settings.workers
        evaluator.options.cache = cache
        evaluator.options.tap = item.tap
        if suite.groups > 1 { evaluator.jackknife = GroupJackknife(groups: suite.groups, completesOthers: true) }
        evaluator.progress = { [settings] set, done, total in settings.progress("\(item.name), \(set)", done, total) }
        evaluator.isCancelled = settings.isCancelled
        return evaluator
    }

    /// Where the generated images lie, and what they depend on besides their pixels.
    private func generated(_ item: SuiteCase) throws -> (path: String, identity: [String: String], folder: TemporaryFolder?) {
        guard case .generator(let samples) = item.subject else {
            guard case .set(let path) = item.subject else { preconditionFailure("a case is a set or a generator") }
            return (path, [:], nil)
        }
        let checkpoint = try checkpoint(samples), trainer = try Trainer(restoring: checkpoint, backend: backend)
        let known = trainer.sampleClasses, classes = samples.classes
        if let classes, let wrong = classes.first(where: { $0 >= known }) {
            throw RegressionError.suite(file: suite.path, line: item.line, reason: "class \(wrong) of '\(item.name)': \(known == 0 ? "this run has no classes" : "expected numbers below \(known)")")
        }
        let labels = classes.map { classes in (0..<samples.count).map { classes[$0 % classes.count] } }
        let folder = try TemporaryFolder(), path = folder.path + "/samples.h5"
        drawn = (path, samples.run)
        var done = 0
        try SampleWriter.write(samples.count, to: path, labels: labels) { range, labels in
            if settings.isCancelled() { throw EvaluationError.cancelled(isKept: false) }
            let made = try trainer.samples(range.count, SamplingOptions(labels: labels), "sample \(samples.seed) \(range.lowerBound)")
            done += range.count
            settings.progress("\(item.name), samples", done, samples.count)
            return made
        }
        return (path, [
            "game": trainer.configuration.game, "checkpoint_step": "\(trainer.step)", "checkpoint_sha256": try FileDigest.sha256(checkpoint),
            "samples": "\(samples.count)", "sample_seed": "\(samples.seed)", "sample_classes": classes.map { $0.map(String.init).joined(separator: ",") } ?? "any",
        ], folder)
    }

    private func checkpoint(_ samples: GeneratorSamples) throws -> String {
        if samples.run.hasSuffix(".h5") { return samples.run }
        let folder = try RunFolder(samples.run, creating: false), steps = folder.checkpointedSteps
        if samples.checkpoint == "best" { return folder.best }
        let wanted = samples.checkpoint.map { Int($0) ?? -1 } ?? steps.last
        guard let wanted, steps.contains(wanted) else {
            throw TrainingError.run(folder: samples.run, reason: "has no checkpoint \(samples.checkpoint ?? "yet"); there are: \((["best"] + steps.map(String.init)).joined(separator: ", "))")
        }
        return folder.checkpoint(wanted)
    }
}

/// Why a case has no numbers.
struct MeasuringFailure: Error { let problem: Problem }
