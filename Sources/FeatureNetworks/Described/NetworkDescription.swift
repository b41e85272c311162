import Weights

/// A feature network by its layers, instead of in code: what a `.yaml` file beside a weights file says, and what `gan-eval networks train` writes.
///
/// It becomes a network as a ``DescribedNetwork``. The format is in `Documentation/Domain networks.md`.
public struct NetworkDescription: Sendable {
    /// Name in identities and titles.
    public var name: String
    /// Height and width of the input.
    public var side: Int
    /// Channels of the input: 3, or 1 for the luma of ITU-R 601-2.
    public var channels: Int
    /// `(x / 255 − mean) / deviation`; one number for each channel.
    public var mean: [Double]
    /// See ``mean``.
    public var deviation: [Double]
    /// The layers, first to last, with taps between them.
    public var layers: [LayerDescription]
    /// The tap that is meant when none is named.
    public var features: String
    /// The tap that holds class scores; nil for a network without.
    public var classes: String?
    /// What the class scores stand for, in their order; nil where that is not known.
    public var classNames: [String]?
    /// The weights file, seen from the description's folder; nil for layers that are still to be trained.
    public var weights: String?
    /// SHA-256 that the weights file must have; nil takes any that fits.
    public var weightsDigest: String?
    /// What else there is to say, for people: data, accuracy.
    public var notes: [(name: String, text: String)]
    /// The file it was read from, for errors and as the place that ``weights`` is seen from.
    public internal(set) var file: String

    /// A description in memory.
    public init(name: String, side: Int, channels: Int, mean: [Double], deviation: [Double], layers: [LayerDescription], features: String, classes: String? = nil, classNames: [String]? = nil) {
        precondition(mean.count == channels && deviation.count == channels, "\(mean) and \(deviation) for \(channels) channels")
        (self.name, self.side, self.channels, self.mean, self.deviation, self.layers) = (name, side, channels, mean, deviation, layers)
        (self.features, self.classes, self.classNames, notes, file) = (features, classes, classNames, [], name)
    }

    /// Where the weights are; nil where the description names none.
    public var weightsPath: String? {
        weights.map { weights in
            guard !weights.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return weights }
            return file[...slash] + weights
        }
    }

    /// Makes sure that the weights are there, and those that are meant.
    /// - Throws: ``FeatureNetworkError`` for a description without weights; `WeightsError` for a file that is missing or another than the description says.
    public func checkWeights() throws {
        guard let path = weightsPath else { throw problem("names no weights: add 'weights: FILE', or train the layers with 'gan-eval networks train DATA --layers \(file)'") }
        let found = try FileDigest.sha256(path)
        guard let weightsDigest, weightsDigest != found else { return }
        throw WeightsError(.wrongDigest, file: path, expected: "SHA-256 \(weightsDigest), as \(file) says", found: "\(found): the weights were changed; train or download them again")
    }

    /// SHA-256 of everything besides the weights that decides the numbers, every usual value written out. Names of the network and its classes, and notes, are no part of it.
    public var digest: String {
        func text(_ layers: [LayerDescription]) -> String {
            layers.map { layer in
                let numbers = layer.kind.options.map { "\($0.name)=\(layer.numbers[$0.name] ?? .nan)" }
                let parts = layer.kind == .residual ? "[\(text(layer.body))][\(text(layer.shortcut))]" : ""
                return "\(layer.kind.rawValue) \((layer.name ?? "").debugDescription) \(numbers.joined(separator: ","))\(parts)"
            }.joined(separator: ";")
        }
        return FileDigest.sha256(Array("\(side) \(channels) \(mean) \(deviation) \(text(layers))".utf8))
    }

    /// An error about this description.
    func problem(_ reason: String, line: Int? = nil) -> FeatureNetworkError { .badDescription(file: file, line: line, reason: reason) }
}
