#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The 11 × 11 Gaussian window of SSIM, deviation 1.5, in float64, where it lies wholly inside the picture.
enum GaussianWindow {
    /// Rows and columns.
    static let size = 11
    /// The weights along one axis; they sum to one.
    private static let weights: [Double] = {
        let raw = (-5...5).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
        let sum = raw.reduce(0, +)
        return raw.map { $0 / sum }
    }()

    /// Weighted means over every window.
    /// - Shape: `[height, width]` to `[height − 10, width − 10]`.
    static func means(_ plane: [Double], width: Int) -> [Double] {
        let height = plane.count / width, inner = width - size + 1
        // Columns first: whole rows are added up, which is one vector operation after another.
        var columns = [Double](repeating: 0, count: (height - size + 1) * width)
        plane.withUnsafeBufferPointer { plane in
            columns.withUnsafeMutableBufferPointer { columns in
                for row in 0..<height - size + 1 {
                    for (tap, weight) in weights.enumerated() {
                        let source = (row + tap) * width, target = row * width
                        for x in 0..<width { columns[target + x] += weight * plane[source + x] }
                    }
                }
            }
        }
        var result = [Double](repeating: 0, count: (height - size + 1) * inner)
        columns.withUnsafeBufferPointer { columns in
            result.withUnsafeMutableBufferPointer { result in
                for row in 0..<height - size + 1 {
                    for (tap, weight) in weights.enumerated() {
                        let source = row * width + tap, target = row * inner
                        for x in 0..<inner { result[target + x] += weight * columns[source + x] }
                    }
                }
            }
        }
        return result
    }
}
