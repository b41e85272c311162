#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Peak signal-to-noise ratio: `10 log₁₀(255² / MSE)` in decibels, MSE the mean squared difference over places and channels. Infinite for equal pictures.
public struct PeakSignalToNoiseRatio: PairMeasure, Sendable {
    /// With range 255.
    public init() {}

    /// `psnr`.
    public let name = "psnr"
    /// `PSNR`.
    public let title = "PSNR"
    /// More is more alike.
    public let isBetterLarger = true
    /// Defined for every picture.
    public let smallestSide = 1
    /// The range.
    public let identity = ["psnr": "range 255, RGB"]

    /// The pictures themselves.
    public func prepare(_ pictures: [Picture], workers: Int) -> [Picture] { pictures }

    /// Decibels.
    public static func compare(_ a: Picture, _ b: Picture) -> Double {
        var sum = 0.0
        for i in a.pixels.indices {
            let difference = Double(a.pixels[i]) - Double(b.pixels[i])
            sum += difference * difference
        }
        return 10 * log10(255 * 255 / (sum / Double(a.pixels.count)))
    }

    /// Four bytes for each number.
    public static func byteCount(_ prepared: Picture) -> Int { prepared.pixels.count * MemoryLayout<Float>.stride }
}

/// Sharpness difference: how far the gradients of two pictures are apart, in decibels.
///
/// `10 log₁₀(1 / mean of |g_x − g_y|)` with `g = |p(i, j) − p(i−1, j)| + |p(i, j) − p(i, j−1)|`, values 0…1, over channels and the places that have both neighbours. Infinite where all gradients agree.
/// Source: Mathieu, Couprie and LeCun, *Deep multi-scale video prediction beyond mean square error*, ICLR 2016; their maximum is 1 here, the intensities being scaled to it.
public struct SharpnessDifference: PairMeasure, Sendable {
    /// On values 0…1.
    public init() {}

    /// `sharpness`.
    public let name = "sharpness"
    /// `Sharpness difference`.
    public let title = "Sharpness difference"
    /// More is more alike.
    public let isBetterLarger = true
    /// A place with a neighbour on each side.
    public let smallestSide = 2
    /// The range.
    public let identity = ["sharpness": "values 0 to 1, RGB"]

    /// The sums of both gradients, times 255.
    /// - Shape: `[height − 1, width − 1, 3]`, row by row.
    public func prepare(_ pictures: [Picture], workers: Int) -> [[Float]] {
        concurrentMap(pictures.count, workers: workers) { index in
            let picture = pictures[index], row = picture.width * 3
            var gradients: [Float] = []
            gradients.reserveCapacity((picture.height - 1) * (row - 3))
            picture.pixels.withUnsafeBufferPointer { p in
                for start in stride(from: row, to: p.count, by: row) {
                    for i in start + 3..<start + row { gradients.append(abs(p[i] - p[i - row]) + abs(p[i] - p[i - 3])) }
                }
            }
            return gradients
        }
    }

    /// Decibels.
    public static func compare(_ a: [Float], _ b: [Float]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += Double(abs(a[i] - b[i])) }
        return 10 * log10(1 / (sum / 255 / Double(a.count)))
    }

    /// Four bytes for each number.
    public static func byteCount(_ prepared: [Float]) -> Int { prepared.count * MemoryLayout<Float>.stride }
}

extension Picture {
    /// The three channels.
    /// - Shape: each `[height, width]`.
    var planes: [[Double]] {
        (0..<3).map { channel in
            [Double](unsafeUninitializedCapacity: height * width) { plane, count in
                for i in 0..<height * width { plane[i] = Double(pixels[3 * i + channel]) }
                count = height * width
            }
        }
    }
}
