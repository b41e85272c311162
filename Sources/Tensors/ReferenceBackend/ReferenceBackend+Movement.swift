extension ReferenceBackend {
    /// `output[i] = condition[…] ≠ 0 ? a[…] : b[…]`.
    public func select(_ condition: Storage, _ conditionShape: Shape, _ a: Storage, _ aShape: Shape, _ b: Storage, _ bShape: Shape,
                       to output: Storage, _ shape: Shape) {
        let (c, x, y) = (values(condition), values(a), values(b))
        let (k, i, j) = (Self.broadcastIndices(conditionShape, to: shape), Self.broadcastIndices(aShape, to: shape), Self.broadcastIndices(bShape, to: shape))
        store((0..<shape.count).map { c[k[$0]] != 0 ? x[i[$0]] : y[j[$0]] }, output)
    }

    /// Repeats elements along axes of extent 1.
    public func broadcast(_ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape) {
        let x = values(input)
        store(Self.broadcastIndices(inputShape, to: shape).map { x[$0] }, output)
    }

    /// Copies a block from one position to another.
    public func copyBlock(_ input: Storage, _ inputShape: Shape, at source: [Int], extents: [Int], to output: Storage, _ shape: Shape, at target: [Int]) {
        let x = values(input)
        var y = values(output)
        func first(_ position: [Int], _ strides: [Int]) -> Int { zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 } }
        let (from, to) = (first(source, inputShape.strides), first(target, shape.strides))
        for (i, j) in zip(Self.indices(extents: extents, strides: inputShape.strides), Self.indices(extents: extents, strides: shape.strides)) {
            y[to + j] = x[from + i]
        }
        store(y, output)
    }

    /// A sparse linear map along the middle axis.
    public func axisMap(_ map: SparseMap, _ input: Storage, outer: Int, inner: Int, to output: Storage) {
        let x = values(input)
        var y = [Double](repeating: 0, count: output.count)
        for o in 0..<outer {
            for row in 0..<map.rows {
                for entry in map.starts[row]..<map.starts[row + 1] {
                    for i in 0..<inner {
                        y[(o * map.rows + row) * inner + i] += map.weights[entry] * x[(o * map.columns + map.indices[entry]) * inner + i]
                    }
                }
            }
        }
        store(y, output)
    }

    /// Softmax, or its logarithm, over rows.
    public func softmax(_ input: Storage, columns: Int, logarithm: Bool, to output: Storage) {
        var x = values(input)
        for start in stride(from: 0, to: x.count, by: max(columns, 1)) {
            let row = start..<start + columns
            let largest = x[row].max() ?? 0
            let total = x[row].reduce(0) { $0 + Self.exponential($1 - largest) }
            for i in row { x[i] = logarithm ? x[i] - largest - Self.logarithm(total) : Self.exponential(x[i] - largest) / total }
        }
        store(x, output)
    }

    /// Samples each image bilinearly where its map says.
    public func warp(_ maps: [AffineMap], _ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape) {
        let x = values(input)
        var y = [Double](repeating: 0, count: shape.count)
        BilinearWarp.forEach(maps, source: inputShape, target: shape) { source, target, weight in
            for c in 0..<shape[3] { y[target + c] += weight * x[source + c] }
        }
        store(y, output)
    }

    /// The adjoint of `warp`.
    public func warpAdjoint(_ maps: [AffineMap], _ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape) {
        let x = values(input)
        var y = [Double](repeating: 0, count: shape.count)
        BilinearWarp.forEach(maps, source: shape, target: inputShape) { source, target, weight in
            for c in 0..<shape[3] { y[source + c] += weight * x[target + c] }
        }
        store(y, output)
    }

    private static func exponential(_ x: Double) -> Double { var y = x; ScalarMath.with(.exponential) { (f: (Double) -> Double) in y = f(x) }; return y }
    private static func logarithm(_ x: Double) -> Double { var y = x; ScalarMath.with(.logarithm) { (f: (Double) -> Double) in y = f(x) }; return y }
}

/// The places and weights of a bilinear warp, shared by it and its adjoint and by every backend on the CPU.
enum BilinearWarp {
    /// Calls `body` with the first channel of a source pixel, the first channel of a target pixel and the weight between them.
    @inline(__always)
    static func forEach(_ maps: [AffineMap], source: Shape, target: Shape, _ body: (Int, Int, Double) -> Void) {
        let (height, width, channels) = (source[1], source[2], source[3])
        for (n, map) in maps.enumerated() {
            for row in 0..<target[1] {
                for column in 0..<target[2] {
                    let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
                    let u = map.a * x + map.b * y + map.c - 0.5, v = map.d * x + map.e * y + map.f - 0.5
                    guard u > -1, v > -1, u < Double(width), v < Double(height) else { continue }
                    let (left, top) = (Int(u.rounded(.down)), Int(v.rounded(.down)))
                    let (fx, fy) = (u - Double(left), v - Double(top))
                    let pixel = ((n * target[1] + row) * target[2] + column) * channels
                    for (iy, wy) in [(top, 1 - fy), (top + 1, fy)] where 0..<height ~= iy && wy != 0 {
                        for (ix, wx) in [(left, 1 - fx), (left + 1, fx)] where 0..<width ~= ix && wx != 0 {
                            body(((n * height + iy) * width + ix) * channels, pixel, wx * wy)
                        }
                    }
                }
            }
        }
    }
}
