import Foundation
import TestSupport

/// Golden values of `Fixtures/metrics/metrics.json`.
struct MetricGoldens: Decodable {
    struct Generator: Decodable {
        let seed: UInt32, draws: [UInt32], uniforms: [Double], normals: [Double], integers: [Int], permutation: [Int], choices: [[Int]]
        let largeFirst: [Int], largeHash: String, afterwards: Double
    }
    struct Quantile: Decodable { let p: Double, z: Double }
    struct Kernel: Decodable {
        let dimension: Int, real: Int, fake: Int, poly: [Double], rbf: [Double], clean: Double, shrunk: Double
        let full: Double, fullQuadratic: Double, fullGaussian: Double
    }
    struct Score: Decodable {
        let classes: Int, count: Int, fidelity: [Double], natural: [Double], original: [Double], adm: Double, ceiling: [Double], floor: Double
    }
    let generator: [Generator], quantiles: [Quantile], kid: Kernel, inceptionScore: Score, float32Mean: [Double]

    static let all: MetricGoldens = try! JSONDecoder().decode(
        MetricGoldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/metrics.json"))))
}
