import ArgumentParser
import Evaluation

struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Features kept from earlier runs.", subcommands: [List.self, Clear.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what is kept.")
        @Option(help: "The folder.") var cache: String?

        func run() throws {
            for entry in try FeatureCache(folder: cache ?? FeatureCache.standardFolder).entries() {
                let what = entry.file.map { "\($0.count) images, \($0.identity["network"] ?? "?") \($0.identity["tap"] ?? "?"), \($0.identity["resampler"] ?? "?")" }
                print("\(entry.path)  \(entry.bytes / 1024) kB  \(what ?? "interrupted")")
            }
        }
    }

    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete everything that is kept.")
        @Option(help: "The folder.") var cache: String?

        func run() throws {
            let freed = try FeatureCache(folder: cache ?? FeatureCache.standardFolder).clear()
            print("\(freed / 1024) kB freed")
        }
    }
}
