import Foundation
import TestSupport

/// Golden values of `Fixtures/metrics/comparisons.json`.
struct ComparisonGoldens: Decodable {
    struct LeaveOneOut: Decodable { let dimension: Int, real: Int, fake: Int, ddof: Int, value: Double, changes: [Double] }
    struct Flat: Decodable { let real: [Float], fake: [Float], dimension: Int, value: Double, changes: [Double] }
    struct Exchange: Decodable { let first: [Double], second: [Double], p: Double }
    struct Poisson: Decodable { let count: Int, lower: Double, upper: Double }
    struct Copying: Decodable {
        struct Case: Decodable { let name: String, ct: Double, authpct: Double }
        let dimension: Int, cases: [Case]
    }
    let leaveOneOut: [LeaveOneOut], flat: Flat, exchange: [Exchange], poisson: [Poisson], copying: Copying

    static let all: ComparisonGoldens = try! JSONDecoder().decode(
        ComparisonGoldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/comparisons.json"))))
}
