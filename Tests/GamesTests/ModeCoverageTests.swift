import Games
import Tensors
import Testing

@Suite struct ModeCoverageTests {
    let backend = ReferenceBackend()
    static let ring = (0..<8).map { mode -> [Double] in
        let angle = Tensor([Double(mode) * Double.pi / 4], shape: [1], on: ReferenceBackend())
        return [2 * angle.cosine.item(), 2 * angle.sine.item()]
    }

    /// Samples of these modes of the ring, with this deviation.
    func samples(of modes: [Int], deviation: Double = 0.1) -> Tensor {
        let noise = RandomStream(seed: 53).normals(2 * modes.count)
        return Tensor(modes.enumerated().flatMap { row, mode in (0..<2).map { Self.ring[mode][$0] + deviation * noise[2 * row + $0] } }, shape: [modes.count, 2], on: backend)
    }

    @Test func theDataItselfIsComplete() {
        let coverage = ModeCoverage(samples: samples(of: (0..<8000).map { $0 % 8 }), centres: Self.ring, deviation: 0.1)
        #expect(coverage.modesFound == 8 && coverage.missingModes == [] && coverage.verdict == .complete)
        #expect(coverage.counts == [Int](repeating: 1000, count: 8) && coverage.reverseDivergence == 0)
        // 1 − e^(−9/2) of a normal distribution in the plane lies within three deviations.
        #expect(abs(coverage.highQualityShare - 0.988891) < 4 * 0.00117)
    }

    @Test func twoModesOfEightAreACollapse() {
        let coverage = ModeCoverage(samples: samples(of: (0..<1000).map { $0 % 2 * 3 }), centres: Self.ring, deviation: 0.1)
        #expect(coverage.modesFound == 2 && coverage.missingModes == [1, 2, 4, 5, 6, 7] && coverage.verdict == .collapsed)
        #expect(abs(coverage.reverseDivergence - 4.0.logarithm) < 1e-12)
        let one = ModeCoverage(labels: [Int](repeating: 5, count: 30), modes: 10)
        #expect(one.modesFound == 1 && abs(one.reverseDivergence - 10.0.logarithm) < 1e-12 && one.verdict == .collapsed)
        #expect(ModeCoverage(counts: [10, 10, 0, 0]).verdict == .collapsed && ModeCoverage(counts: [10, 10, 1, 0]).verdict == .partial)
    }

    @Test func aModeIsFoundFromAFifthOfItsFairShareOn() {
        // Fair would be 100 each.
        let coverage = ModeCoverage(counts: [140, 140, 20, 100, 100, 19, 140, 141])
        #expect(coverage.missingModes == [5] && coverage.modesFound == 7 && coverage.verdict == .partial)
        #expect(coverage.description == "7 of 8 modes (without 5), 100.0 % of high quality, reverse divergence \((coverage.reverseDivergence * 1000).rounded() / 1000): partial")
        let uneven = ModeCoverage(counts: [900, 90, 10], shares: [0.9, 0.09, 0.01])
        #expect(uneven.verdict == .complete && abs(uneven.reverseDivergence) < 1e-15)
        #expect(ModeCoverage(counts: [900, 90, 10]).missingModes == [2], "for even data a fair share would be a third")
    }

    @Test func blurredSamplesFindTheirModesInNumberOnly() {
        let blurred = ModeCoverage(samples: samples(of: (0..<8000).map { $0 % 8 }, deviation: 0.6), centres: Self.ring, deviation: 0.1)
        #expect(blurred.reverseDivergence < 0.01 && blurred.highQualityShare < 0.15 && blurred.modesFound == 0 && blurred.verdict == .partial)
        // 1 − e^(−9/2/36) within three small deviations.
        #expect(abs(blurred.highQualityShare - 0.1175) < 0.02)
    }

    @Test func theReverseDivergenceIsThatOfTheHistogramFromTheData() {
        let coverage = ModeCoverage(counts: [1, 3], shares: [3, 1])
        let expected = 0.25 * (0.25 / 0.75).logarithm + 0.75 * (0.75 / 0.25).logarithm
        #expect(abs(coverage.reverseDivergence - expected) < 1e-15)
        let skewed = ModeCoverage(counts: [1, 7]), forward = 0.5 * (0.5 / 0.125).logarithm + 0.5 * (0.5 / 0.875).logarithm
        #expect(abs(skewed.reverseDivergence - forward) > 0.05, "not the forward divergence, which is infinite as soon as a mode is gone")
    }
}
