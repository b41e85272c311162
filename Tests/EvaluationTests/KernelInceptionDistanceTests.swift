import Evaluation
import Testing

@Suite struct KernelInceptionDistanceTests {
    private let golden = MetricGoldens.all.kid
    private let real: FeatureSet
    private let fake: FeatureSet

    init() {
        real = SyntheticFeatures.features(seed: 5, count: golden.real, dimension: golden.dimension)
        fake = SyntheticFeatures.features(seed: 6, count: golden.fake, dimension: golden.dimension, offset: 0.02, spread: 1.1)
    }

    private func subsets(_ change: (inout KernelInceptionDistance.Subsets) -> Void = { _ in }) -> KernelInceptionDistance.Estimator {
        var subsets = KernelInceptionDistance.Subsets(count: 20)
        change(&subsets)
        return .subsets(subsets)
    }

    /// torch-fidelity's own float32 sums are good to some 1e-7.
    @Test func equalsTorchFidelity() throws {
        for (kernel, expected) in [(KernelInceptionDistance.Kernel.polynomial(), golden.poly), (.gaussian(sigma: 2), golden.rbf)] {
            for precision in [KernelInceptionDistance.Precision.float32, .float64] {
                let result = try KernelInceptionDistance(kernel: kernel, estimator: subsets(), precision: precision)(real: real, fake: fake)
                #expect(abs(result.value - expected[0]) < 1e-6 + 1e-5 * abs(expected[0]))
                #expect(abs(try #require(result[detail: "std_over_subsets"]) - expected[1]) < 1e-6)
            }
        }
    }

    @Test func equalsCleanFID() throws {
        let result = try KernelInceptionDistance(estimator: subsets { $0.drawsGeneratedFirst = true; $0.shrinks = true }, precision: .float32)(real: real, fake: fake)
        #expect(abs(result.value - golden.clean) < 1e-6)
        let small = KernelInceptionDistance(estimator: subsets { $0.count = 5; $0.drawsGeneratedFirst = true; $0.shrinks = true }, precision: .float32)
        #expect(abs(try small(real: real.rows(0..<300), fake: fake.rows(0..<200)).value - golden.shrunk) < 1e-6)
    }

    @Test func equalsTheFullEstimateOfNumPy() throws {
        let cubic = try KernelInceptionDistance.full(real: real, fake: fake)
        #expect(abs(cubic.value - golden.full) < 1e-13)
        let quadratic = try KernelInceptionDistance(kernel: .polynomial(degree: 2, gamma: 0.5, constant: 2))(real: real, fake: fake)
        #expect(abs(quadratic.value - golden.fullQuadratic) < 1e-11)
        let gaussian = try KernelInceptionDistance(kernel: .gaussian(sigma: 2))(real: real, fake: fake)
        #expect(abs(gaussian.value - golden.fullGaussian) < 1e-13)
    }

    @Test func isSymmetricAndBlindToOrder() throws {
        let value = try KernelInceptionDistance.full(real: real, fake: fake).value
        #expect(abs(try KernelInceptionDistance.full(real: fake, fake: real).value - value) < 1e-14)
        let reversed = real.rows((0..<real.count).reversed())
        #expect(abs(try KernelInceptionDistance.full(real: reversed, fake: fake).value - value) < 1e-14)
    }

    /// The unbiased estimate between a set and itself is not zero but −2(tr K/m − mean of the rest)/m: each image meets itself only across.
    /// Products leave the range of numbers where the features do not.
    @Test func hugeFeaturesHaveNoInterval() throws {
        let huge = try FeatureSet((0..<80).map { Float($0 % 7) * 1e30 }, dimension: 4)
        let result = try KernelInceptionDistance.full(real: huge, fake: huge)
        #expect(result.interval == nil && result.standardError == nil && result.warnings.contains { $0.contains("too large") })
    }

    @Test func aSetAgainstItselfIsSlightlyNegative() throws {
        #expect(try KernelInceptionDistance.full(real: real, fake: real).value < 0)
    }

    @Test func tooFewImagesAreNamed() throws {
        let few = real.rows(0..<999), three = real.rows(0..<3)
        #expect(throws: EvaluationError.tooFewImages(metric: "KID with subsets of 1000", set: "generated", needed: 1000, found: 999)) {
            try KernelInceptionDistance.torchFidelity(real: real, fake: few)
        }
        #expect(throws: EvaluationError.tooFewImages(metric: "KID", set: "real", needed: 4, found: 3)) { try KernelInceptionDistance.full(real: three, fake: real) }
        #expect(throws: EvaluationError.badOption(name: "sigma", value: "-1.0", expected: "a positive number")) {
            try KernelInceptionDistance(kernel: .gaussian(sigma: -1))(real: real, fake: fake)
        }
    }
}
