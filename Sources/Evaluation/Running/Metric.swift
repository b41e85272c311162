import FeatureNetworks

/// A measure of one set of images or of several. Adding one is a file and a line in `MetricCatalog.all`.
public protocol Metric: Sendable {
    /// What `gan-eval metrics` says of it and what it has to be given.
    var about: MetricDescription { get }
    /// Says what it will want of the work that metrics share, before the first of them computes, so that one pass can serve all. Nothing by default.
    /// - Throws: ``EvaluationError``.
    func announce(to sets: EvaluatedSets) throws(EvaluationError)
    /// Computes it under a protocol's conventions.
    /// - Throws: ``EvaluationError``.
    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult
}

extension Metric {
    /// Key on the command line and in machine-readable output.
    public var name: String { about.name }

    /// Nothing.
    public func announce(to sets: EvaluatedSets) throws(EvaluationError) {}
}

/// What a metric is called, needs and costs.
public struct MetricDescription: Sendable {
    /// Which way is better.
    public enum Better: String, Sendable {
        /// A distance or an error.
        case smaller
        /// A score.
        case larger
        /// Neither: the value of real images is the aim.
        case asReal = "as real images"
    }

    /// Key on the command line and in machine-readable output: lower case with hyphens.
    public let name: String
    /// How tables call it when the network is the one its papers use.
    public let title: String
    /// One line: what it tells.
    public let summary: String
    /// What it has to be given.
    public let needs: MetricNeeds
    /// Which way is better.
    public let better: Better
    /// How its time grows: N images, d features, C classes, k what the metric calls so.
    public let cost: String
    /// Where it was proposed.
    public let paper: String
    /// The network and the tap that its papers use.
    public let usualFeatures: (network: String, tap: String)
    /// How tables call it at other taps of that network, where it has a name of its own there.
    public let readings: [String: String]

    /// A description; `usualFeatures` are FID's unless others are named.
    public init(
        _ name: String, _ title: String, _ summary: String, needs: MetricNeeds, better: Better, cost: String, paper: String,
        usualFeatures: (network: String, tap: String) = ("inception-v3", "2048"), readings: [String: String] = [:]
    ) {
        (self.name, self.title, self.summary, self.needs, self.better) = (name, title, summary, needs, better)
        (self.cost, self.paper, self.usualFeatures, self.readings) = (cost, paper, usualFeatures, readings)
    }
}

extension MetricDescription {
    /// Everything, a line each.
    public var text: String {
        """
        \(name): \(title)
          tells   \(summary)
          needs   \(needs.text)
          better  \(better.rawValue)
          cost    \(cost)
          network \(needs.isDisjoint(with: MetricNeeds.network) ? "none" : "\(usualFeatures.network), tap \(usualFeatures.tap), in its papers; any here")
          paper   \(paper)
        """
    }
}

/// What a metric has to be given beside the generated set.
public struct MetricNeeds: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int
    /// Needs of these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Real images.
    public static let real = MetricNeeds(rawValue: 1)
    /// A mean and a covariance of features, which statistics files have.
    public static let moments = MetricNeeds(rawValue: 2)
    /// The features of every image.
    public static let features = MetricNeeds(rawValue: 4)
    /// Class scores of the generated images.
    public static let scores = MetricNeeds(rawValue: 8)
    /// Class scores of the real images.
    public static let realScores = MetricNeeds(rawValue: 16)
    /// The classes of the images of both sets.
    public static let labels = MetricNeeds(rawValue: 32)
    /// The images themselves.
    public static let images = MetricNeeds(rawValue: 64)
    /// The images that the generator was trained on, beside real ones that it has not seen.
    public static let training = MetricNeeds(rawValue: 128)

    /// What comes out of a feature network.
    static let network: MetricNeeds = [.moments, .features, .scores, .realScores]

    /// For people, in a fixed order.
    public var text: String {
        let names: [(MetricNeeds, String)] = [
            (.real, "real"), (.moments, "moments"), (.features, "features"), (.scores, "scores"), (.realScores, "real scores"), (.labels, "labels"), (.images, "images"),
            (.training, "training set"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}
