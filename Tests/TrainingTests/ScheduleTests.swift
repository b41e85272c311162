import Foundation
import Games
import Optimizers
import Tensors
import TestSupport
import Testing
import Training

/// Learning rates that change over a run: as written, as applied, and after a resumption.
@Suite struct ScheduleTests {
    @Test(arguments: [
        ("constant", "constant"), ("linear", "linear from 50% to 100% end 0.0"), ("linear from 2 end 0.5", "linear from 2 to 100% end 0.5"),
        ("cosine to 80%", "cosine to 80% end 0.0"), ("step every 3 by 0.5", "step every 3 by 0.5"), ("exponential by 0.9", "exponential by 0.9"),
        ("warm-up 4 then cosine", "warm-up 4 then cosine to 100% end 0.0"),
    ])
    func whatIsWrittenReadsBack(_ text: String, _ full: String) throws {
        let setting = try #require(ScheduleSetting(text))
        #expect(setting.description == full && ScheduleSetting(full) == setting)
    }

    @Test(arguments: ["", "linnear", "linear to", "linear from -1", "linear from 101%", "linear from 60% to 50%", "linear from 9 to 8", "linear end 2", "linear by 3", "linear from 1 from 2",
                      "step", "step every 0 by 0.5", "step every 3", "exponential", "exponential by 1.5", "warm-up 3", "warm-up 3 then", "warm-up then linear", "constant to 3", "cosine from 3"])
    func whatIsNoneIsRefusedWithTheRange(_ text: String) throws {
        var configuration = RunConfiguration()
        #expect { try configuration.change("generator.schedule", to: text) } throws: { error in
            "\(error)".hasPrefix("'generator.schedule' cannot be '\(text)': it takes constant; linear [from STEP]")
        }
    }

    /// The factor of each step of a run of 8, by the formulas of the documentation.
    static let factors: [(text: String, values: [Double])] = [
        ("linear", [1, 1, 1, 1, 1, 0.75, 0.5, 0.25]),
        ("linear from 2 to 6 end 0.5", [1, 1, 1, 0.875, 0.75, 0.625, 0.5, 0.5]),
        ("cosine", (0..<8).map { (step: Int) -> Double in (1 + cos(.pi * Double(step) / 8)) / 2 }),
        ("step every 3 by 0.5", [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]),
        ("exponential by 0.5", (0..<8).map { (step: Int) -> Double in pow(0.5, Double(step)) }),
        ("warm-up 4 then linear", [0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25]),
    ]

    @Test(arguments: factors)
    func factorsAreTheClosedForms(_ text: String, _ expected: [Double]) throws {
        let setting = try #require(ScheduleSetting(text)), schedule = setting.schedule(steps: 8)
        for step in 0..<8 { #expect(abs(schedule.factor(at: step) - expected[step]) < 1e-15, "step \(step)") }
        // Numbers of steps keep their meaning when the run gets longer.
        #expect(setting.resolved(steps: 8).schedule(steps: 800) == schedule)
    }

    /// Plain gradient descent at the rates of the log, by hand, from the weights before.
    @Test func stepsAreTakenAtTheScheduledRate() throws {
        var configuration = try TestRuns.configuration(data: "ring", steps: 4, ["width": "8", "depth": "1", "latentSize": "2", "generator.schedule": "linear from 0", "critic.learningRate": "0"])
        for team in ["generator", "critic"] {
            for (name, value) in ["optimizer": "sgd", "beta1": "0"] { try configuration.change("\(team).\(name)", to: value) }
        }
        try configuration.change("generator.learningRate", to: "0.5")
        // Distance moved over the norm of the gradient is the rate.
        let trainer = try Trainer(configuration, backend: CPUBackend())
        func weights() -> [Float] { trainer.game.team("generator").parameters.flatMap { $0.parameter.tensor.floats } }
        for step in 0..<4 {
            let before = weights(), report = try trainer.advance()
            let moved = zip(before, weights()).reduce(0.0) { $0 + Double($1.1 - $1.0) * Double($1.1 - $1.0) }.squareRoot()
            let curves = Dictionary(uniqueKeysWithValues: report.curves.map { ($0.name, $0.value) })
            let rate = 0.5 * (1 - Double(step) / 4), norm = try #require(curves["generator gradient"])
            #expect(curves["generator rate"] == rate && curves["critic rate"] == nil)
            #expect(abs(moved - rate * norm) < 1e-5 * rate * norm, "step \(step): \(moved), \(rate) × \(norm)")
        }
    }

    @Test func aResumedRunKeepsTheScheduleItBeganWith() throws {
        try Fixtures.withTemporaryFolder { folder in
            let settings = ["width": "8", "depth": "1", "latentSize": "2", "generator.schedule": "warm-up 2 then linear from 50%", "critic.schedule": "cosine"]
            var configuration = try TestRuns.configuration(data: "ring", steps: 6, settings)
            configuration.checkpointEvery = 3
            let whole = folder + "/whole", halves = folder + "/halves"
            try TestRuns.run(configuration, in: whole)
            // Stopped by hand after three of six steps.
            let first = try Run(starting: configuration, in: RunFolder(halves, creating: true), backend: CPUBackend())
            first.isCancelled = { first.trainer.step == 3 }
            #expect(throws: TrainingError.interrupted(step: 3, folder: halves)) { try first.run() }
            try Run(resuming: RunFolder(halves, creating: false), backend: CPUBackend()).run()
            let (a, b) = (try RunFolder(whole, creating: false), try RunFolder(halves, creating: false))
            #expect(try a.text(of: a.log) == b.text(of: b.log))
            let (one, two) = (try Checkpoint(reading: a.checkpoint(6)), try Checkpoint(reading: b.checkpoint(6)))
            #expect(one.sections["players"]?.entries == two.sections["players"]?.entries)
            #expect(try a.text(of: a.configuration).contains("generator.schedule: 'warm-up 2 then linear from 3 to 6 end 0.0'"))

            // Going on past the end: the first six steps would have been no others.
            try Run(resuming: b, steps: 8, backend: CPUBackend()).run()
            #expect(try TestRuns.numbers("critic rate", halves, "losses").suffix(2) == [0, 0])
            #expect(try TestRuns.numbers("generator rate", halves, "losses").prefix(6) == TestRuns.numbers("generator rate", whole, "losses").prefix(6))
        }
    }
}
