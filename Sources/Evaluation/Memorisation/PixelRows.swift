import Datasets
import Images

/// Images as points of pixel space, all made equally small.
struct PixelRows {
    /// Red, green and blue of each pixel, 0…255.
    /// - Shape: `[n, side²·3]`
    let rows: FeatureSet
    /// Width and height.
    let side: Int

    /// Reads the images of a set at hand, in the order of its rows.
    /// - Throws: `ImageError` naming an image that cannot be read any more.
    init(_ images: MetricInput.Images, side: Int, workers: Int) throws {
        var options = LoadingOptions(width: side, height: side, resampler: .pillowBicubic)
        (options.clips, options.workers, options.skipsUnreadable, options.batchSize) = (true, workers, true, 256)
        // Rows are in the source's order; what had no row is left out here as well.
        let wanted = Set(images.positions), length = side * side * 3
        let loader = BatchLoader(images.source, options)
        var rows = FeatureSet(dimension: length)
        while let batch = try loader.next() {
            for (place, index) in batch.indices.enumerated() where wanted.contains(index) {
                try rows.append(Array(batch.pixels[place * length..<(place + 1) * length]))
            }
        }
        guard rows.count == images.positions.count else {
            throw EvaluationError.wrongFile(path: images.source.path, expected: "\(images.positions.count) images, as when their features were extracted", found: "\(rows.count) that can be read")
        }
        (self.rows, self.side) = (rows, side)
    }

    /// The root mean square difference of two images in grey levels, from their squared distance.
    func greyLevels(_ squaredDistance: Double) -> Double { (squaredDistance / Double(rows.dimension)).squareRoot() }
}
