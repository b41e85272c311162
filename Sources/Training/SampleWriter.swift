import Archives
import Datasets
import Tensors

/// Writes samples where other commands read images.
public enum SampleWriter {
    /// Writes `count` samples: images to a folder of PNG files, an HDF5 or npz file, a zip, or one PNG grid, as ``CollectionFile/Kind/init(output:)`` reads the name of `path`; points to an HDF5 file.
    /// - Parameters:
    ///   - portion: samples that are made together.
    ///   - make: Makes the samples of a range, of the given classes, `[N, H, W, C]` in −1…1, or `[N, dimensions]`.
    /// - Throws: What `make` throws; `DatasetError` or `ArchiveError` for a name of another kind of file, or one that cannot be written.
    public static func write(_ count: Int, to path: String, labels: [Int]?, portion: Int = 64, make: (Range<Int>, [Int]?) throws -> Tensor) throws {
        let portions = stride(from: 0, to: count, by: portion).map { $0..<min($0 + portion, count) }
        func samples(_ range: Range<Int>) throws -> Tensor { try make(range, labels.map { Array($0[range]) }) }
        let first = try samples(portions[0]), shape = Array(first.shape.dimensions.dropFirst())
        func forEach(_ body: (Tensor) throws -> Void) throws {
            for range in portions { try body(range.lowerBound == 0 ? first : samples(range)) }
        }
        guard shape.count == 3 else {
            guard (try? CollectionFile.Kind(output: path)) == .hdf5 else { throw TrainingError.run(folder: path, reason: "the samples are points of shape \(shape), not images; expected a name that ends in .h5") }
            var values: [Float] = []
            try forEach { values += $0.floats }
            return try SampleFile.write(ArraySamples(values, shape: shape, labels: labels, name: "samples"), count: count, to: path)
        }
        guard let kind = try CollectionFile.Kind(output: path) else {
            var all: [Tensor] = []
            try forEach { all.append($0) }
            return try AtomicFile.write(SampleGrid.image(.concatenated(all, axis: 0)).pngData(), to: path)
        }
        var file = try CollectionFile(creating: path, as: kind, count: count, shape: shape, labels: labels)
        try forEach { try file.append(PixelScale.bytes($0.floats)) }
        try file.commit()
    }
}
