import Evaluation
import Foundation
import Games
import GeneratorMeasures
import NeuralNetworks
import Tensors
import TestSupport
import Testing
import Training

/// Golden values of `Fixtures/generators/path_length.json`.
private struct PathLengthGoldens: Decodable {
    struct Case: Decodable { let mean: Double, std: Double, values: [Double] }
    let first: [Double], second: [Double], shares: [Double], latent: Int, hidden: Int
    let full: Case, end: Case, cropped: Case, torchmetrics: Case, fidelity: Case

    static func read() throws -> PathLengthGoldens { try JSONDecoder().decode(PathLengthGoldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("generators/path_length.json")))) }
}

@Suite struct PathLengthTests {
    private let golden: PathLengthGoldens

    init() throws { golden = try .read() }

    private func paths(_ share: (Int) -> Double) -> [PerceptualPathLength.Path] {
        let size = golden.latent
        return golden.shares.indices.map {
            .init(Array(golden.first[$0 * size..<($0 + 1) * size]), Array(golden.second[$0 * size..<($0 + 1) * size]), share: share($0))
        }
    }

    /// Means and single steps against the peers' functions. Pictures are float32 here and float64 there: a step of 1e-4 leaves two digits of a single difference and three of the mean.
    private func check(_ expected: PathLengthGoldens.Case, _ measure: PerceptualPathLength, side: Int = 8, share: (Int) -> Double, single: Double, mean: Double) throws {
        let backend = CPUBackend(), game = try SineGenerator.make(latent: golden.latent, hidden: golden.hidden, side: side, on: backend)
        let values = try measure.distances(game, along: paths(share), SquaredDifference(), on: backend)
        let scale = expected.mean
        for (index, (value, golden)) in zip(values, expected.values).enumerated() { #expect(abs(value - golden) <= single * (golden + scale), "\(index): \(value), expected \(golden)") }
        let result = try measure.result(values)
        #expect(abs(result.value - expected.mean) <= mean * expected.mean, "\(result.value), expected \(expected.mean)")
        #expect(abs(try #require(result[detail: "std"]) - expected.std) <= mean * expected.std)
    }

    @Test func styleGANs() throws {
        var measure = PerceptualPathLength()
        try check(golden.full, measure, share: { golden.shares[$0] }, single: 8e-3, mean: 5e-4)
        try check(golden.end, measure, share: { _ in 0 }, single: 8e-3, mean: 5e-4)
        (measure.crops, measure.step) = (true, 1e-3)
        try check(golden.cropped, measure, side: 16, share: { golden.shares[$0] }, single: 1e-3, mean: 5e-5)
    }

    @Test func torchmetricss() throws {
        var measure = PerceptualPathLength()
        measure.convention = .torchmetrics
        try check(golden.torchmetrics, measure, share: { _ in 0 }, single: 8e-3, mean: 5e-4)
    }

    /// A value that lies between two grey levels in float64 may be rounded the other way in float32: 1 of 9600, then.
    @Test func torchFidelitys() throws {
        var measure = PerceptualPathLength()
        (measure.convention, measure.step) = (.torchFidelity, 0.05)
        try check(golden.fidelity, measure, share: { _ in 0 }, single: 0, mean: 1e-3)
    }

    /// NumPy's `percentile` of 0, 1, …, 9, and a population of which the trimmed mean is known.
    @Test func percentilesAndTheirError() throws {
        let few = try PercentileMean((0..<10).map(Double.init), from: 0.15, through: 0.85)
        #expect(few.bounds == 1...8 && few.kept == 8 && few.mean == 4.5)
        #expect(try PercentileMean((0..<10).map(Double.init), from: 0.15, through: 0.85, roundsUp: false).bounds == 1...7)
        #expect(throws: EvaluationError.tooFewImages(metric: "path-length", set: "generated", needed: 2, found: 1)) { try PercentileMean([1]) }
        // Exponential draws: the mean between the percentiles a and b is ((a + 1) e^−a − (b + 1) e^−b) / (e^−a − e^−b).
        let a = -log(0.99), b = -log(0.01)
        let truth = ((a + 1) * exp(-a) - (b + 1) * exp(-b)) / (exp(-a) - exp(-b))
        var generator = MersenneTwister(seed: 7), covered = 0
        for _ in 0..<400 {
            let draws = (0..<300).map { _ in -log(1 - generator.randomSample()) }
            if try #require(PercentileMean(draws).interval(0.95)).contains(truth) { covered += 1 }
        }
        #expect((364...396).contains(covered), "\(covered) of 400 intervals cover \(truth)")
    }

    /// tanh is the identity for small numbers: the length of a straight step in a linear generator W is ‖W(b − a)‖², in the mean 2 ‖W‖².
    private func linear(_ backend: any Backend) throws -> (game: Original, matrix: [[Double]]) {
        var configuration = Original.Configuration()
        (configuration.latentSize, configuration.depth) = (2, 0)
        let game = try Original(configuration, World(sample: [8, 8, 1], classes: 0, stream: RandomStream(seed: 0), backend: backend))
        let weight = (0..<128).map { Float(1e-3 * sin(Double($0))) }
        game.set("generator.layers.0.weight", weight, [64, 2])
        game.set("generator.layers.0.bias", [Float](repeating: 0, count: 64), [64])
        return (game, (0..<64).map { [Double(weight[2 * $0]), Double(weight[2 * $0 + 1])] })
    }

    private func length(_ matrix: [[Double]], _ step: [Double]) -> Double {
        matrix.reduce(0) { sum, row in
            let change = (row[0] * step[0] + row[1] * step[1]) / 2
            return sum + 3 * change * change
        }
    }

    @Test func linearGeneratorsHaveAClosedForm() throws {
        let backend = CPUBackend(), (game, matrix) = try linear(backend)
        var measure = PerceptualPathLength()
        (measure.way, measure.step) = (.linear, 0.1)
        let normals = RandomStream(seed: 5).normals(4000 * 4)
        let paths = (0..<4000).map { (index: Int) -> PerceptualPathLength.Path in
            let ends = Array(normals[4 * index..<4 * index + 4])
            return .init(Array(ends[..<2]), Array(ends[2...]), share: Double(index % 7) / 8)
        }
        let values: [Double] = try measure.distances(game, along: paths, SquaredDifference(), on: backend)
        for index in 0..<100 {
            let (path, value) = (paths[index], values[index])
            let exact = length(matrix, [path.second[0] - path.first[0], path.second[1] - path.first[1]])
            #expect(abs(value - exact) <= 1e-2 * exact + 1e-9)
        }
        let mean: Double = values.reduce(0, +) / 4000
        let expected: Double = 2 * (length(matrix, [1, 0]) + length(matrix, [0, 1]))
        #expect(abs(mean - expected) <= 0.06 * expected, "\(mean), expected \(expected): the error is about 1.6 %")
    }

    /// In w the way is between what the mapping makes of latents, whatever the convention.
    @Test func waysInWAreStraightBehindTheMapping() throws {
        let backend = CPUBackend(), (game, matrix) = try linear(backend), mapped = Mapped(game)
        var measure = PerceptualPathLength()
        (measure.space, measure.step) = (.w, 0.1)
        let value = try measure.distances(mapped, along: [.init([1, 0], [0.5, 2], share: 0.3)], SquaredDifference(), on: backend)[0]
        let w = (Mapped.map([1, 0]), Mapped.map([0.5, 2])), exact = length(matrix, [w.1[0] - w.0[0], w.1[1] - w.0[1]])
        #expect(abs(value - exact) <= 1e-2 * exact)
    }

    @Test func picturesTooSmallAreRefused() throws {
        let backend = CPUBackend(), (game, _) = try linear(backend)
        struct Large: PairMeasure {
            let name = "large", title = "large", isBetterLarger = false, smallestSide = 32, identity: [String: String] = [:]
            func prepare(_ pictures: [Picture], workers: Int) -> [Picture] { pictures }
            static func compare(_ a: Picture, _ b: Picture) -> Double { 0 }
            static func byteCount(_ prepared: Picture) -> Int { 0 }
        }
        let path = [PerceptualPathLength.Path([1, 0], [0, 1], share: 0)]
        #expect(throws: EvaluationError.badOption(name: "the size of the samples", value: "8 x 8", expected: "at least 32 x 32 for large; --size 64 enlarges them")) {
            try PerceptualPathLength().distances(game, along: path, Large(), on: backend)
        }
        var measure = PerceptualPathLength()
        measure.side = 3
        #expect(throws: EvaluationError.badOption(name: "--size", value: "3", expected: "a divisor of 8, the side of the samples, or a larger number")) {
            try measure.distances(game, along: path, SquaredDifference(), on: backend)
        }
        measure.side = 32
        #expect(try measure.distances(game, along: path, Large(), on: backend) == [0])
    }
}

/// A game with a mapping network: w = (2 z₀ + 1, z₁²).
private final class Mapped: LatentMapping {
    static let name = "mapped", summary = "", source = ""
    private let game: Original

    init(_ game: Original) { self.game = game }
    init(_ configuration: Original.Configuration, _ world: World) throws(GameError) { game = try Original(configuration, world) }

    static func map(_ z: [Double]) -> [Double] { [2 * z[0] + 1, z[1] * z[1]] }

    var configuration: Original.Configuration { game.configuration }
    var teams: [Team] { game.teams }
    var phases: [Phase] { game.phases }
    var latentNumbers: Int { 2 }
    var hasMapping: Bool { true }
    func losses(of phase: Phase, _ turn: Turn) -> Losses { game.losses(of: phase, turn) }
    func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor { game.samples(count, options, stream) }
    func samples(from latents: Tensor, labels: [Int]?) -> Tensor { samples(fromMapped: mapped(latents, labels: labels), labels: labels) }
    func mapped(_ latents: Tensor, labels: [Int]?) -> Tensor {
        let parts = latents.split(axis: 1, [1, 1])
        return .concatenated([parts[0] * 2 + 1, parts[1].squared])
    }
    func samples(fromMapped mapped: Tensor, labels: [Int]?) -> Tensor { game.samples(from: mapped, labels: labels) }
}
