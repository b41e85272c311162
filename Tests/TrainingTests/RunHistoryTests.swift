import Foundation
import TestSupport
import Tensors
import Testing
import Training

/// What a run logs can be read back as curves.
@Suite struct RunHistoryTests {
    @Test func curvesAreWhatTheRunLogged() throws {
        try Fixtures.withTemporaryFolder { path in
            var configuration = RunConfiguration()
            try configuration.change("game", to: "original")
            for (name, value) in [("width", "8"), ("depth", "1"), ("latentSize", "2")] { try configuration.change(name, to: value) }
            (configuration.data, configuration.steps, configuration.batchSize, configuration.logEvery) = ("ring", 7, 4, 2)
            (configuration.checkpointEvery, configuration.sampleEvery) = (100, 100)
            let folder = try RunFolder(path + "/run", creating: true), backend = CPUBackend()
            try Run(starting: configuration, in: folder, backend: backend).run()

            let trainer = try Trainer(configuration, backend: backend), history = try RunHistory(folder)
            var expected: [String: [(Int, Double)]] = [:]
            for step in 1...7 {
                for (name, value) in try trainer.advance().curves + trainer.weightNorms { expected[name, default: []].append((step, value)) }
            }
            for team in trainer.game.teams {
                let squares = team.parameters.flatMap { $0.parameter.tensor.doubles.map { $0 * $0 } }.reduce(0, +), norm = try #require(expected[team.name + " weights"]?.last).1
                #expect(abs(norm - squares.squareRoot()) < 1e-6 * norm)
            }
            #expect(!history.curves.isEmpty && Set(history.curves.filter { $0.kind == "losses" }.map(\.name)).isSuperset(of: ["critic loss", "generator loss"]))
            #expect(expected.keys.allSatisfy { name in history.curves.contains { $0.kind == "losses" && $0.name == name } })
            for curve in history.curves where curve.kind == "losses" {
                guard let values = expected[curve.name] else { continue }
                let numbers = Dictionary(uniqueKeysWithValues: values)
                #expect(curve.points.count >= 4 && curve.points.allSatisfy { numbers[$0.step]?.bitPattern == $0.value.bitPattern }, "\(curve.name)")
            }

            // A line that is being written is no error, one that is damaged is.
            let log = try folder.text(of: folder.log)
            try Data((log + "{\"kind\":\"losses\",\"st").utf8).write(to: URL(fileURLWithPath: folder.log))
            #expect(try RunHistory(folder) == history)
            try Data((log + "{\"kind\":\"losses\",\"step\":9,\"a\":null,\"b\":1}\n").utf8).write(to: URL(fileURLWithPath: folder.log))
            #expect(try RunHistory(folder).curves.suffix(2).map(\.name) == ["a", "b"] && RunHistory(folder).curves.dropLast().last?.points.first?.value.isNaN == true)
            // A measurement under other settings is another curve.
            let measured = ["x", "x", "y"].enumerated().map { "{\"kind\":\"measurement\",\"step\":\($0),\"fid\":\($0),\"network\":\"\($1)\"}\n" }.joined()
            try Data((log + measured).utf8).write(to: URL(fileURLWithPath: folder.log))
            let curves = try RunHistory(folder).curves.filter { $0.name == "fid" }
            #expect(curves.map(\.identity) == [["network": "x"], ["network": "y"]] && curves.map { $0.points.map(\.step) } == [[0, 1], [2]])
            try Data((log + "nonsense\n").utf8).write(to: URL(fileURLWithPath: folder.log))
            let lines = log.split(separator: "\n").count
            #expect { try RunHistory(folder) } throws: { "\($0)".contains("line \(lines + 1) of log.jsonl") }
        }
    }
}
