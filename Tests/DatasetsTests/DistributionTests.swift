import Datasets
import Foundation
import Tensors
import Testing

@Suite struct DistributionTests {
    private static let stream = RandomStream(seed: 7)

    static let all: [any SampleSource] = ToyDistribution.all.map { $0.source(stream: stream) }

    @Test("A sample depends on seed and index only", arguments: ToyDistribution.all.map(\.name))
    func functionsOfTheIndex(_ name: String) throws {
        let distribution = try #require(ToyDistribution.all.first { $0.name == name })
        let source = distribution.source(stream: Self.stream), size = source.sampleSize
        let values = try source.read(Array(0..<200))
        for index in [0, 1, 2, 3, 77, 150, 199] {
            #expect(try source.read([index]) == Array(values[index * size..<(index + 1) * size]))
        }
        #expect(try source.read([9, 4, 150]) == [9, 4, 150].flatMap { values[$0 * size..<($0 + 1) * size] })
        #expect(try distribution.source(stream: RandomStream(seed: 8)).read([0]) != source.read([0]))
        #expect(source.count == nil)
        if let names = source.classNames {
            #expect(Set((0..<500).map { source.label($0) }) == Set(names.indices.map { $0 }))
        } else {
            #expect(source.label(0) == nil)
        }
        let far = try source.read([1 << 40])
        #expect(far.allSatisfy { $0.isFinite })
        #expect(try far != source.read([0]))
    }

    private func points(_ source: any SampleSource, _ count: Int) throws -> [SIMD2<Double>] {
        let values = try source.read(Array(0..<count))
        return (0..<count).map { SIMD2(Double(values[2 * $0]), Double(values[2 * $0 + 1])) }
    }

    @Test func theRingHasEightModes() throws {
        let ring = GaussianMixture.ring(stream: Self.stream), points = try points(ring, 16_000)
        for mode in 0..<8 {
            let angle = Double(mode) / 8 * 2 * .pi
            let centre = SIMD2(ring.centres[mode][0], ring.centres[mode][1]), offset = centre - 2 * SIMD2(cos(angle), sin(angle))
            #expect((offset * offset).sum() < 1e-28)
            let own = points.indices.filter { ring.label($0) == mode }.map { points[$0] - centre }
            // 2 000 ± 42 expected; the mean within 0.1/√2000 = 0.0022, the deviation within 0.1/√4000 = 0.0016: four of each.
            #expect(abs(own.count - 2000) < 168)
            let mean = own.reduce(SIMD2<Double>(), +) / Double(own.count)
            #expect(abs(mean.x) < 0.009 && abs(mean.y) < 0.009)
            let squares = own.reduce(SIMD2<Double>()) { $0 + $1 * $1 } / Double(own.count)
            #expect(abs(squares.x.squareRoot() - 0.1) < 0.0064 && abs(squares.y.squareRoot() - 0.1) < 0.0064)
        }
        let small = GaussianMixture.ring(deviation: 0.02, divisor: 2.0.squareRoot(), stream: Self.stream)
        #expect(abs(small.centres[0][0] - 2.0.squareRoot()) < 1e-14 && abs(small.deviations[3] - 0.02 / 2.0.squareRoot()) < 1e-16)
    }

    @Test func theGridHasTwentyFive() throws {
        let grid = GaussianMixture.grid(stream: Self.stream), points = try points(grid, 10_000)
        #expect(grid.centres.count == 25 && grid.centres[0] == [-4, -4] && grid.centres[24] == [4, 4] && grid.centres[7] == [0, -2])
        for (index, point) in points.enumerated() {
            let centre = grid.centres[grid.label(index) ?? 0]
            #expect(abs(point.x - centre[0]) < 0.3 && abs(point.y - centre[1]) < 0.3)
        }
    }

    @Test("The mixture's density is that of its samples")
    func density() throws {
        let mixture = GaussianMixture.line(stream: Self.stream)
        // ∫p = 1 and ∫xp = 0.5·(−2) + 0.3·1 + 0.2·3 = −0.1, by the rectangle rule on a smooth function that vanishes at both ends.
        var (total, mean) = (0.0, 0.0)
        for x in stride(from: -10.0, to: 10, by: 0.01) {
            let share = exp(mixture.logDensity([x])) * 0.01
            (total, mean) = (total + share, mean + x * share)
        }
        #expect(abs(total - 1) < 1e-12 && abs(mean + 0.1) < 1e-12)
        let values: [Float] = try mixture.read(Array(0..<100_000))
        // The share left of 0, by the normal distribution function: 0.5 Φ(4) + 0.3 Φ(−10/3) + 0.2 Φ(−5) = 0.500113; deviation 0.0016.
        let share = Double(values.count { $0 < 0 }) / 100_000
        #expect(abs(share - 0.500113) < 0.0064)
        // At −2 the other components are 10 and 8.3 deviations away: ln (0.5 · 0.398942 / 0.5).
        #expect(abs(mixture.logDensity([-2]) + 0.918938533204673) < 1e-9)
        #expect(mixture.logDensity([1e3]).isFinite)
    }

    @Test func theCurvesHaveTheirShapes() throws {
        // Without noise each point lies on its curve.
        let moons = NoisyCurve.twoMoons(deviation: 0, stream: Self.stream)
        for (index, point) in try points(moons, 2000).enumerated() {
            let isOuter = moons.label(index) == 0, centre = isOuter ? SIMD2<Double>(0, 0) : SIMD2<Double>(1, 0.5), offset = point - centre
            #expect(abs((offset * offset).sum() - 1) < 1e-6)
            #expect(isOuter ? offset.y >= -1e-6 : offset.y <= 1e-6)
        }
        let roll = try points(NoisyCurve.swissRoll(deviation: 0, stream: Self.stream), 2000)
        let radii = roll.map { ($0 * $0).sum().squareRoot() * 7.5 }
        for (point, t) in zip(roll, radii) {
            let offset = point * 7.5 - t * SIMD2(cos(t), sin(t))
            #expect((offset * offset).sum() < 1e-8)
        }
        #expect(radii.allSatisfy { $0 > 1.5 * .pi - 1e-4 && $0 < 4.5 * .pi + 1e-4 })
        // t is uniform: mean 3π, deviation √3·π/2 / √2000 = 0.061.
        let mean = radii.reduce(0, +) / 2000
        #expect(abs(mean - 9.4248) < 0.25)
        let spiral = NoisyCurve.spiral(arms: 3, deviation: 0, stream: Self.stream)
        for (index, point) in try points(spiral, 2000).enumerated() {
            let radius = (point * point).sum().squareRoot(), arm = Double(try #require(spiral.label(index)))
            let angle: Double = 2 * Double.pi * (1.5 * radius / 2 + arm / 3)
            let offset = point - radius * SIMD2(cos(angle), sin(angle))
            #expect(radius <= 2 && (offset * offset).sum() < 1e-10)
        }
        let noisy = try points(NoisyCurve.twoMoons(deviation: 0.1, stream: Self.stream), 4000), clean = try points(moons, 4000)
        var squares = 0.0
        for (a, b) in zip(noisy, clean) { squares += ((a - b) * (a - b)).sum() }
        // 8 000 numbers: deviation 0.1/√16000 = 0.0008.
        #expect(abs((squares / 8000).squareRoot() - 0.1) < 0.0032)
    }

    @Test("Shapes are inside their picture, of equal area whatever they are, and smooth at their edges", arguments: [1, 3])
    func shapes(_ channels: Int) throws {
        let shapes = ShapeImages(size: 32, channels: channels, stream: Self.stream), size = shapes.sampleSize
        #expect(shapes.classNames == ["circle", "square", "triangle"] && shapes.shape == [32, 32, channels])
        let values = try shapes.read(Array(0..<600))
        #expect(values.allSatisfy { value in
            let byte = (value + 1) * 127.5
            return byte > -0.001 && byte < 255.001 && abs(byte - byte.rounded()) < 0.001
        })
        var areas: [Int: [Double]] = [:]
        for index in 0..<600 {
            let image = values[index * size..<(index + 1) * size].map { (Double($0) + 1) / 2 }
            let strongest = (0..<channels).map { channel in stride(from: channel, to: size, by: channels).map { image[$0] }.max() ?? 0 }
            #expect(strongest.allSatisfy { channels == 1 ? $0 == 1 : $0 >= 0.249 })
            let coverage = stride(from: 0, to: size, by: channels).map { image[$0] / strongest[0] }
            #expect(coverage.contains { $0 > 0.1 && $0 < 0.9 })
            for edge in 0..<32 { #expect([edge, 31 * 32 + edge, edge * 32, edge * 32 + 31].allSatisfy { coverage[$0] <= 0.51 }) }
            areas[shapes.label(index) ?? 9, default: []].append(coverage.reduce(0, +))
        }
        #expect(areas.keys.sorted() == [0, 1, 2])
        // π r² for r uniform in 0.16 … 0.28 of 32: mean 159.3, deviation 49 over 200 pictures 3.5.
        for area in areas.values { #expect(abs(area.reduce(0, +) / Double(area.count) - 159.3) < 14) }
    }

    @Test func specificationsAreRead() throws {
        func open(_ text: String) throws -> any SampleSource { try DataSourceSpecification(parsing: text).open(stream: Self.stream) }
        let ring = try #require(try open("ring:modes=5,deviation=0.02") as? GaussianMixture)
        #expect(ring.centres.count == 5 && ring.deviations == Array(repeating: 0.02, count: 5) && ring.name == "ring:modes=5,deviation=0.02")
        #expect(try open("shapes:size=24,channels=3").shape == [24, 24, 3])
        #expect(try open("grid").read([3]) == GaussianMixture.grid(stream: Self.stream).read([3]))
        #expect(try DataSourceSpecification(parsing: "./ring").isDistribution == false && DataSourceSpecification(parsing: "ring").isDistribution)

        func failure(_ text: String, labelled: Bool = false) -> String? {
            do throws(DatasetError) { _ = try DataSourceSpecification(parsing: text).open(labelled: labelled, stream: Self.stream); return nil } catch { return "\(error)" }
        }
        #expect(failure("ring:mode=5") == "ring:mode=5: ring has no option 'mode'; did you mean modes? (modes, radius, deviation, divisor)")
        #expect(failure("ring:modes=2.5") == "ring:modes=2.5: expected modes = a whole number in 1…1000, found '2.5'")
        #expect(failure("ring:modes=0")?.hasSuffix("found '0'") == true && failure("ring:radius=nan")?.hasSuffix("found 'nan'") == true)
        #expect(failure("shapes:channels=2") == "shapes:channels=2: expected channels = 1 or 3, found '2'")
        #expect(failure("ring:modes") == "ring:modes: expected option=number after ring:, found 'modes'")
        #expect(failure("ring:")?.hasSuffix("found ''") == true)
        #expect(failure("ring:modes=3,modes=4") == "ring:modes=3,modes=4: modes is given twice")
        #expect(failure("rign")?.contains("neither a file (No such file or directory) nor a distribution; did you mean ring? (ring, grid, ") == true)
        #expect(failure("quux")?.contains("; expected one of ring, grid, spiral") == true)
        #expect(failure("no/such/file") == "no/such/file: cannot be read: No such file or directory")
        #expect(failure("swiss-roll", labelled: true) == "swiss-roll: no class labels: swiss-roll has none")
    }
}
