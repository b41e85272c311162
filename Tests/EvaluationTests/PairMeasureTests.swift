import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct PairMeasureTests {
    private func value(_ measure: some PairMeasure, _ pair: (Picture, Picture)) -> Double { measure.values([pair])[0] }

    @Test func structuralSimilarityEqualsScikitImage() throws {
        for (name, golden) in try PerceptualGoldens.read().pairs {
            let pair = try PerceptualGoldens.pictures(name)
            #expect(abs(value(StructuralSimilarity(), pair) - golden.ssim) <= 1e-12, "\(name)")
            #expect(abs(value(StructuralSimilarity(), (pair.0, pair.0)) - 1) <= 1e-12)
            #expect(value(StructuralSimilarity(), (pair.1, pair.0)) == value(StructuralSimilarity(), pair))
        }
    }

    @Test(arguments: MultiScaleStructuralSimilarity.Convention.allCases)
    func multiScaleEqualsThePackages(_ convention: MultiScaleStructuralSimilarity.Convention) throws {
        let golden = try #require(try PerceptualGoldens.read().shift.msSSIM?[convention.rawValue])
        let pair = try PerceptualGoldens.pictures("shift")
        let found = value(MultiScaleStructuralSimilarity(convention), pair)
        // torchmetrics keeps the exponents in float32.
        #expect(abs(found - golden) <= (convention == .torchmetrics ? 1e-7 : 1e-12), "\(found), \(golden)")
        #expect(abs(value(MultiScaleStructuralSimilarity(convention), (pair.0, pair.0)) - 1) <= 1e-12)
    }

    @Test func pixelMeasuresEqualTheirFormulas() throws {
        for (name, golden) in try PerceptualGoldens.read().pairs {
            let pair = try PerceptualGoldens.pictures(name)
            #expect(abs(value(PeakSignalToNoiseRatio(), pair) - golden.psnr) <= 1e-10, "\(name)")
            #expect(abs(value(SharpnessDifference(), pair) - golden.sharpness) <= 1e-6, "\(name)")
            #expect(value(PeakSignalToNoiseRatio(), (pair.0, pair.0)) == .infinity && value(SharpnessDifference(), (pair.0, pair.0)) == .infinity)
        }
    }

    /// Closed forms on flat pictures: no contrast, so only luminance and the constants are left.
    @Test func flatPicturesHaveClosedForms() {
        func flat(_ value: Float) -> Picture { Picture(height: 176, width: 180, pixels: [Float](repeating: value, count: 176 * 180 * 3)) }
        let (a, b) = (flat(100), flat(120))
        // (2 · 100 · 120 + C₁) / (100² + 120² + C₁)
        let luminance: Double = 24_006.5025 / 24_406.5025
        #expect(abs(value(StructuralSimilarity(), (a, b)) - luminance) <= 1e-9)
        for convention in MultiScaleStructuralSimilarity.Convention.allCases {
            #expect(abs(value(MultiScaleStructuralSimilarity(convention), (a, b)) - pow(luminance, 0.1333)) <= 1e-9)
        }
        #expect(abs(value(PeakSignalToNoiseRatio(), (a, b)) - 10 * log10(65_025.0 / 400)) <= 1e-12)
        #expect(value(SharpnessDifference(), (a, b)) == .infinity)
    }

    @Test func valuesDoNotDependOnWorkers() throws {
        let pairs = try PerceptualGoldens.read().pairs.map { try PerceptualGoldens.pictures($0.name) }
        #expect(StructuralSimilarity().values(pairs, workers: 1) == StructuralSimilarity().values(pairs, workers: 5))
    }
}
