/// What a search for copies found.
public struct CopyReport {
    /// What real images that the generator has not seen show.
    public struct HeldOut: Sendable {
        /// How many there are, and how many are as near to a training image as the threshold.
        public let count: Int, nearCount: Int
        /// The data-copying test.
        public let test: DataCopyingTest.Outcome
    }

    /// How often a set repeats itself.
    public struct Repetition: Sendable {
        /// Pairs with equal features.
        public let identicalPairs: Int
        /// What the pairs within the threshold say of the number of different images.
        public let support: SupportSize
    }

    /// The nearest training images by their pixels.
    public struct Pixels: Sendable {
        /// Width and height at which they were compared.
        public let side: Int
        /// The nearest training image of each generated one.
        public let nearest: NearestImages
        /// Root mean square difference from it, of 255.
        public let greyLevels: [Double]
    }

    let sets: (fake: PreparedSet, training: PreparedSet, heldOut: PreparedSet?)
    let settings: CopySearch
    let squaredThreshold: Double
    /// The nearest training image of each generated one, by features.
    public let nearest: NearestImages
    /// The nearest other training image of each training image.
    public let withinTraining: NearestImages
    /// The nearest other generated image of each generated one.
    public let withinFake: NearestImages
    /// Which generated images are authentic.
    public let authenticity: Authenticity
    /// How often the generated and the training set repeat themselves.
    public let repetition: (fake: Repetition, training: Repetition)
    /// Nil without held-out images.
    public let heldOut: HeldOut?
    /// Nil where a set's images are not at hand or pixels were not asked for.
    public let pixels: Pixels?

    /// Distances up to this one count as near.
    public var threshold: Double { squaredThreshold.squareRoot() }
    /// Generated images as near to a training image as the threshold.
    public var nearCount: Int { nearest.squaredDistances.count { $0 <= squaredThreshold } }
    /// Generated images with the features of a training image.
    public var identicalCount: Int { nearest.squaredDistances.count { $0 == 0 } }
    /// Generated images with a training image's pixels, at the size at which they were compared; nil where they were not.
    public var identicalPixelCount: Int? { pixels.map { $0.nearest.squaredDistances.count { $0 == 0 } } }
    /// The interval of the share of near copies.
    public var nearInterval: ConfidenceInterval { Self.interval(nearCount, nearest.indices.count, settings.confidence) }

    static func interval(_ count: Int, _ all: Int, _ confidence: Double) -> ConfidenceInterval {
        ConfidenceInterval(share: Double(count) / Double(all), count: all, confidence: confidence)
    }

    /// Generated images, the nearest to a training image by features first.
    public var closest: [Int] { nearest.indices.indices.sorted { (nearest.squaredDistances[$0], $0) < (nearest.squaredDistances[$1], $1) } }

    /// Pairs of generated images that are each other's or one's nearest, the closest first, each pair once.
    public var closestPairs: [(first: Int, second: Int)] {
        let order = withinFake.indices.indices.sorted { (withinFake.squaredDistances[$0], $0) < (withinFake.squaredDistances[$1], $1) }
        return order.compactMap { image in
            let other = withinFake.indices[image]
            // Of two that name each other the smaller number speaks.
            return withinFake.indices[other] == image && other < image ? nil : (image, other)
        }
    }
}
