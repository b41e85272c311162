import Games
import Testing
import Training

/// A configuration reads back as it was written, and every wrong key or value is refused with its line.
@Suite struct ConfigurationTests {
    @Test func whatIsWrittenReadsBack() throws {
        var configuration = RunConfiguration()
        try configuration.change("game", to: "wgan-gp")
        try configuration.change("critic.gradientPenalty", to: "5.5")
        try configuration.change("data", to: "a folder/with: odd 'names'")
        let text = try configuration.yaml()
        let back = try RunConfiguration(yaml: text, file: "config.yaml")
        #expect(try back.yaml() == text)
        #expect(back.data == configuration.data && text.contains("critic.gradientPenalty: 5.5"))
    }

    @Test func nestedKeysAreDottedKeys() throws {
        let nested = try RunConfiguration(yaml: "game: dcgan\nsteps: 7\ngenerator:\n  learningRate: 0.01\n", file: "a.yaml")
        let dotted = try RunConfiguration(yaml: "generator.learningRate: 0.01\nsteps: 7\ngame: dcgan\n", file: "b.yaml")
        #expect(try nested.yaml() == dotted.yaml() && nested.steps == 7)
    }

    @Test(arguments: [
        ("game: dcgan\nstepz: 7\n", 2, "the nearest is 'steps'"),
        ("game: dcgan\nwidth: 64\ngenerator:\n  learningrate: 1\n", 4, "the nearest is 'generator.learningRate'"),
        ("game: vaegan\nwidth: 8\n", 2, "the nearest is 'networks.width'"),
        ("steps: many\n", 1, "it takes 1…1000000000"),
        ("steps: 0\n", 1, "it takes 1…"),
        ("game: dgan\n", 1, "there is no game 'dgan'"),
        ("game: dcgan\ncritic.objective: hings\n", 2, "minimax, non-saturating"),
        ("steps: [1, 2]\n", 1, "needs one value"),
        ("- 1\n", 1, "expected 'name: value' lines"),
    ])
    func aWrongLineIsRefusedWithItsNumber(_ text: String, _ line: Int, _ words: String) {
        #expect { try RunConfiguration(yaml: text, file: "c.yaml") } throws: { error in
            "\(error)".hasPrefix("c.yaml:\(line): ") && "\(error)".contains(words)
        }
    }

    @Test func everyGameDescribesItsSettings() throws {
        #expect(Set(GameCatalog.all.map { $0.name }).count == GameCatalog.all.count)
        for game in GameCatalog.all {
            let settings = GameCatalog.settings(of: game)
            #expect(Set(settings.map(\.name)).count == settings.count && settings.allSatisfy { !$0.summary.isEmpty && !$0.range.isEmpty }, "\(game.name)")
            // Every default is a value that the setting takes.
            #expect(try GameCatalog.resolved(game, settings.map { ($0.name, $0.standard) }).map(\.value) == settings.map(\.standard), "\(game.name)")
            #expect(Set(settings.map(\.name)).isDisjoint(with: RunConfiguration.fields.map(\.name)), "\(game.name)")
        }
    }
}
