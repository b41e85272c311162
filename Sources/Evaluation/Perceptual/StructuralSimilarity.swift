/// Structural similarity: luminance, contrast and structure of two pictures compared under a Gaussian window that moves over both.
///
/// `SSIM = mean of (2 μ_x μ_y + C₁)(2 σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂))`, window 11 × 11 with deviation 1.5, C₁ = (0.01 · 255)², C₂ = (0.03 · 255)², over the windows that
/// lie inside the picture and over the three channels. At most 1, which only equal pictures reach.
/// Source: Wang, Bovik, Sheikh and Simoncelli, *Image quality assessment*, IEEE TIP 2004; equal to scikit-image with `gaussian_weights=True, sigma=1.5, use_sample_covariance=False`.
public struct StructuralSimilarity: PairMeasure, Sendable {
    /// With the usual constants.
    public init() {}

    /// `ssim`.
    public let name = "ssim"
    /// `SSIM`.
    public let title = "SSIM"
    /// More is more alike.
    public let isBetterLarger = true
    /// One window.
    public let smallestSide = GaussianWindow.size
    /// The constants.
    public let identity = ["ssim": "gaussian 11 x 11, deviation 1.5, K 0.01 0.03, range 255, RGB"]

    /// A picture's channels with their local means.
    public struct Prepared: Sendable {
        let channels: [LocalMoments]
    }

    /// Local means and mean squares, once for each picture.
    public func prepare(_ pictures: [Picture], workers: Int) -> [Prepared] {
        concurrentMap(pictures.count, workers: workers) { index in
            Prepared(channels: pictures[index].planes.map { LocalMoments($0, width: pictures[index].width) })
        }
    }

    /// The mean over channels.
    public static func compare(_ a: Prepared, _ b: Prepared) -> Double {
        zip(a.channels, b.channels).reduce(0) { $0 + $1.0.compared(with: $1.1).similarity } / Double(a.channels.count)
    }

    /// Three planes of float64 for each channel.
    public static func byteCount(_ prepared: Prepared) -> Int { prepared.channels.reduce(0) { $0 + $1.byteCount } }
}

/// One channel of a picture with its means and variances under the window.
struct LocalMoments: Sendable {
    let plane: [Double], means: [Double], variances: [Double], width: Int

    init(_ plane: [Double], width: Int) {
        means = GaussianWindow.means(plane, width: width)
        let squares = GaussianWindow.means(plane.map { $0 * $0 }, width: width)
        variances = zip(squares, means).map { $0 - $1 * $1 }
        (self.plane, self.width) = (plane, width)
    }

    var byteCount: Int { (plane.count + means.count + variances.count) * MemoryLayout<Double>.stride }

    /// Mean SSIM over windows, and the mean of its terms of contrast and structure.
    func compared(with other: LocalMoments) -> (similarity: Double, contrast: Double) {
        let c1 = (0.01 * 255) * (0.01 * 255), c2 = (0.03 * 255) * (0.03 * 255)
        let products = GaussianWindow.means(zip(plane, other.plane).map { $0 * $1 }, width: width)
        var similarity = 0.0, contrast = 0.0
        for i in products.indices {
            let (x, y) = (means[i], other.means[i])
            let term = (2 * (products[i] - x * y) + c2) / (variances[i] + other.variances[i] + c2)
            contrast += term
            similarity += term * (2 * x * y + c1) / (x * x + y * y + c1)
        }
        return (similarity / Double(products.count), contrast / Double(products.count))
    }
}
