import ArgumentParser
import Evaluation
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The command.
@main
struct GanEval: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gan-eval",
        abstract: "Measure and train generative image models: FID, KID and Inception Score with error bars, and twelve games to train.",
        discussion: """
            REAL and FAKE are folders of PNG or JPEG images, .zip archives, HDF5 or NumPy files, text files that list paths, or features and statistics written earlier.

            Examples:
              gan-eval fid real/ fake/
              gan-eval evaluate real/ fake.zip --metrics fid,kid,is --json result.json
              gan-eval fid real/ fake/ --network inception-v3 --protocol pytorch-fid
              gan-eval statistics real/ -o real.h5 && gan-eval fid real.h5 fake/

            Exit codes: 0 done, 2 wrong usage, 3 bad input, 4 missing from the environment, 5 training that came to nothing, 10 to 17 what a night of regress has found, 130 interrupted.
            """,
        version: Version.current,
        subcommands: [
            FIDCommand.self, KIDCommand.self, InceptionScoreCommand.self, EvaluateCommand.self, LPIPSCommand.self, SSIMCommand.self, PSNRCommand.self, PairsCommand.self, MetricsCommand.self,
            FeaturesCommand.self, StatisticsCommand.self,
            CompareCommand.self, RegressCommand.self, ExplainCommand.self, CopiesCommand.self, SanityCommand.self, RunsCommand.self,
            DatasetsCommand.self, NetworksCommand.self, CacheCommand.self, ProtocolsCommand.self, TrainCommand.self, SampleCommand.self,
            InterpolateCommand.self, ReconstructCommand.self, TranslateCommand.self, PathLengthCommand.self, TournamentCommand.self, DualityGapCommand.self,
            ReconstructionErrorCommand.self, SeparabilityCommand.self, CriticCommand.self, NRDSCommand.self, ClassificationAccuracyCommand.self, GamesCommand.self, ReportCommand.self, WatchCommand.self, BenchmarkCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot(withOptionalValues(CommandLine.arguments.dropFirst()))
            do { try command.run() } catch let error as ValidationError {
                // Beyond parsing, the usage that the parser would print is another command's.
                Terminal.write("gan-eval: \(error.message)\n")
                endProcess(Failure.usage)
            }
        } catch {
            leave(error)
        }
        endProcess(0)
    }

    /// `--json` and `--csv` without a file mean standard output, which the argument parser cannot express.
    private static func withOptionalValues(_ arguments: some Collection<String>) -> [String] {
        let arguments = Array(arguments)
        return arguments.indices.flatMap { index -> [String] in
            guard ["--json", "--csv"].contains(arguments[index]) else { return [arguments[index]] }
            let next = index + 1 < arguments.count ? arguments[index + 1] : "--"
            return next.hasPrefix("-") && next != "-" ? [arguments[index], "-"] : [arguments[index]]
        }
    }

    /// Prints what went wrong in one line and leaves with the documented code.
    private static func leave(_ error: any Error) -> Never {
        if let failure = Failure(error) {
            Terminal.write("gan-eval: \(failure.message)\n")
            endProcess(failure.code)
        }
        // What a command found, which it has said itself.
        if let verdict = error as? ExitCode { endProcess(verdict.rawValue) }
        let code = exitCode(for: error)
        if code == .success {
            print(fullMessage(for: error))
            endProcess(0)
        }
        Terminal.write(fullMessage(for: error) + "\n")
        endProcess(code == .validationFailure ? Failure.usage : code.rawValue)
    }
}

/// Ends the process; results that standard output has not taken make a good end a bad one.
private func endProcess(_ code: Int32) -> Never {
    guard fflush(nil) != 0 else { exit(code) }
    Terminal.write("gan-eval: standard output: expected room for the results, found: \(String(cString: strerror(errno)).lowercased())\n")
    // Without another try at what could not be written.
    _exit(code == 0 ? Failure.environment : code)
}
