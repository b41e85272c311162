import Foundation
import Testing

/// Gates are recalibrated by running them with several seeds: `GATE_SEEDS=1,2,3 Scripts/test --filter GamesTests`.
enum Gate {
    /// Seeds to run every gate with; one in continuous integration.
    static let seeds: [Int] = ProcessInfo.processInfo.environment["GATE_SEEDS"]?.split(separator: ",").compactMap { Int($0) } ?? [1]

    /// Measures, prints every value with its bound, and expects them to hold.
    static func check(_ name: String, seed: Int, _ body: () throws -> [Measurement]) rethrows {
        let start = Date()
        let measurements = try body()
        let seconds = Date().timeIntervalSince(start)
        for measurement in measurements {
            print("gate \(name) seed \(seed): \(measurement) (\(String(format: "%.1f", seconds)) s)")
            #expect(measurement.holds, "\(name), seed \(seed): \(measurement)")
        }
    }

    /// A number and what it must be.
    struct Measurement: CustomStringConvertible {
        var name: String, value: Double, bound: Double, isUpper: Bool

        static func below(_ name: String, _ value: Double, _ bound: Double) -> Measurement { Measurement(name: name, value: value, bound: bound, isUpper: true) }
        static func above(_ name: String, _ value: Double, _ bound: Double) -> Measurement { Measurement(name: name, value: value, bound: bound, isUpper: false) }

        var holds: Bool { isUpper ? value <= bound : value >= bound }
        var description: String { "\(name) \(String(format: "%.4g", value)) \(isUpper ? "≤" : "≥") \(String(format: "%.4g", bound))\(holds ? "" : " FAILS")" }
    }
}

/// One after another: each wants all cores.
@Suite(.serialized) enum Gates {}
