import Datasets
import Evaluation
import Tensors

/// Sets of samples of one shape, for critics that are trained on them.
public enum SampleSets {
    /// Opens image collections, brought to squares of `side` pixels, or distributions of points.
    /// - Throws: `DatasetError` for what cannot be read; `EvaluationError` for sets of different shapes, and for a side that critics cannot take.
    public static func open(_ paths: [String], side: Int) throws -> [RealSamples] {
        guard (8...512).contains(side), side.nonzeroBitCount == 1 else { throw EvaluationError.badOption(name: "--size", value: "\(side)", expected: "8, 16, 32, 64, 128, 256 or 512") }
        // Grey beside colour becomes colour.
        let plain = try paths.map { try source($0, ImageSettings(size: side)) }
        let channels = plain.compactMap { $0.holdsImages ? $0.shape[2] : nil }
        let sources = Set(channels).count > 1 ? try paths.map { try source($0, ImageSettings(size: side, channels: 3)) } : plain
        for (path, source) in zip(paths, sources) where source.shape != sources[0].shape {
            throw EvaluationError.wrongFile(path: path, expected: "samples of shape \(sources[0].shape) as in \(paths[0])", found: "\(source.shape)")
        }
        return sources.map(RealSamples.init)
    }

    private static func source(_ path: String, _ settings: ImageSettings) throws -> any SampleSource {
        try DataSourceSpecification(parsing: path).open(settings, stream: RandomStream(seed: 0)["data"][path])
    }
}
