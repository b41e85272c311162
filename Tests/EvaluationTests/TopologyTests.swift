import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct TopologyTests {
    private struct Case: Decodable { let p: Int, q: Int, size: Int, step: Double, loops: [[Double]] }

    /// Cross-barcodes by Ripser, whose times are float32 too.
    @Test func loopsAreRipsers() throws {
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/topology.json"))))
        for one in cases {
            func points(_ count: Int, _ coordinate: (Double, Double) -> Double) throws -> FeatureSet {
                try FeatureSet((0..<count * one.size).map { place in
                    let value = coordinate(Double(place / one.size), Double(place % one.size))
                    return Float(one.step > 0 ? (value / one.step).rounded() * one.step : value)
                }, dimension: one.size)
            }
            let p = try points(one.p) { i, j in sin(1 + 1.7 * i + 2.3 * j + 0.05 * i * j) }, q = try points(one.q) { i, j in 1.2 * cos(2 + 1.1 * i + 0.9 * j + 0.07 * i * j) }
            let found = CrossBarcode(p, q).loops.sorted { ($0.opens, $0.closes) < ($1.opens, $1.closes) }
            #expect(found.count == one.loops.count && !found.isEmpty, "\(one.p) and \(one.q) points of \(one.size) coordinates: \(found.count) loops, expected \(one.loops.count)")
            for (own, theirs) in zip(found, one.loops) { #expect(abs(Double(own.opens) - theirs[0]) < 2e-6 && abs(Double(own.closes) - theirs[1]) < 2e-6) }
        }
    }

    /// Twelve points on the unit circle, Q far away: one loop, which opens with the sides, 2 sin 15°, and closes with the triangles over the centre, 2 sin 60°.
    @Test func circlesHaveOneLoop() throws {
        let circle = try FeatureSet((0..<12).flatMap { (point: Int) -> [Float] in
            let angle = Double(point) * Double.pi / 6
            return [Float(cos(angle)), Float(sin(angle))]
        }, dimension: 2)
        let loops = CrossBarcode(circle, try FeatureSet([100, 0], dimension: 2)).loops
        let side = 2 * sin(Double.pi / 12), end = 3.0.squareRoot()
        #expect(loops.count == 1)
        #expect(abs(Double(loops[0].opens) - side) < 1e-6 && abs(Double(loops[0].closes) - end) < 1e-6)
        // What lies in Q has none.
        #expect(CrossBarcode(circle, circle).loops.isEmpty)
    }

    @Test func theMetricIsTheMeanOverSubsets() throws {
        let real = try FeatureSet(SyntheticFeatures.rows(seed: 1, count: 60, dimension: 4), dimension: 4), fake = try FeatureSet(SyntheticFeatures.rows(seed: 2, count: 60, dimension: 4), dimension: 4)
        let metric = TopologicalDivergence(size: 30, otherSize: 60, repetitions: 4)
        let near = try metric(real: real, fake: fake)
        #expect(near.value > 0 && near.warnings.isEmpty)
        #expect(try #require(near[detail: "error_of_subsets"]) > 0)
        // Q is the whole set: every subset P lies in it.
        #expect(try metric(real: real, fake: real).value == 0)
        #expect(try metric(real: fake, fake: real)[detail: "from_fake"] != nil)
        #expect(try metric(real: real, fake: fake) == near)
        // Whole sets leave nothing to chance, and are taken once.
        let whole = try TopologicalDivergence(size: 100, otherSize: 100)(real: real, fake: fake), loops = CrossBarcode(real, fake).loops
        let total = loops.reduce(0.0) { $0 + Double($1.closes - $1.opens) }
        #expect(abs(whole.value - total) < 1e-5 && whole.warnings.count == 1)
        for (name, value) in [("size", 60.0), ("other_size", 60), ("repetitions", 1), ("repetitions_from_fake", 1)] { #expect(whole[detail: name] == value, "\(name)") }
        #expect(whole[detail: "error_of_subsets"] == nil)
        #expect(near[detail: "size"] == 30 && near[detail: "repetitions"] == 4 && near[detail: "repetitions_from_fake"] == 4)
        #expect(throws: EvaluationError.dimensionMismatch(first: 4, second: 2)) { try metric(real: real, fake: FeatureSet([0, 0], dimension: 2)) }
    }
}
