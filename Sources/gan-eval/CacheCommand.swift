import ArgumentParser
import Evaluation

struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Features kept from earlier runs.", subcommands: [List.self, Clear.self])

    /// The cache in a folder, or the user's own.
    fileprivate static func cache(_ folder: String?) throws -> FeatureCache {
        guard let folder = folder ?? FeatureCache.userFolder else {
            throw EvaluationError.system(path: "~/.cache/gan-eval", operation: "find the folder", reason: "neither HOME nor XDG_CACHE_HOME is set")
        }
        return FeatureCache(folder: folder)
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what is kept.")
        @Option(help: "The folder.") var cache: String?

        func run() throws {
            for entry in try CacheCommand.cache(cache).entries() {
                let what = entry.identity.map { "\($0["network"] ?? "?") \($0["tap"] ?? "?"), \($0["resampler"] ?? "?")" }
                print("\(entry.path)  \(entry.size / 1024) kB  \(what ?? "interrupted or damaged")")
            }
        }
    }

    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete everything that is kept.")
        @Option(help: "The folder.") var cache: String?

        func run() throws {
            let count = try CacheCommand.cache(cache).clear()
            print("\(count) \(count == 1 ? "file" : "files") deleted")
        }
    }
}
