import Foundation
import Games
import Tensors
import TestSupport
import Training

/// Small runs for tests.
enum TestRuns {
    /// Perceptrons on points or on the 8 × 8 digits, with settings as `--set` takes them.
    static func configuration(_ game: String = "original", data: String, steps: Int, batchSize: Int = 64, _ settings: [String: String] = [:]) throws -> RunConfiguration {
        var configuration = RunConfiguration()
        try configuration.change("game", to: game)
        configuration.data = data
        (configuration.steps, configuration.batchSize, configuration.averageDecay) = (steps, batchSize, 0.99)
        (configuration.sampleEvery, configuration.checkpointEvery, configuration.logEvery) = (0, steps, 1)
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) { try configuration.change(name, to: value) }
        return configuration
    }

    /// The fixture's digits.
    static let digits = Fixtures.path("digits8x8.h5")

    /// Runs to the end in a folder.
    static func run(_ configuration: RunConfiguration, in folder: String) throws {
        try Run(starting: configuration, in: RunFolder(folder, creating: true), backend: CPUBackend()).run()
    }

    /// The lines of a run's log, numbers and texts by name.
    static func log(_ folder: String, _ kind: String) throws -> [[String: Any]] {
        try String(contentsOfFile: folder + "/log.jsonl", encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return fields?["kind"] as? String == kind ? fields : nil
        }
    }

    /// A column of the log.
    static func numbers(_ name: String, _ folder: String, _ kind: String) throws -> [Double] {
        try log(folder, kind).compactMap { ($0[name] as? NSNumber)?.doubleValue }
    }
}
