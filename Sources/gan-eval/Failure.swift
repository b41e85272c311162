import Archives
import Datasets
import Evaluation
import FeatureNetworks
import HDF5
import Images
import Weights

/// An error of the libraries as the command reports it: one line and an exit code.
struct Failure {
    static let usage: Int32 = 2, badInput: Int32 = 3, environment: Int32 = 4, interrupted: Int32 = 130

    let message: String
    let code: Int32

    /// Nil for errors of the argument parser, which explain themselves.
    init?(_ error: any Error) {
        switch error {
        case EvaluationError.cancelled: (message, code) = ("interrupted; run the same command again to go on where it stopped", Self.interrupted)
        case let error as EvaluationError:
            message = "\(error)"
            code = switch error {
            case .badOption: Self.usage
            case .system: Self.environment
            default: Self.badInput
            }
        case let error as FeatureNetworkError:
            message = "\(error)"
            code = switch error {
            case .unknownNetwork, .unknownTap: Self.usage
            case .notInstalled, .bundledFileMissing: Self.environment
            }
        case let error as WeightsError: (message, code) = ("\(error)", error.isEnvironment ? Self.environment : Self.badInput)
        case is ImageError, is DatasetError, is ArchiveError, is HDF5Error: (message, code) = ("\(error)", Self.badInput)
        default: return nil
        }
    }
}
