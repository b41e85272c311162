import Datasets
import Evaluation
import Foundation
import Games
import GeneratorMeasures
import Tensors
import TestSupport
import Testing

@Suite struct ReconstructionTests {
    /// A generator `Q z + b` with orthonormal columns reaches the nearest point of a plane.
    @Test func linearGeneratorsProject() throws {
        let columns: [[Double]] = [[0.5, 0.5, 0.5, 0.5, 0], [0.5, -0.5, 0.5, -0.5, 0]], shift = [0.1, 0.2, 0.3, 0.4, 0.5]
        try Fixtures.withTemporaryFolder { folder in
            let run = try SavedRun.make("plane", ["depth": "0", "latentSize": "2"], sample: [5], in: folder) { game in
                game.set("generator.layers.0.weight", (0..<5).flatMap { row in columns.map { Float($0[row]) } }, [5, 2])
                game.set("generator.layers.0.bias", shift.map { Float($0) }, [5])
            }
            let values = RandomStream(seed: 3).normals(20 * 5).map { Float($0) }
            var measure = ReconstructionError()
            (measure.count, measure.restarts) = (20, 2)
            let found = try measure(run, real: RealSamples(ArraySamples(values, shape: [5], labels: nil, name: "points"))), result = found.report.results[0]
            let exact = (0..<20).map { row -> Double in
                let x = (0..<5).map { Double(values[5 * row + $0]) - shift[$0] }
                func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
                return (dot(x, x) - columns.reduce(0) { $0 + dot($1, x) * dot($1, x) }) / 5
            }
            let highest = try #require(result[detail: "highest"]), norm = try #require(result[detail: "mean_squared_norm"])
            #expect(abs(result.value - exact.reduce(0, +) / 20) < 1e-5 && abs(highest - (exact.max() ?? 0)) < 1e-5 && abs(norm - 5 * result.value) < 1e-12, "\(result.value)")
            #expect(found.picture == nil)
            #expect(try #require(result[detail: "converged"]) > 0.5)
        }
    }

    /// What a generator made itself is found again.
    @Test func ownSamplesAreFound() throws {
        try Fixtures.withTemporaryFolder { folder in
            let run = try SavedRun.make("sines", ["depth": "1", "width": "5", "latentSize": "3"], sample: [8, 8, 1], in: folder) { game in
                guard let sines = try? SineGenerator.make(latent: 3, hidden: 5, side: 8, on: CPUBackend()) else { return }
                for (name, parameter) in sines.team("generator").parameters { game.set(name, parameter.tensor.floats, parameter.tensor.shape) }
            }
            let made = try run.trainer.samples(6, SamplingOptions(), "own").floats
            var measure = ReconstructionError()
            (measure.count, measure.restarts, measure.steps) = (6, 8, 200)
            let found = try measure(run, real: RealSamples(ArraySamples(made, shape: [8, 8, 1], labels: nil, name: "own")))
            #expect(found.report.results[0].value < 1e-3, "\(found.report.results[0])")
            #expect(found.picture.map { [$0.width, $0.height] } == [82, 22])
        }
    }

    /// Rosenbrock's valley, whose lowest point is (1, 1).
    @Test func searchesGoDownCurvedValleys() {
        var search = LimitedMemorySearch(from: [-1.2, 1])
        while let x = search.trial {
            let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
            search.receive(a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
        }
        #expect(search.isConverged && abs(search.point[0] - 1) < 1e-7 && abs(search.point[1] - 1) < 1e-7 && search.value < 1e-14)
    }
}
