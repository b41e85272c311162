import Evaluation
import Testing

@Suite struct InceptionScoreTests {
    private let golden = MetricGoldens.all.inceptionScore
    private let logits: FeatureSet

    init() throws {
        let rows = SyntheticFeatures.rows(seed: 8, count: golden.count, dimension: golden.classes, spread: 9)
        logits = try FeatureSet(rows.map { $0 * 2 }, dimension: golden.classes)
    }

    private func expect(_ score: InceptionScore, _ mean: Double, _ deviation: Double?, within tolerance: Double) throws {
        let result = try score(logits)
        #expect(abs(result.value / mean - 1) < tolerance)
        if let deviation { #expect(abs(try #require(result[detail: "std_over_splits"]) - deviation) < tolerance * mean) }
    }

    @Test func equalsTorchFidelity() throws {
        try expect(.torchFidelity, golden.fidelity[0], golden.fidelity[1], within: 1e-13)
        try expect(InceptionScore(partition: .proportional(splits: 7)), golden.natural[0], golden.natural[1], within: 1e-13)
    }

    @Test func equalsTheFloat32Formulas() throws {
        try expect(.original, golden.original[0], golden.original[1], within: 1e-6)
        try expect(InceptionScore(partition: .length(500), precision: .float32), golden.adm, nil, within: 1e-6)
    }

    @Test func equalsTheOtherPartitions() throws {
        try expect(InceptionScore(partition: .ceiling(splits: 10), degreesOfFreedomRemoved: 1), golden.ceiling[0], golden.ceiling[1], within: 1e-12)
        try expect(InceptionScore(partition: .floor(splits: 10)), golden.floor, nil, within: 1e-12)
    }

    @Test func extremesHaveClosedForms() throws {
        // Certain, evenly spread predictions score the number of classes; equal predictions score one. Logits of ±2000 underflow to probabilities of zero.
        let certain = try FeatureSet((0..<40).flatMap { i in (0..<4).map { $0 == i % 4 ? 2000 : -2000 } }, dimension: 4)
        let whole = InceptionScore(partition: .proportional(splits: 1))
        #expect(abs(try whole(certain).value - 4) < 1e-14)
        #expect(abs(try InceptionScore(partition: .length(40), precision: .float32)(certain).value - 4) < 1e-14)
        let equal = try FeatureSet([Float](repeating: 0.5, count: 60), dimension: 3)
        let result = try whole(equal)
        #expect(abs(result.value - 1) < 1e-15)
        #expect(result.standardError == nil && result.interval == nil && result.warnings == ["every image counts the same, which does not tell how sure the value is: no interval"])
    }

    @Test func tooFewImagesAreNamed() throws {
        let nine = logits.rows(0..<9)
        #expect(throws: EvaluationError.tooFewImages(metric: "the Inception Score in 10 splits", set: "generated", needed: 10, found: 9)) {
            try InceptionScore.torchFidelity(nine)
        }
        #expect(throws: EvaluationError.badOption(name: "splits", value: "0", expected: "at least 1")) { try InceptionScore(partition: .floor(splits: 0))(logits) }
        let ten = try InceptionScore.torchFidelity(logits.rows(0..<10))
        #expect(ten.interval == nil && !ten.warnings.isEmpty && abs(ten.value - 1) < 1e-14)
    }
}
