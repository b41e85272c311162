import Datasets
import Evaluation
import FeatureNetworks
import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// What is done to images, against SciPy and Pillow, and what a study makes of metrics whose reactions are known.
@Suite struct SanityTests {
    /// `disturbances.json`, made by `make_disturbances.py`.
    private struct Golden: Decodable {
        let height: Int, width: Int, degrees: [Double], blurred: [[UInt8]], greyBlurred: [UInt8], jpegDegrees: [Double], jpeg: [[UInt8]]
    }

    private let golden: Golden
    private let picture: Image, stream = RandomStream(seed: 5)

    init() throws {
        golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/disturbances.json"))))
        let count = golden.height * golden.width * 3
        picture = Image(width: golden.width, height: golden.height, channels: 3, pixels: (0..<UInt64(count)).map { UInt8(SyntheticFeatures.uniform(31, $0) * 256) })
    }

    @Test func blurEqualsSciPy() throws {
        for (degree, expected) in zip(golden.degrees, golden.blurred) { #expect(try Disturbance.blur.disturb(picture, degree: degree, stream).pixels == expected) }
        let grey = Image(width: golden.width, height: golden.height, channels: 1, pixels: stride(from: 0, to: picture.pixels.count, by: 3).map { picture.pixels[$0] })
        #expect(try Disturbance.blur.disturb(grey, degree: 8, stream).pixels == golden.greyBlurred)
    }

    @Test func compressionEqualsPillow() throws {
        for (degree, expected) in zip(golden.jpegDegrees, golden.jpeg) { #expect(try Disturbance.jpeg.disturb(picture, degree: degree, stream).pixels == expected) }
    }

    @Test func noiseHasItsDeviationAndItsSeed() throws {
        let grey = Image(width: 100, height: 100, channels: 1, pixels: [UInt8](repeating: 128, count: 10_000))
        let noisy = try Disturbance.noise.disturb(grey, degree: 16, stream), differences = noisy.pixels.map { Double($0) - 128 }
        let mean = differences.reduce(0, +) / 1e4, variance = differences.reduce(0) { $0 + $1 * $1 } / 1e4
        // Four standard errors; rounding adds a twelfth to the variance.
        #expect(abs(mean) < 4 * 16 / 100 && abs(variance - 256 - 1.0 / 12) < 4 * 256 * (2.0 / 1e4).squareRoot())
        #expect(try noisy == Disturbance.noise.disturb(grey, degree: 16, stream) && noisy != Disturbance.noise.disturb(grey, degree: 16, stream["another"]))
    }

    @Test func noneIsNothing() throws {
        for disturbance in Disturbance.allCases { #expect(try disturbance.disturb(picture, degree: 0, stream) == picture) }
    }

    /// Tells what it was given instead of measuring.
    private struct Probe: Metric {
        let about: MetricDescription
        let read: @Sendable (EvaluatedSets) throws(EvaluationError) -> Double

        init(_ name: String, better: MetricDescription.Better, needs: MetricNeeds = [.real, .features, .images], _ read: @escaping @Sendable (EvaluatedSets) throws(EvaluationError) -> Double) {
            about = MetricDescription(name, name, "what it was given", needs: needs, better: better, cost: "1", paper: "none")
            self.read = read
        }

        func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { MetricResult(metric: name, value: try read(sets)) }
    }

    /// Names of the images of a set.
    private static func names(_ input: MetricInput) throws(EvaluationError) -> [String] {
        let images = try input.images(for: "probe")
        return images.positions.map(images.source.name)
    }

    /// Digits in ten folders; on the bundled network, whose features decide nothing here.
    @Test func setsAreWhatTheirDegreesSay() throws {
        let source = try ImageSource.open(Fixtures.path("digits/real"), labelled: true).limited(to: 500)
        let evaluator = Evaluator(try .named("default")) { try LoadedNetwork(FeatureNetworkCatalog.defaultName, on: CPUBackend()) }
        let probes = [
            Probe("count", better: .larger) { (sets) throws(EvaluationError) in Double(try Self.names(sets.fake).count) },
            Probe("different", better: .larger) { (sets) throws(EvaluationError) in Double(Set(try Self.names(sets.fake)).count) },
            Probe("classes", better: .larger) { (sets) throws(EvaluationError) in Double(Set(try sets.fake.labels(for: "probe").labels).count) },
            Probe("copies", better: .smaller) { (sets) throws(EvaluationError) in Double(Set(try Self.names(sets.fake)).intersection(try Self.names(sets.real(for: "probe"))).count) },
            Probe("new copies", better: .smaller, needs: [.real, .training, .images]) { (sets) throws(EvaluationError) in
                let (held, training) = (Set(try Self.names(sets.real(for: "probe"))), Set(try Self.names(sets.training(for: "probe"))))
                guard held.isDisjoint(with: training) else { return .nan }
                return Double(Set(try Self.names(sets.fake)).intersection(training).count)
            },
            Probe("refusing", better: .smaller) { (sets) throws(EvaluationError) in throw .imagesNeeded(metric: "refusing") },
        ]
        var study = SanityStudy(count: 100, seed: 3), told: [Int] = []
        study.disturbances = [.modeDropping, .modeDuplication, .memorisation, .sampleSize]
        let table = try study(source, probes, with: evaluator) { done, all in told.append(all - done) }
        func values(_ metric: String, _ disturbance: Disturbance) -> [Double] { table.curve(metric, disturbance).map(\.value) }
        #expect(told == Array((0..<told.count).reversed()) && told.count == 3 + 6 + 6 + 6 + 5)
        #expect(table.count == 100 && values("count", .modeDropping).allSatisfy { $0 == 100 })
        #expect(values("classes", .modeDropping) == [10, 9, 8, 7, 6, 5] && values("different", .modeDropping).allSatisfy { $0 == 100 })
        #expect(values("different", .modeDuplication) == [100, 91, 81, 61, 41, 21])
        #expect(values("copies", .memorisation) == [0, 10, 25, 50, 75, 90] && values("new copies", .memorisation) == [0, 10, 25, 50, 75, 90])
        #expect(values("count", .sampleSize) == [18, 37, 75, 150, 300] && table.curve("count", .sampleSize).map(\.degree) == [18, 37, 75, 150, 300])
        // Undisturbed sets all have a hundred images and no copies, so every change is one.
        func reaction(_ probe: Int, _ disturbance: Disturbance) -> SanityReaction? { table.reaction(of: probes[probe].about, to: disturbance) }
        #expect(reaction(1, .modeDuplication) == .worsens && reaction(3, .memorisation) == .worsens && reaction(0, .sampleSize) == .improves && reaction(0, .memorisation) == .holds)
        #expect(reaction(5, .memorisation) == nil && table.failures.keys.sorted() == ["refusing"])
        #expect(table.csv.hasPrefix("metric,disturbance,degree,value,lower,upper\ncount,mode-dropping,0.0,100.0,,\n"))
    }

    @Test func tooFewImagesAreRefused() throws {
        let source = try ImageSource.open(Fixtures.path("digits/real")).limited(to: 100)
        let evaluator = Evaluator(try .named("default")) { try LoadedNetwork(FeatureNetworkCatalog.defaultName, on: CPUBackend()) }
        #expect(throws: EvaluationError.tooFewImages(metric: "a study of metrics", set: "given", needed: 250, found: 100)) { try SanityStudy()(source, MetricCatalog.named("fid"), with: evaluator) }
    }
}
