import ArgumentParser
import Tracking

/// Whether a person agrees.
struct Consent: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false

    /// Asks on the terminal; where nobody can answer, --yes must have been given.
    func ask(_ question: String) throws -> Bool {
        if yes { return true }
        guard Terminal.canAsk else { throw ValidationError("\(question) Nobody can be asked here: add --yes") }
        Terminal.write(question + " [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}

extension RunsCommand {
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete runs from the store; their files stay, and runs restore takes it back until runs gc.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The runs.") var runs: [String]
        @OptionGroup var consent: Consent

        func run() throws {
            let store = try store.open(), found = try runs.map { try store.run($0) }
            guard try consent.ask("Delete \(found.map { "\($0.name) (\($0.key))" }.joined(separator: ", "))?") else { return print("nothing deleted") }
            try store.delete(found)
            print("\(found.count) deleted; gan-eval runs restore takes it back")
        }
    }

    struct Collect: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "gc", abstract: "Remove deleted runs for good, and forget files that are gone.")
        @OptionGroup var store: StoreOptions
        @OptionGroup var consent: Consent

        func run() throws {
            let store = try store.open(), deleted = try store.runs(deleted: true)
            guard try deleted.isEmpty || consent.ask("Remove \(deleted.map { "\($0.name) (\($0.key))" }.joined(separator: ", ")) for good?") else { return print("nothing removed") }
            let counts = try store.collect()
            print("\(counts.runs) runs removed, \(counts.files) files forgotten")
        }
    }
}
