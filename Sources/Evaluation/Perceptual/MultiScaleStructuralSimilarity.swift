#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Structural similarity at five scales, each half of the one before.
///
/// `MS-SSIM = Π_j cs_j^β_j · ssim_5^β_5` with cs the contrast and structure terms alone, β = 0.0448, 0.2856, 0.3001, 0.2363, 0.1333, each a mean over windows, negative ones
/// taken as 0; a scale is the mean of 2 × 2 pixels of the last. 0…1. Its mean over random pairs of one set measures diversity: less is more diverse (Odena, Olah and Shlens 2017).
/// Source: Wang, Simoncelli and Bovik, *Multi-scale structural similarity*, Asilomar 2003.
public struct MultiScaleStructuralSimilarity: PairMeasure, Sendable {
    /// What tools do differently with colours and borders.
    public enum Convention: String, Sendable, CaseIterable {
        /// torchmetrics: terms are means over channels as well, an odd row or column is left out of the next scale, and the coarsest scale has windows at every place of the picture, which is mirrored at its borders for them.
        case torchmetrics
        /// TensorFlow: a product for each channel, then their mean; an odd row or column counts twice; windows inside the picture only, as in the paper. pytorch-msssim gives the same
        /// where sides are multiples of 16.
        case tensorflow
    }

    /// Whose number comes out.
    public let convention: Convention

    /// With the usual constants.
    public init(_ convention: Convention = .torchmetrics) { self.convention = convention }

    /// `ms-ssim`.
    public let name = "ms-ssim"
    /// `MS-SSIM`.
    public let title = "MS-SSIM"
    /// More is more alike.
    public let isBetterLarger = true
    /// One window at the coarsest scale.
    public let smallestSide = GaussianWindow.size << 4
    /// The constants.
    public var identity: [String: String] { ["ms_ssim": "\(convention.rawValue), 5 scales, gaussian 11 x 11, deviation 1.5, K 0.01 0.03, range 255, RGB"] }

    /// Exponents of the scales, finest first.
    private static let exponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]

    /// A picture's channels at every scale.
    public struct Prepared: Sendable {
        let scales: [[LocalMoments]]
        let convention: Convention
    }

    /// Local means and mean squares at every scale, once for each picture.
    public func prepare(_ pictures: [Picture], workers: Int) -> [Prepared] {
        concurrentMap(pictures.count, workers: workers) { index in
            var planes = pictures[index].planes, width = pictures[index].width
            var scales: [[LocalMoments]] = []
            for scale in Self.exponents.indices {
                if scale > 0 {
                    let keepsOdd = convention == .tensorflow
                    planes = planes.map { halved($0, width: width, keepsOdd: keepsOdd) }
                    width = (width + (keepsOdd ? 1 : 0)) / 2
                }
                let isMirrored = convention == .torchmetrics && scale == Self.exponents.count - 1
                scales.append(planes.map { isMirrored ? LocalMoments(mirrored($0, width: width), width: width + GaussianWindow.size - 1) : LocalMoments($0, width: width) })
            }
            return Prepared(scales: scales, convention: convention)
        }
    }

    /// The product over scales.
    public static func compare(_ a: Prepared, _ b: Prepared) -> Double {
        // terms[scale][channel]
        let terms = zip(a.scales, b.scales).enumerated().map { scale, channels in
            zip(channels.0, channels.1).map { x, y in
                let parts = x.compared(with: y)
                return scale == exponents.count - 1 ? parts.similarity : parts.contrast
            }
        }
        func product(_ terms: [Double]) -> Double { zip(terms, exponents).reduce(1) { $0 * pow(max($1.0, 0), $1.1) } }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        switch a.convention {
        case .torchmetrics: return product(terms.map(mean))
        case .tensorflow: return mean(terms[0].indices.map { channel in product(terms.map { $0[channel] }) })
        }
    }

    /// Three planes of float64 for each channel and scale.
    public static func byteCount(_ prepared: Prepared) -> Int { prepared.scales.reduce(0) { $0 + $1.reduce(0) { $0 + $1.byteCount } } }
}

/// The mean of each 2 × 2 pixels. An odd last row or column is left out or, with `keepsOdd`, counted twice.
private func halved(_ plane: [Double], width: Int, keepsOdd: Bool) -> [Double] {
    let height = plane.count / width, extra = keepsOdd ? 1 : 0
    var result: [Double] = []
    result.reserveCapacity((height + extra) / 2 * ((width + extra) / 2))
    for row in 0..<(height + extra) / 2 {
        let upper = 2 * row * width, lower = min(2 * row + 1, height - 1) * width
        for column in 0..<(width + extra) / 2 {
            let left = 2 * column, right = min(left + 1, width - 1)
            result.append((plane[upper + left] + plane[upper + right] + plane[lower + left] + plane[lower + right]) / 4)
        }
    }
    return result
}

/// A plane with five rows and columns more on each side, mirrored about its outermost pixels.
private func mirrored(_ plane: [Double], width: Int) -> [Double] {
    let height = plane.count / width, border = GaussianWindow.size / 2
    func inside(_ place: Int, _ count: Int) -> Int { place < 0 ? -place : place < count ? place : 2 * (count - 1) - place }
    return (-border..<height + border).flatMap { row in
        (-border..<width + border).map { plane[inside(row, height) * width + inside($0, width)] }
    }
}
