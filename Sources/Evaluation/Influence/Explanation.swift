/// What makes a Fréchet distance as large as it is, image by image.
public struct Explanation {
    /// A generated image.
    public struct Generated: Sendable, Equatable {
        /// By how much the distance falls when the image is removed: above zero where it pushes the distance up.
        public let influence: Double
        /// The part of `influence` that is owed to the mean; the rest is owed to the covariance.
        public let meanPart: Double
        /// The nearest real image and how far away it is.
        public let nearest: Int, distance: Double
        /// Its own class where the generated set has classes, else that of its nearest real image; nil where the real set has none either.
        public let className: String?
    }

    /// A real image.
    public struct Real: Sendable, Equatable {
        /// The distance to the nearest generated image, over the distance to the k-th nearest other real image.
        public let ratio: Double
        /// Whether the distance is below that radius.
        public let isCovered: Bool
        /// The nearest generated image and how far away it is.
        public let nearest: Int, distance: Double
        /// The distance to the k-th nearest other real image.
        public let radius: Double
        /// Its class; nil where the set has none.
        public let className: String?
    }

    /// What holds of a class.
    public struct Class: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its real images, and how many of them are covered.
        public let realCount: Int, coveredCount: Int
        /// Generated images of the class (see ``Generated/className``), and what their influences add up to.
        public let fakeCount: Int, influence: Double
    }

    /// How the distance is called: `FID`, `FID (efficientnet-lite0)`.
    public let title: String
    /// The distance with all images.
    public let distance: FrechetDistance
    /// In the set's order.
    public let generated: [Generated]
    /// In the set's order.
    public let real: [Real]
    /// In the order of the real set's class names, then those that only generated images have; empty where there are none.
    public let classes: [Class]
    /// Neighbours that make a real image's radius.
    public let neighbours: Int
    /// What the reader must know, one line each.
    public let notes: [String]
    /// Everything that decides the numbers.
    public let identity: FeatureIdentity
    let sets: (real: PreparedSet, fake: PreparedSet)

    /// Explains the distance between two sets under a protocol's conventions.
    /// - Throws: `wrongFile` where only statistics of a set are at hand; as ``FrechetLeaveOneOut`` and ``RealCoverage``.
    public init(real realSet: PreparedSet, fake fakeSet: PreparedSet, under proto: EvaluationProtocol, neighbours: Int = 5) throws(EvaluationError) {
        let reals = try realSet.rows(for: "an explanation"), fakes = try fakeSet.rows(for: "an explanation"), convention = proto.frechet.convention
        guard reals.dimension == fakes.dimension else { throw .dimensionMismatch(first: reals.dimension, second: fakes.dimension) }
        let coverage: RealCoverage, leaveOneOut: FrechetLeaveOneOut
        do {
            leaveOneOut = try FrechetLeaveOneOut(real: realSet.summary(convention), fake: fakeSet.summary(convention), convention: convention)
            coverage = try RealCoverage(real: reals, fake: fakes, neighbours: neighbours)
        } catch { throw error.naming(real: realSet.path, fake: fakeSet.path) }
        let nearest = try NearestImages(of: fakes, in: reals)
        let realClasses = realSet.labels.map { labels in labels.labels.map { labels.classNames[$0] } }
        let fakeClasses = fakeSet.labels.map { labels in labels.labels.map { labels.classNames[$0] } } ?? realClasses.map { classes in nearest.indices.map { classes[$0] } }
        var generated: [Generated] = []
        try fakes.forEachBatch { rows in
            for removal in leaveOneOut(rows) {
                let image = generated.count
                generated.append(Generated(
                    influence: -removal.change, meanPart: -removal.meanTerm, nearest: nearest.indices[image], distance: nearest.distance(image), className: fakeClasses?[image]))
            }
        }
        let real = (0..<reals.count).map { image in
            Real(ratio: coverage.ratio(image), isCovered: coverage.isCovered(image), nearest: coverage.nearest.indices[image], distance: coverage.nearest.distance(image),
                 radius: coverage.radii[image], className: realClasses?[image])
        }
        (self.generated, self.real, distance, self.neighbours, sets) = (generated, real, leaveOneOut.distance, neighbours, (realSet, fakeSet))
        classes = Self.classes(real, generated, order: (realSet.labels?.classNames ?? []) + (fakeSet.labels?.classNames ?? []))
        var identity = fakeSet.identity ?? FeatureIdentity()
        for name in ["images_sha256", "names_sha256", "logits"] { identity[name] = nil }
        identity["fake_images_sha256"] = fakeSet.identity?["images_sha256"]
        identity["real_images_sha256"] = realSet.identity?["images_sha256"]
        identity["protocol"] = proto.name
        (self.identity, title) = (identity, identity.title(FrechetMetric().about))
        notes = realSet.notes + fakeSet.notes
    }

    private static func classes(_ real: [Real], _ generated: [Generated], order: [String]) -> [Class] {
        var names: [String] = []
        for name in order where !names.contains(name) { names.append(name) }
        let reals = Dictionary(grouping: real) { $0.className }, fakes = Dictionary(grouping: generated) { $0.className }
        return names.map { name in
            let own = reals[name] ?? [], made = fakes[name] ?? []
            return Class(name: name, realCount: own.count, coveredCount: own.count { $0.isCovered }, fakeCount: made.count, influence: made.reduce(0) { $0 + $1.influence })
        }
    }

    /// Generated images by influence, those first that push the distance up most.
    public var worst: [Int] { generated.indices.sorted { (generated[$0].influence, $1) > (generated[$1].influence, $0) } }

    /// Real images by the ratio that says how little they are covered, the least covered first.
    public var leastCovered: [Int] { real.indices.sorted { (real[$0].ratio, $1) > (real[$1].ratio, $0) } }
}

extension FeatureRows {
    /// Gives the features batch by batch, in order.
    func forEachBatch(_ body: ([Float]) throws(EvaluationError) -> Void) throws(EvaluationError) {
        let batch = 2048
        for start in stride(from: 0, to: count, by: batch) { try body(withRows(start..<min(start + batch, count)) { Array($0) }) }
    }
}
