/// What a metric is computed from: the sets of one evaluation, its conventions, and what other metrics computed already.
public struct EvaluatedSets {
    /// Generated images.
    public let fake: MetricInput
    /// Conventions.
    public let proto: EvaluationProtocol
    /// Fraction of repetitions that intervals cover.
    public let confidence: Double
    /// What other metrics of the same evaluation may have computed already.
    public let work: SharedWork
    private let realOrNone: MetricInput?, trainingOrNone: MetricInput?

    /// Sets; `real` and `training` may be left out where no metric needs them.
    public init(real: MetricInput? = nil, fake: MetricInput, training: MetricInput? = nil, under proto: EvaluationProtocol, confidence: Double = 0.95, sharing work: SharedWork = SharedWork()) {
        (realOrNone, self.fake, trainingOrNone, self.proto, self.confidence, self.work) = (real, fake, training, proto, confidence, work)
    }

    /// Real images.
    /// - Throws: `setNeeded` where there are none.
    public func real(for metric: String) throws(EvaluationError) -> MetricInput {
        guard let realOrNone else { throw .setNeeded(metric: metric, set: "real") }
        return realOrNone
    }

    /// The images that the generator was trained on.
    /// - Throws: `setNeeded` where there are none.
    public func training(for metric: String) throws(EvaluationError) -> MetricInput {
        guard let trainingOrNone else { throw .setNeeded(metric: metric, set: "training") }
        return trainingOrNone
    }
}

/// What several metrics of one evaluation need: computed by the first, kept for the others, one value of each type.
public final class SharedWork {
    private var kept: [ObjectIdentifier: Any] = [:]

    /// Nothing yet.
    public init() {}

    /// The value of this type, made when it is first asked for.
    func value<Value>(_ make: () throws(EvaluationError) -> Value) throws(EvaluationError) -> Value {
        if let found = kept[ObjectIdentifier(Value.self)] as? Value { return found }
        let value = try make()
        kept[ObjectIdentifier(Value.self)] = value
        return value
    }
}
