import Archives
import Datasets
import Evaluation
import FeatureNetworks
import Games
import HDF5
import Images
import Regression
import Reports
import Tracking
import Training
import Weights

/// An error of the libraries as the command reports it: one line and an exit code.
struct Failure {
    static let usage: Int32 = 2, badInput: Int32 = 3, environment: Int32 = 4, diverged: Int32 = 5, interrupted: Int32 = 130

    let message: String
    let code: Int32

    /// Nil for errors of the argument parser, which explain themselves.
    init?(_ error: any Error) {
        switch error {
        case let error as EvaluationError:
            message = "\(error)"
            code = switch error {
            case .badOption: Self.usage
            case .cancelled: Self.interrupted
            case .system: Self.environment
            case let .archive(error): Self.code(of: error)
            case let .hdf5(error): Self.code(of: error)
            default: Self.badInput
            }
        case let error as FeatureNetworkError:
            message = "\(error)"
            code = switch error {
            case .unknownNetwork, .unknownTap: Self.usage
            case .noClassScores, .badDescription: Self.badInput
            case .notInstalled, .bundledFileMissing: Self.environment
            }
        case let error as WeightsError: (message, code) = ("\(error)", error.isEnvironment ? Self.environment : Self.badInput)
        case let error as ArchiveError: (message, code) = ("\(error)", Self.code(of: error))
        case let error as HDF5Error: (message, code) = ("\(error)", Self.code(of: error))
        case is GameError: (message, code) = ("\(error)", Self.usage)
        case let error as TrainingError:
            message = "\(error)"
            code = switch error {
            case .configuration: Self.usage
            case .interrupted: Self.interrupted
            case .diverged, .notFinite: Self.diverged
            case .run, .checkpoint: Self.badInput
            }
        case let error as TrackingError:
            message = "\(error)"
            code = switch error {
            case .badCondition, .unknownRun, .ambiguous, .refused: Self.usage
            case .damaged, .notAStore, .newer, .badImport: Self.badInput
            case .unavailable: Self.environment
            }
        case let error as DatasetError:
            message = "\(error)"
            code = switch error.reason {
            case .badSpecification: Self.usage
            case .unwritable: Self.environment
            default: Self.badInput
            }
        case is ReportError: (message, code) = ("\(error)", Self.badInput)
        case let error as RegressionError:
            message = "\(error)"
            code = if case .notUpdated(_, let problem) = error { problem.kind.exitCode } else { Self.badInput }
        case is ImageError: (message, code) = ("\(error)", Self.badInput)
        default: return nil
        }
    }

    /// What cannot be written is no fault of the input.
    private static func code(of error: ArchiveError) -> Int32 { error.reason == .unwritable ? environment : badInput }
    private static func code(of error: HDF5Error) -> Int32 { error.reason == .unwritable ? environment : badInput }
}
