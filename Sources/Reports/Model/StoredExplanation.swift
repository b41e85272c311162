/// Influence of single images as `gan-eval explain --json` wrote it.
public struct StoredExplanation: Hashable, Sendable, Decodable {
    /// A generated image.
    public struct Generated: Hashable, Sendable, Decodable {
        /// Its name, its class or that of its nearest real image.
        public var name: String, `class`: String?
        /// By how much the distance falls without it.
        public var influence: Double
        /// Its nearest real image.
        public var nearest_real: String
    }

    /// A real image.
    public struct Real: Hashable, Sendable, Decodable {
        /// Its name and class.
        public var name: String, `class`: String?
        /// Whether a generated image is as near as its neighbours.
        public var covered: Bool
        /// Distance to the nearest generated image over the radius; nil where infinite.
        public var ratio: Double?
        /// The nearest generated image.
        public var nearest_generated: String
    }

    /// Images of one class.
    public struct Class: Hashable, Sendable, Decodable {
        /// Its name.
        public var name: String
        /// Numbers of real images, of those covered, and of generated ones.
        public var real: Int, covered: Int, generated: Int
        /// The sum of the generated images' influence.
        public var influence: Double
    }

    /// How a table calls the distance.
    public var title: String
    /// The distance.
    public var fid: Double
    /// Generated images, real images, classes.
    public var generated: [Generated], real: [Real], classes: [Class]
    /// Everything that decides the numbers.
    public var identity: [String: String]
    /// What the reader must know.
    public var warnings: [String]
    /// Where it came from.
    public var source = Source("")
    /// Grids of images, found beside the file.
    public var pictures: [Picture] = []

    private enum CodingKeys: String, CodingKey { case title, fid, generated, real, classes, identity, warnings }

    /// Generated images from the one whose absence would lower the distance most.
    var worst: [Generated] { generated.sorted { ($1.influence, $0.name) < ($0.influence, $1.name) } }
    /// Real images from the one that is farthest from every generated image.
    var leastCovered: [Real] { real.sorted { ($1.ratio ?? .infinity, $0.name) < ($0.ratio ?? .infinity, $1.name) } }
}
