/// Looks for copies: generated images that repeat training images, or each other.
public struct CopySearch: Sendable {
    /// Which fraction of the training images' own nearest neighbours is nearer than what counts as near.
    public var nearFraction = 0.01
    /// Width and height at which pixels are compared; nil leaves them out.
    public var pixelSide: Int? = 32
    /// Threads that decode images for the comparison of pixels.
    public var workers = 2
    /// Fraction of repetitions that intervals cover.
    public var confidence = 0.95
    /// The seed of the data-copying test's k-means.
    public var seed: UInt32 = 2020

    /// A search with these settings.
    public init() {}

    /// Whether the settings make sense; asked before hours of extraction, not after.
    /// - Throws: `badOption`.
    public func check() throws(EvaluationError) {
        for (name, value) in [("--near", nearFraction), ("--confidence", confidence)] where !(0 < value && value < 1) {
            throw .badOption(name: name, value: "\(value)", expected: "a number between 0 and 1")
        }
        if let pixelSide, !(1...256).contains(pixelSide) { throw .badOption(name: "--pixels", value: "\(pixelSide)", expected: "a number from 1 to 256, or 0 for none") }
    }

    /// Searches.
    /// - Parameter heldOut: Real images that the generator was not trained on, for the data-copying test and as a measure of what a generator that does not copy would show.
    /// - Throws: `badOption`; `wrongFile` where only statistics of a set are at hand or it has too few images; what reading throws.
    public func callAsFunction(_ fakeSet: PreparedSet, training trainingSet: PreparedSet, heldOut heldOutSet: PreparedSet?) throws -> CopyReport {
        try check()
        let sets = [fakeSet, trainingSet] + (heldOutSet.map { [$0] } ?? [])
        let rows = try sets.map { set throws(EvaluationError) in
            let rows = try set.rows(for: "a search for copies")
            guard rows.count >= Self.fewestImages else { throw .wrongFile(path: set.path, expected: "at least \(Self.fewestImages) images for a search for copies", found: "\(rows.count)") }
            return rows
        }
        let (fake, training) = (rows[0], rows[1])
        let withinTraining = try NearestImages(within: training), nearest = try NearestImages(of: fake, in: training)
        let threshold = Self.quantile(withinTraining.squaredDistances, nearFraction)
        var heldOut: CopyReport.HeldOut?
        if heldOutSet != nil {
            var test = DataCopyingTest()
            test.seed = seed
            let distances = try NearestImages(of: rows[2], in: training).squaredDistances
            heldOut = CopyReport.HeldOut(
                count: rows[2].count, nearCount: distances.count { $0 <= threshold }, test: try test(training: training, heldOut: rows[2], fake: fake))
        }
        func support(_ set: FeatureRows) throws(EvaluationError) -> CopyReport.Repetition {
            let pairs = try ClosePairs(in: set, squaredThreshold: threshold)
            return CopyReport.Repetition(identicalPairs: pairs.identical, support: SupportSize(images: set.count, duplicates: pairs.count, confidence: confidence))
        }
        return CopyReport(
            sets: (fakeSet, trainingSet, heldOutSet), settings: self, squaredThreshold: threshold, nearest: nearest, withinTraining: withinTraining, withinFake: try NearestImages(within: fake),
            authenticity: Authenticity(nearest: nearest, withinTraining: withinTraining), repetition: (try support(fake), try support(training)), heldOut: heldOut,
            pixels: try pixels(fakeSet, trainingSet))
    }

    /// Fewer have no quantiles worth the name.
    private static let fewestImages = 10

    /// The smallest value that at least this fraction of all is no larger than.
    private static func quantile(_ values: [Double], _ fraction: Double) -> Double {
        values.sorted()[min(values.count, max(1, Int((fraction * Double(values.count)).rounded(.up)))) - 1]
    }

    private func pixels(_ fake: PreparedSet, _ training: PreparedSet) throws -> CopyReport.Pixels? {
        guard let side = pixelSide, let made = fake.input.images, let trained = training.input.images else { return nil }
        let a = try PixelRows(made, side: side, workers: workers), b = try PixelRows(trained, side: side, workers: workers)
        let nearest = try NearestImages(of: .memory(a.rows), in: .memory(b.rows))
        return CopyReport.Pixels(side: side, nearest: nearest, greyLevels: nearest.squaredDistances.map(a.greyLevels))
    }
}
