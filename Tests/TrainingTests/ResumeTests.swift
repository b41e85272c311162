import Foundation
import Games
import TestSupport
import Tensors
import Testing
import Training

/// Training 2N steps equals training N, stopping, and going on for N: every bit of every network, optimizer, average and log line.
@Suite struct ResumeTests {
    /// The smallest run of each game.
    static let runs: [(game: String, data: String, settings: [(String, String)])] = GameCatalog.all.map { game in
        switch game.name {
        case "original": (game.name, "ring", [("width", "16"), ("depth", "2"), ("latentSize", "4")])
        case "cyclegan": (game.name, "shapes:size=16,channels=1 + shapes:size=16,channels=1", [("translator.width", "4"), ("translator.blocks", "1"), ("critic.width", "4"), ("critic.halvings", "1")])
        default: (game.name, "shapes:size=16,channels=1", [("width", "4")])
        }
    }

    func configuration(_ run: (game: String, data: String, settings: [(String, String)]), steps: Int) throws -> RunConfiguration {
        var configuration = RunConfiguration()
        try configuration.change("game", to: run.game)
        configuration.data = run.data
        (configuration.steps, configuration.batchSize, configuration.logEvery) = (steps, 4, 1)
        (configuration.checkpointEvery, configuration.sampleEvery, configuration.sampleCount, configuration.diagnoseEvery) = (3, 3, 4, 2)
        let known = GameCatalog.settings(of: try GameCatalog.named(run.game)).map(\.name)
        for (name, value) in run.settings where known.contains(name) { try configuration.change(name, to: value) }
        return configuration
    }

    @Test(arguments: runs.indices)
    func aResumedRunIsTheUninterruptedOneBitForBit(_ index: Int) throws {
        let run = Self.runs[index]
        try Fixtures.withTemporaryFolder { folder in
            let whole = folder + "/whole", halves = folder + "/halves"
            try Run(starting: configuration(run, steps: 6), in: RunFolder(whole, creating: true), backend: CPUBackend()).run()
            try Run(starting: configuration(run, steps: 3), in: RunFolder(halves, creating: true), backend: CPUBackend()).run()
            try Run(resuming: RunFolder(halves, creating: false), steps: 6, backend: CPUBackend()).run()

            let (a, b) = (try RunFolder(whole, creating: false), try RunFolder(halves, creating: false))
            let (first, second) = (try Checkpoint(reading: a.checkpoint(6)), try Checkpoint(reading: b.checkpoint(6)))
            #expect(first.step == 6 && first.counters == second.counters)
            #expect(first.sections.keys.sorted() == second.sections.keys.sorted() && first.sections.count >= 4)
            for (section, state) in first.sections {
                for (name, entry) in state.entries {
                    #expect(entry.values.map(\.bitPattern) == second.sections[section]?.entries[name]?.values.map(\.bitPattern), "\(run.game): \(section)/\(name)")
                }
            }
            #expect(try a.text(of: a.log) == b.text(of: b.log), "\(run.game): the logs")
            #expect(try bytes(a.samples(6)) == bytes(b.samples(6)), "\(run.game): the samples")
            // Training did something: weights after three steps are not those after six.
            let half = try Checkpoint(reading: b.checkpoint(3))
            #expect(half.sections["players"]?.entries != second.sections["players"]?.entries)
        }
    }

    @Test func theSameSeedGivesTheSameBitsAndAnotherSeedOthers() throws {
        func weights(_ seed: Int) throws -> [UInt32] {
            var configuration = try configuration(Self.runs[0], steps: 2)
            configuration.seed = seed
            let trainer = try Trainer(configuration, backend: CPUBackend())
            _ = try trainer.advance()
            _ = try trainer.advance()
            return trainer.game.teams.flatMap(\.players).state.entries.sorted { $0.key < $1.key }.flatMap { $0.value.values.map(\.bitPattern) }
        }
        #expect(try weights(1) == weights(1))
        #expect(try weights(1) != weights(2))
    }

    @Test func aCheckpointOfOtherNetworksIsRefusedByName() throws {
        let small = try Trainer(configuration(Self.runs[0], steps: 2), backend: CPUBackend())
        var other = try configuration(Self.runs[0], steps: 2)
        try other.change("width", to: "17")
        let large = try Trainer(other, backend: CPUBackend())
        #expect(throws: TrainingError.self) { try large.restore(small.checkpoint(), from: "x.h5") }
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
}
