import ArgumentParser
import Games
import Training

struct GamesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "games", abstract: "The games that can be trained.", subcommands: [List.self, Show.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the games.")

        func run() {
            let width = GameCatalog.all.map { $0.name.count }.max() ?? 0
            for game in GameCatalog.all { print(game.name + String(repeating: " ", count: width - game.name.count) + "  " + game.summary) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a game's paper and every setting with its default, values and meaning.")
        @Argument(help: "Name of the game.") var name: String

        func run() throws {
            let game = try GameCatalog.named(name)
            print("\(game.name): \(game.summary)\n\(game.source)\n")
            for field in GameCatalog.settings(of: game) { print("\(field.name): \(field.standard)\n    \(field.summary) (\(field.range))") }
            print("\nSettings of every run:\n")
            let standard = RunConfiguration()
            for field in RunConfiguration.fields { print("\(field.name): \(field.value(of: standard))\n    \(field.summary) (\(field.range))") }
        }
    }
}
