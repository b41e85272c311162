import ArgumentParser
import Tensors

/// What computes.
struct CoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Cores to use; all by default.", valueName: "n")) var threads: Int?

    func validate() throws {
        try CoreCount.validate(threads)
    }

    var backend: CPUBackend { CPUBackend(threads: threads) }
}

/// What `--threads` may be, wherever it is given.
enum CoreCount {
    /// More threads than any machine has bring down the libraries that start them.
    static let range = 1...1024

    static func validate(_ threads: Int?) throws {
        if let threads, !range.contains(threads) { throw ValidationError("--threads is \(threads); expected a number from \(range.lowerBound) to \(range.upperBound)") }
    }
}
