import Datasets
import FeatureNetworks
import Weights

/// Computes metrics: features once, metrics after.
public struct Evaluator {
    /// The network; nil when every input already is features or statistics.
    private let network: () throws -> LoadedNetwork
    /// Conventions.
    let proto: EvaluationProtocol
    /// How images are run through the network.
    public var options = ExtractionOptions()
    /// Fraction of repetitions that intervals cover.
    public var confidence = 0.95
    /// Tells the standard errors, and where there is none the intervals, of metrics that it is for; none by default, as it computes each of them once for each group.
    public var jackknife: GroupJackknife?
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
        /// Tells sets apart that do not say of which images they are: the digest of their numbers.
        var digest: String?
        /// Keeps temporary files for as long as they are read.
        var owner: ExtractedFeatures?
    }

    /// Evaluates `metrics` on a generated set and the sets that they need beside it.
    /// - Parameter training: What the generator was trained on, for metrics of memorisation; the real images are then some that it has not seen.
    /// - Throws: what opening, extraction and the metrics throw; `identityMismatch` for inputs made under different settings.
    public func evaluate(_ metrics: [any Metric], real: EvaluationInput?, fake: EvaluationInput, training: EvaluationInput? = nil) throws -> EvaluationReport {
        guard 0 < confidence, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        // Before hours of extraction, not after.
        for metric in metrics { try check(metric, real, fake, training) }
        let needs = metrics.reduce(into: MetricNeeds()) { $0.formUnion($1.about.needs) }
        let extracts = !needs.isDisjoint(with: MetricNeeds.network)
        let loaded = try extracts && [real, fake, training].contains(where: needsNetwork) ? network() : nil
        var warnings: [String] = []
        for set in [real, training].compactMap(\.self) where extracts { warnings += try compare(settings(of: set, loaded), settings(of: fake, loaded)) }
        let reals = try real.map { try prepare($0, "real", loaded, keepsLogits: needs.contains(.realScores)) }
        let fakes = try prepare(fake, "fake", loaded, keepsLogits: needs.contains(.scores))
        let trained = try training.map { try prepare($0, "training", loaded, keepsLogits: false) }
        warnings += [reals, fakes, trained].compactMap { $0?.owner?.skippedNote($0?.path ?? "") }
        let sets = EvaluatedSets(real: reals?.input, fake: fakes.input, training: trained?.input, under: proto, confidence: confidence)
        var results: [MetricResult] = []
        do throws(EvaluationError) {
            for metric in metrics { try metric.announce(to: sets) }
            for metric in metrics { results.append(try metric.evaluate(sets)) }
            warnings += try addJackknife(to: &results, of: metrics, sets, real: reals?.input)
        } catch EvaluationError.cancelled { throw EvaluationError.cancelled(isKept: options.cache != nil) } catch { throw error.naming(real: reals?.path, fake: fakes.path) }
        var identity = fakes.identity ?? reals?.identity ?? FeatureIdentity()
        identity["fake_images_sha256"] = fakes.identity?["images_sha256"]
        identity["real_images_sha256"] = reals?.identity?["images_sha256"]
        identity["training_images_sha256"] = trained?.identity?["images_sha256"]
        for (name, set) in [("real", reals), ("fake", fakes), ("training", trained)] { identity["\(name)_numbers_sha256"] = set?.digest }
        for name in ["images_sha256", "names_sha256"] { identity[name] = nil }
        // Scores that were merely kept beside the features decide nothing here.
        if needs.isDisjoint(with: [.scores, .realScores]) { identity["logits"] = nil }
        identity["protocol"] = proto.name
        identity["seed"] = String(proto.seed)
        let published = loaded?.isPublished ?? EvaluationReport.isPublished(identity)
        return EvaluationReport(results: results, titles: metrics.map { identity.title($0.about, published: published) }, identity: identity,
                                realCount: reals?.input.count, fakeCount: fakes.input.count, warnings: warnings,
                                timing: [reals, fakes, trained].reduce(.zero) { $0 + ($1?.owner?.timing ?? .zero) })
    }

    /// - Returns: Why metrics have no interval that were to get one.
    private func addJackknife(to results: inout [MetricResult], of metrics: [any Metric], _ sets: EvaluatedSets, real: MetricInput?) throws(EvaluationError) -> [String] {
        guard let jackknife else { return [] }
        var open: [Int] = [], reasons: [(metric: String, reason: String)] = []
        for (index, metric) in metrics.enumerated() where jackknife.completesOthers ? GroupJackknife.isFor(metric) : results[index].standardError == nil {
            if !jackknife.completesOthers, let reason = jackknife.obstacle(to: metric, results[index]) { reasons.append((metric.name, reason)) } else { open.append(index) }
        }
        if case .features(let file) = sets.fake.content, !open.isEmpty {
            let estimates = try jackknife.estimates(
                of: open.map { metrics[$0] }, open.map { results[$0] }, sets, real: real, fake: file,
                progress: { progress("jackknife", $0, jackknife.groups) }, isCancelled: isCancelled)
            progress("jackknife", jackknife.groups, jackknife.groups)
            for (index, estimate) in zip(open, estimates) {
                switch estimate {
                case .error(let error): results[index].add(jackknife, standardError: error, confidence)
                case .none(let reason): reasons.append((results[index].metric, reason))
                }
            }
        } else {
            reasons += open.map { (metrics[$0].name, "the features of every generated image are needed") }
        }
        return reasons.map { "no interval of \($0.metric) by a jackknife: \($0.reason)" }
    }

    /// Whether a metric is given what it needs.
    private func check(_ metric: any Metric, _ real: EvaluationInput?, _ fake: EvaluationInput, _ training: EvaluationInput?) throws(EvaluationError) {
        let needs = metric.about.needs
        if needs.contains(.real) && real == nil { throw .setNeeded(metric: metric.name, set: "real") }
        if needs.contains(.training) && training == nil { throw .setNeeded(metric: metric.name, set: "training") }
        for input in [real, fake, training].compactMap(\.self) {
            if needs.contains(.images), !input.hasImages { throw .imagesNeeded(metric: metric.name) }
            if needs.contains(.features), !input.hasFeatures { throw .featuresNeeded(metric: metric.name) }
        }
        for input in [needs.contains(.real) ? real : nil, fake].compactMap(\.self) where needs.contains(.labels) {
            guard input.hasLabels else { throw .labelsNeeded(metric: metric.name) }
        }
    }

    /// Features of one set, for `gan-eval features` and `gan-eval statistics`.
    public func extract(_ source: ImageSource, named name: String, keepsLogits: Bool) throws -> ExtractedFeatures {
        var options = options
        options.keepsLogits = keepsLogits
        return try FeatureExtractor(network(), proto).extract(source, options, progress: { progress(name, $0, $1) }, isCancelled: isCancelled)
    }

    private func needsNetwork(_ input: EvaluationInput?) -> Bool { input?.hasImages ?? false }

    /// - Parameter loaded: nil where no metric needs features.
    private func prepare(_ input: EvaluationInput, _ name: String, _ loaded: LoadedNetwork?, keepsLogits: Bool) throws -> Prepared {
        switch input {
        case let .features(file):
            try proto.expect(file.identity, of: file.path)
            let digest = file.identity["images_sha256"] == nil ? try FileDigest.sha256(file.path) : nil
            return Prepared(input: MetricInput(.features(file), labels: file.labels), identity: file.identity, path: file.path, digest: digest)
        case let .statistics(file):
            try proto.expect(file.identity, of: name)
            let digest = file.identity["images_sha256"] == nil ? try file.moments.statistics(.unbiased).digest : nil
            return Prepared(input: MetricInput(.moments(file.moments)), identity: file.identity, path: name, digest: digest)
        case let .foreignStatistics(file): return Prepared(input: MetricInput(.statistics(file.statistics)), identity: nil, path: name, digest: file.statistics.digest)
        case let .images(source):
            guard let loaded else {
                let positions = Array(0..<source.count)
                let labels = try source.classNames.map { names throws(EvaluationError) in try ImageLabels(positions.compactMap(source.label), classNames: names) }
                var identity = FeatureIdentity(["version": Version.current])
                identity["images_sha256"] = try FeatureExtractor.digest(of: source, options)
                return Prepared(input: MetricInput(.images, labels: labels, images: .init(source: source, positions: positions)), identity: identity, path: source.path)
            }
            var options = options
            options.keepsLogits = keepsLogits
            let extracted = try FeatureExtractor(loaded, proto).extract(source, options, progress: { progress(name, $0, $1) }, isCancelled: isCancelled)
            let input = MetricInput(.features(extracted.file), labels: try extracted.labels(from: source), images: .init(source: source, positions: extracted.images))
            return Prepared(input: input, identity: extracted.file.identity, path: source.path, owner: extracted)
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
        if let name = real.decisiveDifferences(from: fake).first { throw .identityMismatch(name: name, first: real[name] ?? "unknown", second: fake[name] ?? "unknown") }
        return []
    }
}
