import Evaluation

/// One metric as it was measured.
public struct MeasuredMetric: Sendable, Hashable {
    /// Its name in the catalogue.
    public var metric: String
    /// How tables call it.
    public var title: String
    /// Which way is better.
    public var better: MetricDescription.Better
    /// The value of real images, where that is what is best and is known.
    public var aim: Double?
    /// The number; of a baseline of several nights their mean.
    public var estimate: Estimate
    /// Of a baseline of several nights each night's number; empty for one night.
    public var nights: [Double] = []

    /// The number as what was agreed on.
    public var agreement: Agreement { Agreement(estimate, values: nights.isEmpty ? [estimate.value] : nights) }

    /// A measured metric.
    public init(_ metric: String, title: String, better: MetricDescription.Better, aim: Double? = nil, _ estimate: Estimate) {
        (self.metric, self.title, self.better, self.aim, self.estimate) = (metric, title, better, aim, estimate)
    }
}

/// One case as it was measured: its numbers, and everything that they depend on.
public struct MeasuredCase: Sendable, Hashable {
    /// The case's name.
    public var name: String
    /// Everything that decides the numbers, by name.
    public var identity: [String: String]
    /// Images in each set; nil where there is no such set or a statistics file does not say.
    public var realCount: Int?, fakeCount: Int?
    /// In the suite's order.
    public var metrics: [MeasuredMetric]
    /// What the reader must know.
    public var notes: [String] = []
    /// Of a baseline of several nights what tells each night's generated images from those of others, the oldest first; empty for one night.
    public var nights: [String] = []

    /// A measured case.
    public init(name: String, identity: [String: String], realCount: Int? = nil, fakeCount: Int? = nil, metrics: [MeasuredMetric], notes: [String] = []) {
        (self.name, self.identity, self.realCount, self.fakeCount, self.metrics, self.notes) = (name, identity, realCount, fakeCount, metrics, notes)
    }

    /// Tells one night's generated images from another's: the digest of the images, or of the numbers where the images are not known.
    public var generated: String {
        identity["fake_images_sha256"] ?? identity["fake_numbers_sha256"] ?? metrics.map { String($0.estimate.value.bitPattern, radix: 16) }.joined(separator: "-")
    }

    /// What tells the generated images of all its nights from those of others.
    public var allGenerated: [String] { nights.isEmpty ? [generated] : nights }

    /// The metric of this name.
    public subscript(metric: String) -> MeasuredMetric? { metrics.first { $0.metric == metric } }
}

/// What may differ between a night and the baseline, and what may not.
///
/// Everything decides unless it is listed here: an entry that a later version adds to identities makes numbers incomparable until somebody says otherwise.
public enum Comparability {
    /// What a night is free to change: the generated images, their names and the checkpoint that made them.
    static let free: Set<String> = ["fake_images_sha256", "fake_numbers_sha256", "names_sha256", "logits", "checkpoint_sha256", "checkpoint_step"]
    /// What may change but is said: other versions and kernels round differently, and a version may mend a metric.
    static let noted: Set<String> = ["version", "arithmetic"]
    /// The feature network.
    static let network: Set<String> = ["network", "weights_sha256", "architecture_sha256", "tap"]
    /// The real images.
    static let reference: Set<String> = ["real_images_sha256", "training_images_sha256", "real_numbers_sha256", "training_numbers_sha256"]

    /// What keeps a night from being compared with the baseline, and what is only said.
    public static func differences(_ baseline: MeasuredCase, _ tonight: MeasuredCase) -> (problems: [Problem], notes: [String]) {
        var problems: [Problem] = [], notes: [String] = []
        // Where one of the two looked at pictures only, what the other says of features is of metrics that the first has not.
        let hasFeatures = [baseline, tonight].map { $0.identity["network"] != nil }, isOneSided = hasFeatures[0] != hasFeatures[1]
        for name in Set(baseline.identity.keys).union(tonight.identity.keys).subtracting(free).sorted() where baseline.identity[name] != tonight.identity[name] {
            if isOneSided, (hasFeatures[0] ? tonight : baseline).identity[name] == nil { continue }
            let words = "\(name) was \(short(baseline.identity[name])), is \(short(tonight.identity[name]))"
            if noted.contains(name) {
                notes.append("\(tonight.name): \(words)")
            } else {
                let kind: Problem.Kind = network.contains(name) ? .changedWeights : reference.contains(name) ? .changedReference : .changedProtocol
                problems.append(Problem(kind, of: tonight.name, words))
            }
        }
        func count(_ number: Int?) -> String { number.map(String.init) ?? "unknown" }
        for (kind, set, was, isNow) in [(Problem.Kind.changedReference, "real", baseline.realCount, tonight.realCount), (.changedProtocol, "generated", baseline.fakeCount, tonight.fakeCount)] where was != isNow {
            problems.append(Problem(kind, of: tonight.name, "the number of \(set) images was \(count(was)), is \(count(isNow))"))
        }
        return (problems, notes)
    }

    /// Digests are as good in their first digits, for people.
    private static func short(_ value: String?) -> String {
        guard let value else { return "unknown" }
        return value.count == 64 && value.allSatisfy(\.isHexDigit) ? value.prefix(12) + "…" : value
    }
}
