import Foundation
import TestSupport

/// Golden values of `Fixtures/metrics/distribution.json`, made by `make_distribution.py`.
struct DistributionGoldens: Decodable {
    struct Neighbours: Decodable { let realism: Double, realismFirst: [Double], fscore: Double, authenticity: Double }
    struct LeaveOneOut: Decodable { let accuracy: Double, real: Double, fake: Double, mean: Double, deviation: Double }
    struct Support: Decodable {
        let publishedAlpha: Double, publishedBeta: Double, publishedAlphaCurve: [Double], publishedBetaCurve: [Double], alpha: Double, beta: Double
    }
    struct Curve: Decodable { let precision: [Double], recall: [Double], f8: Double, f18: Double }
    struct Frontier: Decodable { let order: Double, inclusive: Bool, x: Double, y: Double }
    struct Quantised: Decodable {
        let p: [Double], q: [Double], gap: [Double], prd: Curve, prdGap: Curve, frontier: [Frontier], integral: [Double], different: [Int], divergence: [Double]
    }
    struct Clusters: Decodable { let mean: Double, spread: Double, best: Double }
    let dimension: Int, real: Int, fake: Int, neighbours: Neighbours, leaveOneOut: LeaveOneOut, support: Support, quantised: Quantised, clusters: Clusters

    /// The file's content.
    static func read() throws -> DistributionGoldens { try JSONDecoder().decode(DistributionGoldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/distribution.json")))) }
}
