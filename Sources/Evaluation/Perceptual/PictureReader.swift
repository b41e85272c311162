import Datasets
import Images

/// Decodes and resizes images on several threads.
struct PictureReader {
    private let resizing: PictureResizing?
    private let workers: Int

    init(_ resizing: PictureResizing?, _ workers: Int) { (self.resizing, self.workers) = (resizing, workers) }

    /// The pictures, in order.
    /// - Throws: `ImageError` naming the first that cannot be read or decoded.
    func read(_ wanted: [(source: ImageSource, index: Int)]) throws(ImageError) -> [Picture] {
        let results = concurrentMap(wanted.count, workers: workers) { [resizing] number -> Swift.Result<Picture, ImageError> in
            do throws(ImageError) {
                let image = try wanted[number].source.decode(wanted[number].index)
                guard let resizing else { return .success(Picture(image)) }
                var resizer = Resizer(resizing.resampler, width: resizing.side, height: resizing.side, clips: true)
                return .success(Picture(height: resizing.side, width: resizing.side, pixels: resizer.resize(image)))
            } catch {
                return .failure(error)
            }
        }
        var pictures: [Picture] = []
        for result in results { pictures.append(try result.get()) }
        return pictures
    }
}
