import LinearAlgebra

/// Classifiers of the images' classes, each trained on one set and asked about the other: what CAS, GAN-test, boundary distortion and adversarial divergence are read from. Trained when first asked for.
final class CrossedClassifiers {
    /// The real set's classes.
    let classNames: [String]
    /// Number of images of the whole sets.
    let realCount: Int, fakeCount: Int
    /// What was left out, one line each.
    private(set) var warnings: [String] = []
    private let real: FeatureSet, realLabels: [Int], fake: FeatureSet, fakeLabels: [Int], folds: Int
    private var known: [String: Answers] = [:]

    /// What a classifier says of images whose classes are known.
    struct Answers {
        /// p(class|x) for every class of the real set.
        /// - Shape: `[images, classes]`
        let probabilities: Matrix
        /// Whether the likeliest class is the true one.
        let isRight: [Bool]
        var accuracy: Double { Double(isRight.count { $0 }) / Double(isRight.count) }
    }

    /// At most this many images of a set are used, evenly spaced.
    private static let limit = 10_000

    /// - Throws: `dimensionMismatch`, `badShape`; `tooFewImages` where a real class has fewer images than there are folds or no generated image is of a known class.
    init(real: FeatureSet, _ realLabels: ImageLabels, fake: FeatureSet, _ fakeLabels: ImageLabels, folds: Int = 5, for metric: String) throws(EvaluationError) {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        let rows = try realLabels.rowsByClass(of: real)
        _ = try fakeLabels.rowsByClass(of: fake)
        let names = realLabels.classNames.filter { rows[$0] != nil }
        if let rare = names.first(where: { (rows[$0]?.count ?? 0) < folds }) {
            throw .tooFewImages(metric: "\(metric) of class \(rare)", set: "real", needed: folds, found: rows[rare]?.count ?? 0)
        }
        let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        func kept(_ set: FeatureSet, _ labels: ImageLabels) -> (FeatureSet, [Int], leftOut: Int) {
            let known = labels.labels.indices.filter { positions[labels.classNames[labels.labels[$0]]] != nil }
            let chosen = known.count > Self.limit ? (0..<Self.limit).map { known[$0 * known.count / Self.limit] } : known
            return (set.rows(chosen), chosen.compactMap { positions[labels.classNames[labels.labels[$0]]] }, set.count - known.count)
        }
        let (a, b) = (kept(real, realLabels), kept(fake, fakeLabels))
        guard Set(b.1).count >= 2 else { throw .badShape(what: "classes of the generated images that real ones have too", expected: "at least 2", found: "\(Set(b.1).count)") }
        (self.real, self.realLabels, self.fake, self.fakeLabels, classNames, self.folds) = (a.0, a.1, b.0, b.1, names, folds)
        (realCount, fakeCount) = (real.count, fake.count)
        if b.leftOut > 0 { warnings.append("\(b.leftOut) generated images are of classes that no real image has, and left out") }
        let missing = names.indices.filter { !b.1.contains($0) }
        if !missing.isEmpty { warnings.append("no generated image is of class \(missing.prefix(5).map { names[$0] }.joined(separator: ", "))\(missing.count > 5 ? " and \(missing.count - 5) more" : "")") }
        if max(real.count, fake.count) > Self.limit { warnings.append("at most \(Self.limit) evenly spaced images of each set were used") }
    }

    /// Trained on generated images, asked about real ones.
    func trainedOnGenerated() throws(EvaluationError) -> Answers {
        try answers("generated") { () throws(EvaluationError) in try self.ask(LogisticRegression(self.fake, labels: self.fakeLabels), self.real, self.realLabels) }
    }

    /// Trained on real images, asked about generated ones.
    func trainedOnReal() throws(EvaluationError) -> Answers {
        try answers("real") { () throws(EvaluationError) in try self.ask(LogisticRegression(self.real, labels: self.realLabels), self.fake, self.fakeLabels) }
    }

    /// Trained on four fifths of the real images, asked about the rest, for each fifth; the r-th image of a class is in fifth r mod 5.
    func heldOutReal() throws(EvaluationError) -> Answers {
        try answers("held out") { () throws(EvaluationError) in
            var seen = [Int](repeating: 0, count: self.classNames.count)
            let fold = self.realLabels.map { label -> Int in
                seen[label] += 1
                return (seen[label] - 1) % self.folds
            }
            var probabilities = Matrix(rows: self.real.count, columns: self.classNames.count), isRight = [Bool](repeating: false, count: self.real.count)
            for part in 0..<self.folds {
                let (held, others) = (fold.indices.filter { fold[$0] == part }, fold.indices.filter { fold[$0] != part })
                let found = try self.ask(LogisticRegression(self.real.rows(others), labels: others.map { self.realLabels[$0] }), self.real.rows(held), held.map { self.realLabels[$0] })
                for (row, image) in held.enumerated() {
                    isRight[image] = found.isRight[row]
                    for k in self.classNames.indices { probabilities[image, k] = found.probabilities[row, k] }
                }
            }
            return Answers(probabilities: probabilities, isRight: isRight)
        }
    }

    /// The share of right answers among the images of each class that has any.
    func accuracies(_ answers: Answers, ofReal: Bool) -> [(name: String, value: Double)] {
        let labels = ofReal ? realLabels : fakeLabels
        return classNames.enumerated().compactMap { k, name in
            let members = labels.indices.filter { labels[$0] == k }
            return members.isEmpty ? nil : (name, Double(members.count { answers.isRight[$0] }) / Double(members.count))
        }
    }

    private func answers(_ name: String, _ make: () throws(EvaluationError) -> Answers) throws(EvaluationError) -> Answers {
        if let found = known[name] { return found }
        let made = try make()
        known[name] = made
        return made
    }

    private func ask(_ classifier: LogisticRegression, _ set: FeatureSet, _ labels: [Int]) -> Answers {
        let note = "a classifier was not trained to the end"
        if !classifier.isConverged, !warnings.contains(note) { warnings.append(note) }
        let found = classifier.probabilities(set)
        var probabilities = Matrix(rows: set.count, columns: classNames.count)
        for i in 0..<set.count { for (k, label) in classifier.classes.enumerated() { probabilities[i, label] = found[i, k] } }
        return Answers(probabilities: probabilities, isRight: zip(classifier.predictions(set), labels).map { $0 == $1 })
    }
}

extension EvaluatedSets {
    /// The classifiers of both sets' classes, trained once for all metrics.
    /// - Throws: as ``CrossedClassifiers``.
    func crossedClassifiers(for metric: String) throws(EvaluationError) -> CrossedClassifiers {
        let real = try real(for: metric)
        return try work.value { () throws(EvaluationError) in
            try CrossedClassifiers(real: real.rows(for: metric).features(), real.labels(for: metric), fake: fake.rows(for: metric).features(), fake.labels(for: metric), for: metric)
        }
    }
}
