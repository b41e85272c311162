import Datasets
import FeatureNetworks

/// Computes metrics: features once, metrics after.
public struct Evaluator {
    /// The network; nil when every input already is features or statistics.
    private let network: () throws -> LoadedNetwork
    /// Conventions.
    private let proto: EvaluationProtocol
    /// How images are run through the network.
    public var options = ExtractionOptions()
    /// Fraction of repetitions that intervals cover.
    public var confidence = 0.95
    /// Called with the name of the set and the number of images done and of all.
    public var progress: (String, Int, Int) -> Void = { _, _, _ in }
    /// Asked after each batch.
    public var isCancelled: () -> Bool = { false }

    /// An evaluator; `network` is called only when an input has to be extracted.
    public init(_ proto: EvaluationProtocol, network: @escaping () throws -> LoadedNetwork) { (self.proto, self.network) = (proto, network) }

    /// One input after extraction.
    private struct Prepared {
        let input: MetricInput
        let identity: FeatureIdentity?
        let path: String
        /// Keeps temporary files for as long as they are read.
        var owner: ExtractedFeatures?
    }

    /// Evaluates `metrics` on a generated set and, where they need one, a real set.
    /// - Throws: what opening, extraction and the metrics throw; `identityMismatch` for inputs made under different settings.
    public func evaluate(_ metrics: [any Metric], real: EvaluationInput?, fake: EvaluationInput) throws -> EvaluationReport {
        guard 0 < confidence, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        let loaded = try needsNetwork(real) || needsNetwork(fake) ? network() : nil
        // Before hours of extraction, not after.
        var warnings = try real.map { try compare(settings(of: $0, loaded), settings(of: fake, loaded)) } ?? []
        let reals = try real.map { try prepare($0, "real", loaded, keepsLogits: false) }
        let fakes = try prepare(fake, "fake", loaded, keepsLogits: metrics.contains { $0.needsLogits })
        warnings += [reals, fakes].compactMap { $0?.owner?.skippedNote($0?.path ?? "") }
        var results: [MetricResult] = []
        let work = SharedWork()
        for metric in metrics {
            do throws(EvaluationError) {
                results.append(try metric.evaluate(real: metric.needsReal ? reals?.input : nil, fake: fakes.input, under: proto, confidence: confidence, sharing: work))
            } catch {
                throw error.naming(real: reals?.path, fake: fakes.path)
            }
        }
        var identity = fakes.identity ?? reals?.identity ?? FeatureIdentity()
        identity["fake_images_sha256"] = fakes.identity?["images_sha256"]
        identity["real_images_sha256"] = reals?.identity?["images_sha256"]
        for name in ["images_sha256", "names_sha256"] { identity[name] = nil }
        // Scores that were merely kept beside the features decide nothing here.
        if !metrics.contains(where: \.needsLogits) { identity["logits"] = nil }
        identity["protocol"] = proto.name
        identity["seed"] = String(proto.seed)
        let published = loaded?.isPublished ?? EvaluationReport.isPublished(identity)
        return EvaluationReport(results: results, titles: metrics.map { title($0, identity, published) }, identity: identity,
                                realCount: reals?.input.count, fakeCount: fakes.input.count, warnings: warnings,
                                timing: (reals?.owner?.timing ?? .zero) + (fakes.owner?.timing ?? .zero))
    }

    /// Features of one set, for `gan-eval features` and `gan-eval statistics`.
    public func extract(_ source: ImageSource, named name: String, keepsLogits: Bool) throws -> ExtractedFeatures {
        var options = options
        options.keepsLogits = keepsLogits
        return try FeatureExtractor(network(), proto).extract(source, options, progress: { progress(name, $0, $1) }, isCancelled: isCancelled)
    }

    private func needsNetwork(_ input: EvaluationInput?) -> Bool {
        if case .images = input { true } else { false }
    }

    private func prepare(_ input: EvaluationInput, _ name: String, _ loaded: LoadedNetwork?, keepsLogits: Bool) throws -> Prepared {
        switch input {
        case let .features(file): return Prepared(input: .features(file), identity: file.identity, path: file.path)
        case let .statistics(file): return Prepared(input: .moments(file.moments), identity: file.identity, path: name)
        case let .foreignStatistics(file): return Prepared(input: .statistics(file.statistics), identity: nil, path: name)
        case let .images(source):
            guard let loaded else { preconditionFailure("images without a network") }
            var options = options
            options.keepsLogits = keepsLogits
            let extracted = try FeatureExtractor(loaded, proto).extract(source, options, progress: { progress(name, $0, $1) }, isCancelled: isCancelled)
            return Prepared(input: .features(extracted.file), identity: extracted.file.identity, path: source.path, owner: extracted)
        }
    }

    /// What an input's features depend on, or will; nil where that cannot be known.
    private func settings(of input: EvaluationInput, _ loaded: LoadedNetwork?) throws -> FeatureIdentity? {
        switch input {
        case let .features(file): return file.identity
        case let .statistics(file): return file.identity
        case .foreignStatistics: return nil
        case .images: return try loaded.map { try FeatureExtractor($0, proto).identity(tap: options.tap) }
        }
    }

    /// Refuses inputs that are made differently; warns where that cannot be known.
    private func compare(_ real: FeatureIdentity?, _ fake: FeatureIdentity?) throws(EvaluationError) -> [String] {
        guard let real, let fake else { return ["statistics without an identity were made with a network and settings that cannot be checked"] }
        // What the images are, and whether class scores were kept beside them, may differ.
        let decisive = real.differences(from: fake).filter { !["images_sha256", "names_sha256", "logits", "version"].contains($0) }
        if let name = decisive.first { throw .identityMismatch(name: name, first: real[name] ?? "unknown", second: fake[name] ?? "unknown") }
        return []
    }

    /// Plain `FID` is the metric of the papers: their network with their weights, read at their tap. Anything else says which network it is.
    private func title(_ metric: any Metric, _ identity: FeatureIdentity, _ published: Bool) -> String {
        let network = identity["network"] ?? "unknown network", tap = identity["tap"] ?? ""
        guard network == metric.usualFeatures.network else { return "\(metric.title) (\(network))" }
        return published && tap == metric.usualFeatures.tap ? metric.title : "\(metric.title) (\(network)\(published ? " tap \(tap)" : ", unpublished weights"))"
    }
}
