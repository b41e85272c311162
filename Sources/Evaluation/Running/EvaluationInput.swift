import Archives
import Datasets
import HDF5

/// What can stand where a set of images is asked for: the images themselves, their features, or statistics of them.
public enum EvaluationInput {
    /// Images still to be run through a network.
    case images(ImageSource)
    /// Features of every image, with their identity.
    case features(FeaturesFile)
    /// Moments, with their identity.
    case statistics(StatisticsFile)
    /// `mu` and `sigma` of another tool, which do not say what they are statistics of.
    case foreignStatistics(NumPyStatistics)

    /// Opens a path, told apart by its content.
    /// - Parameter labelled: read class labels of images as well.
    /// - Throws: `DatasetError`, ``EvaluationError``.
    public static func open(_ path: String, labelled: Bool = false) throws -> EvaluationInput {
        if HDF5File.isHDF5(path), let format = try HDF5File(reading: path).root.attributes.value("format")?.string {
            if format == HDF5Format.features.name { return .features(try FeaturesFile(reading: path)) }
            if format == HDF5Format.statistics.name { return .statistics(try StatisticsFile(reading: path)) }
        }
        if let archive = try? NumPyArchive(reading: path), NumPyStatistics.areStatistics(archive) { return .foreignStatistics(try NumPyStatistics(reading: path)) }
        return .images(try ImageSource.open(path, labelled: labelled))
    }

    /// Whether the images themselves are at hand.
    var hasImages: Bool { if case .images = self { true } else { false } }

    /// Whether the features of every image are at hand, or can be.
    var hasFeatures: Bool {
        switch self {
        case .images, .features: true
        case .statistics, .foreignStatistics: false
        }
    }

    /// Whether the images' classes are at hand.
    var hasLabels: Bool {
        switch self {
        case let .images(source): source.classNames != nil
        case let .features(file): file.labels != nil
        case .statistics, .foreignStatistics: false
        }
    }
}
