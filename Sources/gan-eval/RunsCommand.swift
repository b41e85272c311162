import Archives
import ArgumentParser
import Evaluation
import Tracking
import Training

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "What was trained and measured: list, compare, annotate, export.",
        discussion: """
            A run is named by its key, the beginning of its key, its name, or its folder.

            Examples:
              gan-eval runs list --where 'game=dcgan and fid<20' --sort fid
              gan-eval runs compare runs/dcgan runs/sngan
              gan-eval runs tag runs/dcgan paper
              gan-eval runs export --format tensorboard -o boards/
            """,
        subcommands: [List.self, Show.self, Compare.self, Tag.self, Note.self, Delete.self, Restore.self, Export.self, Import.self, Collect.self, Repair.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A row for each run, with its last numbers.",
            discussion: """
                Conditions compare fields with values: = != ~ (contains) < <= > >=, joined by and, or, not and brackets. Fields are name, key, kind, status, game, seed, step, steps, version, code, machine, \
                folder, note, tag, command, age (in days), every setting, and every number: its last value, or with min or max before it the extreme of its curve.

                Example: gan-eval runs list --where 'min fid<25 and age<7 and not tag=old' --sort -fid
                """)
        @OptionGroup var store: StoreOptions
        @Option(name: .customLong("where"), help: ArgumentHelp("Only runs that meet it.", valueName: "condition")) var condition: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("Order by this field; with a leading - the largest first. The newest is last by default.", valueName: "field")) var sort: String?
        @Option(help: ArgumentHelp("Which numbers are shown, separated by commas; all that metrics measured by default.", valueName: "names")) var numbers: String?
        @Flag(help: "The deleted runs instead of the others.") var deleted = false
        @OptionGroup var forms: FileOptions

        func run() throws {
            let store = try store.open(), condition = try condition.map { text throws(TrackingError) in try RunCondition(text) }
            var rows = try store.summaries(of: store.runs(deleted: deleted), extremes: condition?.needsExtremes ?? false)
            if let condition { rows.removeAll { !condition.matches($0) } }
            if let sort { rows = RunTable.sorted(rows, by: sort) }
            let table = RunTable(rows, numbers: numbers.map { $0.split(separator: ",").map(String.init) })
            try forms.write(text: table.text, json: RunExport(store).list(rows), csv: table.csv)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Everything about a run.")
        @OptionGroup var store: StoreOptions
        @Argument(help: ArgumentHelp("The run.", valueName: "run")) var name: String
        @OptionGroup var forms: FileOptions

        func run() throws {
            let store = try store.open(), run = try store.run(name)
            try forms.write(text: store.description(of: run), json: RunExport(store).text([run], as: .jsonl), csv: RunExport(store).text([run], as: .csv))
        }
    }

    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Runs side by side: settings that differ, and numbers.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The runs.") var runs: [String]
        @OptionGroup var forms: FileOptions

        func run() throws {
            guard runs.count > 1 else { throw ValidationError("expected two runs or more, found \(runs.count)") }
            let store = try store.open(), rows = try store.summaries(of: runs.map { try store.run($0) })
            try forms.write(text: RunComparison(rows).text, json: RunExport(store).list(rows), csv: RunTable(rows).csv)
        }
    }

    struct Tag: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a run words by which it is found.")
        @OptionGroup var store: StoreOptions
        @Argument(help: ArgumentHelp("The run.", valueName: "run")) var name: String
        @Argument(help: "The words.") var words: [String]
        @Flag(help: "Take them away instead.") var remove = false

        func run() throws {
            let store = try store.open(), run = try store.run(name)
            try store.tag(run, adding: remove ? [] : words, removing: remove ? words : [])
            print("\(run.key) \(run.name): \(try store.run(run.key).tags.joined(separator: ", "))")
        }
    }

    struct Note: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a note about a run, in place of the old one.")
        @OptionGroup var store: StoreOptions
        @Argument(help: ArgumentHelp("The run.", valueName: "run")) var name: String
        @Argument(help: "The note.") var text: String

        func run() throws {
            let store = try store.open()
            try store.note(store.run(name), text)
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take back deletions.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The runs.") var runs: [String]

        func run() throws {
            let store = try store.open()
            try store.delete(runs.map { try store.run($0, deleted: true) }, restoring: true)
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write runs for other tools: \(RunExport.Format.allCases.map(\.rawValue).joined(separator: ", ")).",
            discussion: """
                Examples:
                  gan-eval runs export --format tensorboard -o boards/      then: tensorboard --logdir boards/
                  gan-eval runs export --format mlflow -o mlruns/           then: mlflow ui --backend-store-uri mlruns/
                  gan-eval runs export runs/dcgan --format jsonl -o dcgan.jsonl
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "The runs; all by default.") var runs: [String] = []
        @Option(help: "The form.") var format = RunExport.Format.jsonl
        @Option(name: .shortAndLong, help: ArgumentHelp("The file, or the folder of tensorboard and mlflow.", valueName: "path")) var output: String

        func run() throws {
            let store = try store.open()
            let chosen = runs.isEmpty ? try store.runs() : try runs.map { try store.run($0) }
            try RunExport(store).write(chosen, as: format, to: output)
            print("\(output): \(chosen.count) \(chosen.count == 1 ? "run" : "runs")")
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring in runs: folders of this tool, its exports, and JSON lines or CSV of other tools.",
            discussion: """
                JSON lines need a number named step, iteration, epoch or _step in each object, CSV a column of such a name; StyleGAN's stats.jsonl and metric-*.jsonl and TensorBoard's CSV will do.

                Examples:
                  gan-eval runs import runs/*/
                  gan-eval runs import training-runs/00000/stats.jsonl --name stylegan3
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "Folders of runs, or files.") var paths: [String]
        @Option(help: "What the run of a file is called.") var name: String?

        func run() throws {
            let store = try store.open(creating: true)
            let importing = RunImport(into: store, command: CommandText.own, version: Version.current)
            for path in paths {
                let added = Paths.isFolder(path) ? [try store.bringIn(RunFolder(path, creating: false))] : try importing(path, name: name)
                for run in added { print("\(run.key)  \(run.name)") }
            }
        }
    }

    struct Repair: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Save what is readable of a damaged store; the damaged file is kept.")
        @OptionGroup var store: StoreOptions

        func run() throws {
            let repair = try RunStore.repair(store.store ?? Paths.projectStore())
            print(repair.saved.sorted { $0.key < $1.key }.map { "\($1) \($0)" }.joined(separator: ", ") + " saved; \(repair.damages) damaged places, \(repair.orphaned) rows without what they belong to")
            print("the damaged file is kept: \(repair.original)")
        }
    }
}

extension RunExport.Format: ExpressibleByArgument {}
