import Evaluation
import Foundation
import TestSupport
import Testing

/// The measures on images themselves, through files and the catalogue, against NumPy's FFT and SciPy's convolution.
@Suite struct PixelTests {
    /// `pixels.json`, made by `make_pixels.py`.
    private struct Goldens: Decodable {
        struct Spectrum: Decodable { let distance: Double, excess: Double, slope: Double, realSlope: Double, first: Double }
        struct LowLevel: Decodable { let contrast: Double, realContrast: Double, filter: Double, realKurtosis: Double, fakeKurtosis: Double }
        let spectrum: Spectrum, sliced: [Double], lowLevel: LowLevel, sums: [Int]
    }

    private static let metrics = "sliced-wasserstein,spectrum-distance,spectral-slope,contrast-divergence,filter-divergence"
    private let golden: [String: Goldens]

    init() throws {
        golden = try JSONDecoder().decode([String: Goldens].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/pixels.json"))))
    }

    /// The images of `make_pixels.py`.
    /// - Shape: `[count, side, side, 3]`
    private func images(_ seed: UInt64, _ count: Int, _ side: Int, _ sharpness: Double) -> [UInt8] {
        var pixels: [UInt8] = []
        for i in 0..<count {
            for y in 0..<side {
                for x in 0..<side {
                    for c in 0..<3 {
                        let phase = (x * (1 + i % 3) + y * (1 + c) + 5 * i) % 32
                        let noise = (SyntheticFeatures.uniform(seed, UInt64(((i * side + y) * side + x) * 3 + c)) * sharpness).rounded(.down)
                        pixels.append(UInt8(abs(phase - 16) * 8 + Int(noise)))
                    }
                }
            }
        }
        return pixels
    }

    /// Writes a NumPy array of images.
    private func write(_ pixels: [UInt8], _ shape: [Int], to path: String) throws {
        var header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape.map(String.init).joined(separator: ", "))), }"
        while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        try Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)] + Array(header.utf8) + pixels).write(to: URL(fileURLWithPath: path))
    }

    private func report(_ metrics: String, real: String, fake: String) throws -> [MetricResult] {
        try Evaluator(.named("default")) { preconditionFailure("no network is needed") }.evaluate(MetricCatalog.named(metrics), real: .open(real), fake: .open(fake)).results
    }

    /// 36 pixels are no power of two, and a pyramid's level of 18 is no multiple of eight.
    @Test(arguments: [32, 36]) func equalNumPyAndSciPy(_ side: Int) throws {
        let golden = try #require(golden["\(side)"]), a = images(61, 24, side, 40), b = images(62, 20, side, 90)
        #expect([a, b].map { $0.reduce(0) { $0 + Int($1) } } == golden.sums, "the images are those of the script")
        try Fixtures.withTemporaryFolder { folder in
            try write(a, [24, side, side, 3], to: folder + "/real.npy")
            try write(b, [20, side, side, 3], to: folder + "/fake.npy")
            let results = try report(Self.metrics, real: folder + "/real.npy", fake: folder + "/fake.npy")
            func expect(_ found: Double?, _ expected: Double, within tolerance: Double = 1e-9, _ what: Comment) throws {
                let found = try #require(found)
                #expect(abs(found - expected) < tolerance * abs(expected), what)
            }
            let (sliced, distance, slope, contrast, filter) = (results[0], results[1], results[2], results[3], results[4])
            // Float32 patches and projections.
            for (level, expected) in golden.sliced.enumerated() { try expect(sliced[detail: "level_\(side >> level)"], expected, within: 1e-4, "SWD, level \(level)") }
            try expect(sliced.value, golden.sliced.reduce(0, +) / 2, within: 1e-4, "SWD")
            try expect(distance.value, golden.spectrum.distance, "spectrum")
            try expect(distance[detail: "high_frequency_excess"], golden.spectrum.excess, "excess")
            try expect(distance.curves.first?.points.first?.y, golden.spectrum.first, "curve")
            try expect(slope.value, golden.spectrum.slope, "slope")
            try expect(slope[detail: "real_slope"], golden.spectrum.realSlope, "real slope")
            try expect(contrast.value, golden.lowLevel.contrast, "contrast")
            try expect(contrast[detail: "real_contrast"], golden.lowLevel.realContrast, "contrast of real images")
            try expect(filter.value, golden.lowLevel.filter, "filters")
            try expect(filter[detail: "real_kurtosis"], golden.lowLevel.realKurtosis, "kurtosis")
            try expect(filter[detail: "generated_kurtosis"], golden.lowLevel.fakeKurtosis, "kurtosis of generated images")
            #expect(distance.interval?.contains(distance.value) == true && slope.interval?.contains(slope.value) == true)
            #expect(distance.curves.map(\.points.count) == [side / 2, side / 2] && results.allSatisfy { $0.realCount == 24 && $0.fakeCount == 20 })
        }
    }

    @Test func aSetAgainstItself() throws {
        try Fixtures.withTemporaryFolder { folder in
            try write(images(61, 12, 32, 40), [12, 32, 32, 3], to: folder + "/real.npy")
            let results = try report(Self.metrics, real: folder + "/real.npy", fake: folder + "/real.npy")
            #expect(results[1].value == 0 && results[3].value == 0 && results[4].value == 0 && results[2].value == results[2][detail: "real_slope"])
            // Other patches of the same images: not zero, but far below another set's.
            #expect(results[0].value < 60)
        }
    }

    /// Noise has a white spectrum, whose slope is zero and whose distance to a louder one is the ratio of their powers; the intervals cover that.
    @Test func whiteNoiseHasNoSlope() throws {
        var generator = MersenneTwister(seed: 3), slopes: [MetricResult] = [], distances: [MetricResult] = []
        let side = 16, count = 60
        func noise(_ deviation: Double) -> [UInt8] { (0..<count * side * side).map { _ in UInt8(max(0, min(255, (128 + deviation * generator.standardNormal()).rounded()))) } }
        try Fixtures.withTemporaryFolder { folder in
            for _ in 0..<200 {
                try write(noise(15), [count, side, side], to: folder + "/real.npy")
                try write(noise(30), [count, side, side], to: folder + "/fake.npy")
                let results = try report("spectral-slope,spectrum-distance", real: folder + "/real.npy", fake: folder + "/fake.npy")
                slopes.append(results[0])
                distances.append(results[1])
            }
        }
        // Rounding adds a variance of 1/12.
        let louder = 10 * log10((900 + 1.0 / 12) / (225 + 1.0 / 12))
        for (results, expected, slack) in [(slopes, 0.0, 0.01), (distances, louder, 0.1)] {
            let mean = results.map(\.value).reduce(0, +) / 200, covered = Double(results.count { $0.interval?.contains(mean) ?? false }) / 200
            print("coverage: \(results[0].metric) | mean \(mean) | covered \(covered)")
            #expect(abs(mean - expected) < slack && (0.9...0.99).contains(covered), "\(results[0].metric): mean \(mean), expected \(expected), covered \(covered)")
        }
    }

    @Test func blankImagesAreSaid() throws {
        try Fixtures.withTemporaryFolder { folder in
            try write([UInt8](repeating: 9, count: 4 * 16 * 16), [4, 16, 16], to: folder + "/blank.npy")
            try write(images(61, 4, 16, 40), [4, 16, 16, 3], to: folder + "/real.npy")
            let results = try report(Self.metrics, real: folder + "/real.npy", fake: folder + "/blank.npy")
            #expect(results[1].value == .infinity && results[2].value.isNaN && results[1].warnings.count == 1 && results[2].warnings.count == 1)
            #expect(results[0].warnings.contains("all generated images are of one and the same colour: the distance compares patterns, and sees no colours") && !results[0].warnings.contains { $0.hasPrefix("all real") })
            #expect(results[0].value.isFinite && results[3].value.isFinite && results[4].value.isFinite)
        }
    }

    @Test func wrongSizesAreNamed() throws {
        try Fixtures.withTemporaryFolder { folder in
            try write(images(61, 4, 32, 40), [4, 32, 32, 3], to: folder + "/real.npy")
            try write(images(61, 4, 36, 40), [4, 36, 36, 3], to: folder + "/large.npy")
            try write(images(61, 4, 6, 40), [4, 6, 6, 3], to: folder + "/small.npy")
            let files = ["real", "large", "small"].map { folder + "/\($0).npy" }
            #expect(throws: EvaluationError.wrongSize(image: "the first generated image", expected: "32 x 32 as the real ones", found: "36 x 36")) { try report("sliced-wasserstein", real: files[0], fake: files[1]) }
            #expect(throws: EvaluationError.wrongSize(image: "the first image", expected: "at least 16 x 16", found: "6 x 6")) { try report("sliced-wasserstein", real: files[2], fake: files[2]) }
            #expect(throws: EvaluationError.wrongSize(image: "the first image", expected: "a square of at least 8 x 8", found: "6 x 6")) { try report("spectral-slope", real: files[2], fake: files[2]) }
            #expect(throws: EvaluationError.wrongSize(image: "the first image", expected: "at least 8 x 8", found: "6 x 6")) { try report("filter-divergence", real: files[2], fake: files[2]) }
            #expect(throws: EvaluationError.wrongSize(image: Fixtures.path("photos/coffee.png"), expected: "451 x 300", found: "600 x 400")) {
                try report("contrast-divergence", real: Fixtures.path("photos"), fake: Fixtures.path("photos"))
            }
        }
    }
}
