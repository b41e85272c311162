import Archives
import HDF5
import LinearAlgebra

/// Why a metric could not be computed from the features it was given.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
    /// A feature is NaN or infinite. `row` and `column` count from zero.
    case notFinite(row: Int, column: Int, value: Float)
    /// An element of stored statistics is NaN or infinite. `index` counts from zero in row-major order.
    case statisticsNotFinite(part: String, index: Int)
    /// The metric needs more images.
    case tooFewImages(metric: String, set: String, needed: Int, found: Int)
    /// No class has images in both sets.
    case noCommonClass(metric: String, real: String, fake: String)
    /// The metric needs images that differ.
    case noSpread(metric: String, set: String)
    /// The two sets have features of different lengths.
    case dimensionMismatch(first: Int, second: Int)
    /// The array's length is not a multiple of its rows' length, or a covariance is not d×d.
    case badShape(what: String, expected: String, found: String)
    /// The metric needs the features of every image; only statistics are at hand.
    case featuresNeeded(metric: String)
    /// The metric needs the images' classes.
    case labelsNeeded(metric: String)
    /// The metric needs the images themselves.
    case imagesNeeded(metric: String)
    /// An image could not be read; in the words of what tried.
    case unreadableImage(String)
    /// An image is not as large as the metric needs.
    case wrongSize(image: String, expected: String, found: String)
    /// The metric needs a set that was not given.
    case setNeeded(metric: String, set: String)
    /// An option is outside its range.
    case badOption(name: String, value: String, expected: String)
    /// A decomposition did not converge.
    case numericalFailure(LinearAlgebraError)
    /// An HDF5 file could not be read or written.
    case hdf5(HDF5Error)
    /// An `.npz` file could not be read or written.
    case archive(ArchiveError)
    /// A file is not what it is taken for.
    case wrongFile(path: String, expected: String, found: String)
    /// Two inputs were made under different settings.
    case identityMismatch(name: String, first: String, second: String)
    /// The user stopped the work; whether what was done is kept for the next run.
    case cancelled(isKept: Bool)
    /// The system refused an operation on a file.
    case system(path: String, operation: String, reason: String)

    /// One line: what was expected, what was found, and what to do where that helps.
    public var description: String {
        switch self {
        case .notFinite(let row, let column, let value):
            "feature \(column) of image \(row) is \(value), not a finite number; check the network and its weights"
        case .statisticsNotFinite(let part, let index): "element \(index) of the stored \(part) is not a finite number; compute the statistics again"
        case .tooFewImages(let metric, let set, let needed, let found):
            "\(metric) needs at least \(needed) images in the \(set) set, found \(found)"
        case .noCommonClass(let metric, let real, let fake): "\(metric) needs classes that both sets have; the real images are of \(real), the generated ones of \(fake)"
        case .noSpread(let metric, let set): "\(metric) needs images that differ; \(set) have the same features"
        case .dimensionMismatch(let first, let second):
            "the sets have \(first) and \(second) features per image; extract both with the same network and tap"
        case .badShape(let what, let expected, let found): "\(what): expected \(expected), found \(found)"
        case .featuresNeeded(let metric): "\(metric) needs the features of every image, but only a mean and a covariance are at hand; give images or a features file"
        case .labelsNeeded(let metric): "\(metric) needs the classes of the images; give folders with a sub-folder for each class, or files with labels"
        case .imagesNeeded(let metric): "\(metric) needs the images themselves; give them instead of features or statistics"
        case .unreadableImage(let words): words
        case .wrongSize(let image, let expected, let found): "\(image): expected \(expected), found \(found); resize all images of both sets alike"
        case .setNeeded(let metric, let set): "\(metric) needs \(set) images\(set == "training" ? "; give them with --training" : "")"
        case .badOption(let name, let value, let expected): "\(name) is \(value); expected \(expected)"
        case .numericalFailure(let error): "\(error)"
        case .hdf5(let error): "\(error)"
        case .archive(let error): "\(error)"
        case .wrongFile(let path, let expected, let found): "\(path): expected \(expected), found \(found)"
        case .identityMismatch(let name, let first, let second):
            "the real and the generated set were made with different settings (\(name): \(first) and \(second)); make both alike"
        case .cancelled(let isKept): isKept ? "interrupted; run the same command again to go on where it stopped" : "interrupted; nothing was kept"
        case .system(let path, let operation, let reason): "\(path): cannot \(operation): \(reason)"
        }
    }

    /// The same error, about a path where the metric knows only which set it means.
    func naming(real: String?, fake: String) -> EvaluationError {
        guard case .tooFewImages(let metric, let set, let needed, let found) = self else { return self }
        let path = ["real", "first"].contains(set) ? real ?? fake : fake
        return .wrongFile(path: path, expected: "at least \(needed) images for \(metric)", found: "\(found)")
    }
}
