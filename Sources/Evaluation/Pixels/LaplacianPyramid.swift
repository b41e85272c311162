/// The Laplacian pyramid of a colour image: what each halving of its size loses, and the smallest image at the end. Filters are the 5×5 binomial with edges mirrored about their pixels.
///
/// Source: Burt & Adelson 1983, *The Laplacian pyramid as a compact image code*, with the conventions of Karras et al. 2018's code.
struct LaplacianPyramid {
    /// One level: three planes.
    struct Level {
        let width: Int, height: Int
        /// - Shape: `[3, height, width]`
        var planes: [Float]
    }

    /// Finest first.
    private(set) var levels: [Level]

    fileprivate static let kernel: [Float] = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]

    /// - Parameter pixels: `[height, width, 3]`.
    init(_ pixels: [UInt8], width: Int, height: Int, levels count: Int) {
        var planes = [Float](repeating: 0, count: pixels.count)
        for place in 0..<width * height { for c in 0..<3 { planes[c * width * height + place] = Float(pixels[3 * place + c]) } }
        levels = [Level(width: width, height: height, planes: planes)]
        for index in 1..<max(count, 1) {
            let down = levels[index - 1].halved
            let up = down.doubled(width: levels[index - 1].width, height: levels[index - 1].height)
            for k in up.indices { levels[index - 1].planes[k] -= up[k] }
            levels.append(down)
        }
    }

    /// How many levels an image has whose smallest is at least `smallest` wide and high, each half the one before.
    static func count(width: Int, height: Int, smallest: Int) -> Int {
        var count = 0, side = min(width, height)
        while side >= smallest {
            count += 1
            side = (side + 1) / 2
            if side == 1 { break }
        }
        return count
    }
}

extension LaplacianPyramid.Level {
    /// Filtered and every second pixel kept.
    fileprivate var halved: LaplacianPyramid.Level {
        let filtered = Self.filtered(planes, width, height, gain: 1), (w, h) = ((width + 1) / 2, (height + 1) / 2)
        var result = [Float](repeating: 0, count: 3 * w * h)
        for c in 0..<3 { for y in 0..<h { for x in 0..<w { result[(c * h + y) * w + x] = filtered[(c * height + 2 * y) * width + 2 * x] } } }
        return LaplacianPyramid.Level(width: w, height: h, planes: result)
    }

    /// Zeros put between the pixels and filtered, so that brightness stays.
    /// - Shape: `[3, height, width]`
    fileprivate func doubled(width w: Int, height h: Int) -> [Float] {
        var result = [Float](repeating: 0, count: 3 * w * h)
        for c in 0..<3 { for y in 0..<height { for x in 0..<width { result[(c * h + 2 * y) * w + 2 * x] = planes[(c * height + y) * width + x] } } }
        return Self.filtered(result, w, h, gain: 4)
    }

    /// Rows, then columns, with the binomial kernel.
    private static func filtered(_ planes: [Float], _ width: Int, _ height: Int, gain: Float) -> [Float] {
        func mirrored(_ index: Int, _ count: Int) -> Int {
            guard count > 1 else { return 0 }
            let period = 2 * (count - 1), folded = ((index % period) + period) % period
            return folded < count ? folded : period - folded
        }
        let columns = (0..<width).map { x in (-2...2).map { mirrored(x + $0, width) } }, rows = (0..<height).map { y in (-2...2).map { mirrored(y + $0, height) } }
        let kernel = LaplacianPyramid.kernel
        var middle = [Float](repeating: 0, count: planes.count), result = middle
        for row in 0..<3 * height {
            for x in 0..<width {
                var sum: Float = 0
                for k in 0..<5 { sum += kernel[k] * planes[row * width + columns[x][k]] }
                middle[row * width + x] = sum
            }
        }
        for c in 0..<3 {
            for y in 0..<height {
                for x in 0..<width {
                    var sum: Float = 0
                    for k in 0..<5 { sum += kernel[k] * middle[(c * height + rows[y][k]) * width + x] }
                    result[(c * height + y) * width + x] = gain * sum
                }
            }
        }
        return result
    }
}
