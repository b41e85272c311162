/// A search for copies as `gan-eval copies --json` wrote it.
public struct StoredCopies: Hashable, Sendable, Decodable {
    /// Numbers of images.
    public struct Counts: Hashable, Sendable, Decodable {
        /// Generated, training and held-out images.
        public var generated: Int, training: Int, held_out: Int?
    }

    /// A generated image and its nearest training image.
    public struct Pair: Hashable, Sendable, Decodable {
        /// The two.
        public var name: String, nearest_training: String
        /// How far they are from each other, and the training image from its nearest other.
        public var distance: Double, training_distance: Double
        /// Whether the generated image is farther from the training image than that image's nearest other.
        public var authentic: Bool
    }

    /// Numbers of images.
    public var counts: Counts
    /// Generated images with the features, or the pixels, of a training image.
    public var identical: Int, identical_pixels: Int?
    /// The distance that counts as near, how many generated images are, and the interval of their share.
    public var near_threshold: Double, near: Int, near_interval: [Double?]
    /// How many held-out images are near.
    public var held_out_near: Int?
    /// Per cent of authentic images; the data-copying statistic.
    public var authpct: Double, ct: Double?
    /// Each generated image with its nearest training image.
    public var images: [Pair]
    /// Everything that decides the numbers.
    public var identity: [String: String]
    /// What the reader must know.
    public var warnings: [String]
    /// Where it came from.
    public var source = Source("")
    /// Grids of pairs, found beside the file.
    public var pictures: [Picture] = []

    private enum CodingKeys: String, CodingKey {
        case counts, identical, identical_pixels, near_threshold, near, near_interval, held_out_near, authpct, ct, images, identity, warnings
    }

    /// From the nearest pair.
    var closest: [Pair] { images.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) } }
}
