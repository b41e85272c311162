import ArgumentParser
import Evaluation
import FeatureNetworks
import Tensors
import Weights

struct NetworksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "networks", abstract: "The feature networks and their weights.",
        subcommands: [List.self, Show.self, Train.self, Install.self, Import.self, Verify.self, Remove.self])

    /// The published weights of a name.
    fileprivate static func published(_ name: String) throws -> PublishedWeights {
        guard WeightsCatalog.all.contains(where: { $0.name == name }) else {
            throw EvaluationError.badOption(name: "NAME", value: name, expected: "one of " + WeightsCatalog.all.map(\.name).joined(separator: ", "))
        }
        return try WeightsCatalog.entry(name)
    }

    /// Where the weights of a network are, for people.
    fileprivate static func state(_ name: String) -> String {
        if !FeatureNetworkCatalog.names.contains(name) {
            do {
                let description = try NetworkStore.standard().description(name)
                try description?.checkWeights()
                return "your own" + (description?.notes.first { $0.name == "accuracy" }.map { ", accuracy \($0.text)" } ?? "")
            } catch { return "your own, unusable: \(error)" }
        }
        if name == FeatureNetworkCatalog.defaultName { return BundledNetwork.path(of: name + ".h5") == nil ? "missing" : "bundled" }
        guard let published = try? WeightsCatalog.entry(name) else { return "give a file with --weights" }
        return WeightsStore.standard().isInstalled(published) ? "installed" : "not installed"
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the networks.")

        func run() {
            let names = FeatureNetworkCatalog.names + NetworkStore.standard().names, width = names.map(\.count).max() ?? 0
            for name in names {
                let mark = name == FeatureNetworkCatalog.defaultName ? " (default)" : ""
                print(name + String(repeating: " ", count: width - name.count) + "  " + NetworksCommand.state(name) + mark)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a network's input, taps and weights.")
        @Argument(help: "Name of the network, or the path of a description.") var name: String

        func run() throws {
            let network = try NetworkStore.standard().network(name)
            print("\(network.name): input \(network.inputSide)x\(network.inputSide)\(network.inputChannels == 1 ? " grey" : ""), \(network.normalisation.description), weights \(NetworksCommand.state(name))")
            for tap in network.taps {
                let mark = tap.name == network.defaultTap ? " (default)" : tap.name == network.classTap ? " (class scores)" : ""
                print("  \(tap.name): \(tap.dimension) \(tap.isSpatial ? "channels at each position" : "features")\(mark)")
            }
            if let description = (network as? DescribedNetwork)?.description {
                print("  description: \(description.file), layers \(description.digest)")
                if let path = description.weightsPath { print("  weights: \(path), SHA-256 \((try? FileDigest.sha256(path)) ?? "missing")") }
                if let names = description.classNames { print("  classes: \(names.joined(separator: ", "))") }
                for note in description.notes { print("  \(note.name): \(note.text)") }
            }
            if let published = try? WeightsCatalog.entry(name) {
                print("  published as \(published.file), \(published.digest), at")
                published.urls.forEach { print("    \($0)") }
            }
        }
    }

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Download a network's published weights and check them.")
        @Argument(help: "Name of the network.") var name: String
        @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false

        func run() throws {
            let store = WeightsStore.standard()
            let path = try store.install(NetworksCommand.published(name)) { done, total in
                guard !quiet, Terminal.isInteractive else { return }
                Terminal.write("\r\u{1B}[K\(name): \(done >> 20) of \(total.map { "\($0 >> 20)" } ?? "?") MB")
            }
            if !quiet && Terminal.isInteractive { Terminal.write("\n") }
            print("\(path): installed and verified")
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a file downloaded by hand as a network's published weights, after checking it.")
        @Argument(help: "Name of the network.") var name: String
        @Argument(help: "The downloaded file.") var file: String

        func run() throws { print("\(try WeightsStore.standard().importFile(file, as: NetworksCommand.published(name))): installed and verified") }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove one of your own networks, with its weights.")
        @Argument(help: "Name of the network.") var name: String
        @OptionGroup var consent: Consent

        func run() throws {
            let store = NetworkStore.standard()
            guard store.names.contains(name) else { throw EvaluationError.badOption(name: "NAME", value: name, expected: store.names.isEmpty ? "one of your own networks, of which there are none" : "one of " + store.names.joined(separator: ", ")) }
            guard try consent.ask("Remove \(name) with its weights for good?") else { return print("nothing removed") }
            for file in try store.remove(name) { print("\(file): removed") }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check the digests of all installed weights and of your own networks, and that the bundled network loads.")

        func run() throws {
            let store = WeightsStore.standard()
            for published in WeightsCatalog.all where store.isInstalled(published) {
                print("\(published.name): \(try store.verify(published)), right")
            }
            for name in NetworkStore.standard().names {
                let own = try LoadedNetwork(name, on: CPUBackend())
                print("\(name): \(own.weightsDigest), right")
            }
            let bundled = try LoadedNetwork(FeatureNetworkCatalog.defaultName, on: CPUBackend())
            guard bundled.isPublished else { throw WeightsError(.wrongDigest, file: bundled.weightsOrigin, expected: LoadedNetwork.bundledDigest, found: bundled.weightsDigest) }
            print("\(FeatureNetworkCatalog.defaultName): \(bundled.weightsDigest), right")
        }
    }
}
