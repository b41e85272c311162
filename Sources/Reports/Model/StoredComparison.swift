/// Two generated sets against one reference, as `gan-eval compare --json` wrote it.
public struct StoredComparison: Hashable, Sendable, Decodable {
    /// One metric.
    public struct Item: Hashable, Sendable, Decodable {
        /// Numbers of images.
        public struct Images: Hashable, Sendable, Decodable {
            /// Of each generated set, as many as were compared.
            public var first: Int, second: Int
        }

        /// The metric's key and how a table may call it.
        public var metric: String, title: String
        /// `first` or `second`, the better set; `different` where the sets are told apart but not which is better; `undecided`.
        public var verdict: String
        /// The two values, and the first minus the second.
        public var first: Double, second: Double, difference: Double
        /// Of the difference, with the reference counted once; nil where it could not be told.
        public var interval: [Double?], confidence: Double, standard_error: Double?
        /// That both sets are draws of one distribution, by a permutation test of so many exchanges.
        public var p_value: Double, exchanges: Int
        /// Numbers of images compared.
        public var images: Images
        /// What the reader must know.
        public var warnings: [String]

        /// The interval of the difference.
        var range: ClosedRange<Double>? {
            guard interval.count == 2, let low = interval[0], let high = interval[1], low <= high else { return nil }
            return low...high
        }

        /// The numbers in words: `FID 17.25 against 17.60, difference −0.35 [−0.9, 0.2] at 95 %, p = 0.08`.
        var words: String {
            let ends = range.map { " [\(Numeral.short($0.lowerBound)), \(Numeral.short($0.upperBound))] at \(Numeral.percent(confidence))" } ?? ""
            let values = verdict == "second" ? [second, first] : [first, second]
            return "\(title) \(Numeral.short(values[0])) against \(Numeral.short(values[1])), difference \(Numeral.short(difference))\(ends), \(chance)"
        }

        /// The permutation test's p-value, which cannot be less than its exchanges can show.
        var chance: String { p_value <= 1.0001 / Double(exchanges + 1) ? "p ≤ \(Numeral.significant(p_value, 2))" : Numeral.probability(p_value) }
    }

    /// One of the sets.
    public struct ImageSet: Hashable, Sendable, Decodable {
        /// Where it lay.
        public var path: String
        /// Images in it; nil where a statistics file does not say.
        public var images: Int?
    }

    /// The sets.
    public struct Sets: Hashable, Sendable, Decodable {
        /// The generated ones, and the one that both were compared with.
        public var first: ImageSet, second: ImageSet, reference: ImageSet
    }

    /// One for each metric.
    public var comparisons: [Item]
    /// What was compared.
    public var sets: Sets
    /// Everything that decides the numbers.
    public var identity: [String: String]
    /// About the sets as a whole.
    public var warnings: [String]
    /// Where it came from.
    public var source = Source("")

    private enum CodingKeys: String, CodingKey { case comparisons, sets, identity, warnings }

    /// Digests of the images; nil where a file does not say.
    var digests: (first: String?, second: String?, reference: String?) {
        (identity["first_images_sha256"], identity["second_images_sha256"], identity["reference_images_sha256"])
    }

    /// What its numbers have in common with an evaluation's ``StoredEvaluation/settings``; the reference is the evaluation's real set.
    func settings(_ item: Item) -> [String: String] {
        var settings = identity.filter { !StoredEvaluation.free.contains($0.key) && !["first_images_sha256", "second_images_sha256", "reference_images_sha256"].contains($0.key) }
        settings["real_images_sha256"] = digests.reference
        settings["real images"] = sets.reference.images.map(String.init)
        settings["generated images"] = "\(item.images.first)"
        return settings
    }
}
