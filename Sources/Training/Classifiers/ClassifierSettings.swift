import Evaluation

/// What the weights of a classifier are a function of, besides its layers and the images.
public struct ClassifierSettings: Hashable, Sendable {
    /// How often every training image is seen.
    public var epochs = 20
    /// Images in one step.
    public var batchSize = 64
    /// Step size at its highest: it rises over the first twentieth of all steps and falls to 0 along a cosine.
    public var rate = 2e-3
    /// AdamW's pull of every weight towards 0.
    public var weightDecay = 0.01
    /// Share of each class that is kept from training, to measure the accuracy on.
    public var heldOut = 0.2
    /// Pixels by which images are moved at most; nil for a fourteenth of the side.
    public var shift: Int?
    /// Whether images are mirrored at random: not for what has a left and a right, such as digits and letters.
    public var mirrors = false
    /// Where all random numbers come from.
    public var seed = 0
    /// Height and width of the input; nil for the first image's longer side, 64 at most.
    public var side: Int?
    /// Channels of the input, 1 or 3; nil for the first image's.
    public var channels: Int?
    /// Channels of the first layers; the last have four times as many.
    public var width = 32

    /// The defaults.
    public init() {}

    /// Every setting by name.
    var text: String { (list + [("version", Version.current)]).map { "\($0)=\($1)" }.joined(separator: " ") }

    /// The settings as a run store keeps them.
    public var entries: [String: String] { Dictionary(uniqueKeysWithValues: list) }

    private var list: [(String, String)] {
        [
            ("epochs", "\(epochs)"), ("batchSize", "\(batchSize)"), ("rate", "\(rate)"), ("weightDecay", "\(weightDecay)"), ("heldOut", "\(heldOut)"),
            ("shift", shift.map { "\($0)" } ?? "side/14"), ("mirrors", "\(mirrors)"), ("seed", "\(seed)"),
        ]
    }

    /// - Throws: `badOption` for the first setting that cannot be.
    func check() throws(EvaluationError) {
        func require(_ isRight: Bool, _ name: String, _ value: some CustomStringConvertible, _ expected: String) throws(EvaluationError) {
            if !isRight { throw .badOption(name: name, value: value.description, expected: expected) }
        }
        try require(1...100_000 ~= epochs, "--epochs", epochs, "1 to 100000")
        try require(2...65_536 ~= batchSize, "--batch-size", batchSize, "2 to 65536: batch norm needs more than one image")
        try require(rate > 0 && rate <= 1, "--rate", rate, "a number above 0, at most 1")
        try require(heldOut > 0 && heldOut < 0.9, "--held-out", heldOut, "a share above 0 and below 0.9: without held-out images nobody knows what the network is worth")
        try require(shift.map { 0...1024 ~= $0 } ?? true, "--shift", shift ?? 0, "0 to 1024")
        try require(seed >= 0, "--seed", seed, "0 or more")
        try require(side.map { 4...1024 ~= $0 } ?? true, "--side", side ?? 0, "4 to 1024")
        try require(channels.map { $0 == 1 || $0 == 3 } ?? true, "--channels", channels ?? 0, "1 or 3")
        try require(1...1024 ~= width, "--width", width, "1 to 1024")
    }
}
