/// The features of two sets, class by class. Classes are the same where their names are.
struct ClassGroups {
    /// One class of both sets.
    struct Group {
        let name: String
        let real: FeatureSet, fake: FeatureSet
    }

    /// Classes with images in both sets, in the real set's order.
    let groups: [Group]
    /// What was left out, one line each.
    let warnings: [String]
    /// Number of images of the whole sets.
    let realCount: Int, fakeCount: Int

    /// - Parameter fewest: Images of a class that the metric needs in each set; classes with fewer are left out with a warning.
    /// - Throws: `dimensionMismatch`, `badShape`; `tooFewImages` where no class remains.
    init(real: FeatureSet, _ realLabels: ImageLabels, fake: FeatureSet, _ fakeLabels: ImageLabels, fewest: Int, for metric: String) throws(EvaluationError) {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        let reals = try realLabels.rowsByClass(of: real), fakes = try fakeLabels.rowsByClass(of: fake)
        var groups: [Group] = [], few: [String] = [], most = 0
        for name in realLabels.classNames {
            let (a, b) = (reals[name] ?? [], fakes[name] ?? [])
            guard min(a.count, b.count) >= fewest else {
                if !(a.isEmpty && b.isEmpty) { few.append("\(name) (\(a.count) real, \(b.count) generated)") }
                most = max(most, min(a.count, b.count))
                continue
            }
            groups.append(Group(name: name, real: real.rows(a), fake: fake.rows(b)))
        }
        let unknown = fakes.keys.filter { !realLabels.classNames.contains($0) }.sorted()
        var warnings: [String] = []
        if !few.isEmpty { warnings.append("left out, fewer than \(fewest) \(fewest == 1 ? "image" : "images") in a set: \(Self.list(few))") }
        if !unknown.isEmpty { warnings.append("left out, classes that no real image has: \(Self.list(unknown))") }
        guard !groups.isEmpty else {
            guard most > 0 else { throw .noCommonClass(metric: metric, real: Self.list(reals.keys.sorted()), fake: Self.list(fakes.keys.sorted())) }
            throw .tooFewImages(metric: "\(metric) in the largest class that both have", set: "smaller", needed: fewest, found: most)
        }
        (self.groups, self.warnings, realCount, fakeCount) = (groups, warnings, real.count, fake.count)
    }

    /// The groups of an evaluation's sets.
    init(_ sets: EvaluatedSets, fewest: Int, for metric: String) throws(EvaluationError) {
        let real = try sets.real(for: metric)
        try self.init(real: real.rows(for: metric).features(), real.labels(for: metric), fake: sets.fake.rows(for: metric).features(), sets.fake.labels(for: metric), fewest: fewest, for: metric)
    }

    private static func list(_ names: [String]) -> String { names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "") }
}

extension ImageLabels {
    /// The rows of each class that has any.
    /// - Throws: `badShape` unless there is a label for each row.
    func rowsByClass(of set: FeatureSet) throws(EvaluationError) -> [String: [Int]] {
        guard labels.count == set.count else { throw .badShape(what: "labels", expected: "\(set.count), one for each image", found: "\(labels.count)") }
        var rows: [String: [Int]] = [:]
        for (row, label) in labels.enumerated() { rows[classNames[label], default: []].append(row) }
        return rows
    }
}

extension MetricResult.Detail {
    /// A detail of one class: its name in lower case, with an underscore for everything that is neither letter nor digit.
    public init(_ prefix: String, ofClass name: String, _ value: Double) {
        self.init(prefix + "_" + String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }), value)
    }
}
