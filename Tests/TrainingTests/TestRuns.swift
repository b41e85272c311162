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

    /// The lines of a kind in a run's log, as objects; for their texts, because Foundation reads long numbers as decimals and rounds them again.
    static func log(_ folder: String, _ kind: String) throws -> [[String: Any]] {
        try String(contentsOfFile: folder + "/log.jsonl", encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return fields?["kind"] as? String == kind ? fields : nil
        }
    }

    /// A column of the log with its steps, to the last bit.
    static func points(_ name: String, _ folder: String, _ kind: String) throws -> [(step: Int, value: Double)] {
        try RunHistory(RunFolder(folder, creating: false)).curves.first { $0.kind == kind && $0.name == name }?.points ?? []
    }

    /// A column of the log, to the last bit.
    static func numbers(_ name: String, _ folder: String, _ kind: String) throws -> [Double] { try points(name, folder, kind).map(\.value) }
}
