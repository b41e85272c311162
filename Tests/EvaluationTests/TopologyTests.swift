import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct TopologyTests {
    private struct Case: Decodable { let p: Int, q: Int, size: Int, loops: [[Double]] }

    /// Cross-barcodes by Ripser, whose times are float32 too.
    @Test func loopsAreRipsers() throws {
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/topology.json"))))
        for one in cases {
            let p = try FeatureSet((0..<one.p * one.size).map { place in
                let (i, j) = (Double(place / one.size), Double(place % one.size))
                return Float(sin(1 + 1.7 * i + 2.3 * j + 0.05 * i * j))
            }, dimension: one.size)
            let q = try FeatureSet((0..<one.q * one.size).map { place in
                let (i, j) = (Double(place / one.size), Double(place % one.size))
                return Float(1.2 * cos(2 + 1.1 * i + 0.9 * j + 0.07 * i * j))
            }, dimension: one.size)
            let found = TopologicalDivergence.crossLoops(p, q).sorted { ($0.opens, $0.closes) < ($1.opens, $1.closes) }
            #expect(found.count == one.loops.count && !found.isEmpty)
            for (own, theirs) in zip(found, one.loops) { #expect(abs(Double(own.opens) - theirs[0]) < 2e-6 && abs(Double(own.closes) - theirs[1]) < 2e-6) }
        }
    }

    /// Twelve points on the unit circle, Q far away: one loop, which opens with the sides, 2 sin 15°, and closes with the triangles over the centre, 2 sin 60°.
    @Test func circlesHaveOneLoop() throws {
        let circle = try FeatureSet((0..<12).flatMap { (point: Int) -> [Float] in
            let angle = Double(point) * Double.pi / 6
            return [Float(cos(angle)), Float(sin(angle))]
        }, dimension: 2)
        let loops = TopologicalDivergence.crossLoops(circle, try FeatureSet([100, 0], dimension: 2))
        let side = 2 * sin(Double.pi / 12), end = 3.0.squareRoot()
        #expect(loops.count == 1)
        #expect(abs(Double(loops[0].opens) - side) < 1e-6 && abs(Double(loops[0].closes) - end) < 1e-6)
        // What lies in Q has none.
        #expect(TopologicalDivergence.crossLoops(circle, circle).isEmpty)
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
        // Whole sets leave nothing to chance.
        let whole = try TopologicalDivergence(size: 100, otherSize: 100, repetitions: 1)(real: real, fake: fake), loops = TopologicalDivergence.crossLoops(real, fake)
        let total = loops.reduce(0.0) { $0 + Double($1.closes - $1.opens) }
        #expect(abs(whole.value - total) < 1e-5 && whole.warnings.count == 1)
        #expect(throws: EvaluationError.dimensionMismatch(first: 4, second: 2)) { try metric(real: real, fake: FeatureSet([0, 0], dimension: 2)) }
    }
}
