/// How the elements of several operands meet under broadcasting: axes merged where every operand allows it, so that loops are long.
struct LoopPlan {
    /// Extents, outermost first; at least one axis.
    private(set) var extents: [Int]
    /// Strides of each operand; 0 along axes that it repeats.
    private(set) var strides: [[Int]]

    /// Operands of `shapes`, each broadcast to `target`.
    init(_ shapes: [Shape], to target: Shape) {
        (extents, strides) = ([], shapes.map { _ in [] })
        let all = shapes.map { shape -> [Int] in
            let own = shape.strides, missing = target.rank - shape.rank
            return (0..<target.rank).map { $0 < missing || (shape[$0 - missing] == 1 && target[$0] != 1) ? 0 : own[$0 - missing] }
        }
        for axis in 0..<target.rank where target[axis] != 1 {
            let extent = target[axis]
            if let last = extents.indices.last, all.indices.allSatisfy({ strides[$0][last] == all[$0][axis] * extent }) {
                extents[last] *= extent
                for operand in all.indices { strides[operand][last] = all[operand][axis] }
            } else {
                extents.append(extent)
                for operand in all.indices { strides[operand].append(all[operand][axis]) }
            }
        }
        if extents.isEmpty {
            extents = [target.count]
            strides = shapes.map { _ in [0] }
        }
    }

    /// Extent and strides of the innermost axis.
    var inner: Int { extents[extents.count - 1] }
    func innerStride(_ operand: Int) -> Int { strides[operand][extents.count - 1] }

    /// Calls `body` with the first element of each operand for every run along the innermost axis, in row-major order.
    @inline(__always)
    func forEachRun(_ body: (_ run: Int, _ offsets: [Int]) -> Void) {
        let outer = extents.dropLast().reduce(1, *)
        var position = [Int](repeating: 0, count: extents.count), offsets = [Int](repeating: 0, count: strides.count)
        for run in 0..<outer {
            body(run, offsets)
            var axis = extents.count - 2
            while axis >= 0 {
                position[axis] += 1
                for operand in strides.indices { offsets[operand] += strides[operand][axis] }
                if position[axis] < extents[axis] { break }
                for operand in strides.indices { offsets[operand] -= strides[operand][axis] * extents[axis] }
                position[axis] = 0
                axis -= 1
            }
        }
    }
}

/// Plain loops over elements in memory, for float32 and float64.
enum HostLoops {
    @inline(__always)
    static func binary<T: TensorElement>(_ function: BinaryFunction, _ a: UnsafeMutablePointer<T>, _ aShape: Shape, _ b: UnsafeMutablePointer<T>, _ bShape: Shape,
                                         _ z: UnsafeMutablePointer<T>, _ shape: Shape) {
        let count = shape.count
        if bShape.count == 1, aShape.count == count {
            let constant = b[0]
            ScalarMath.with(function) { (f: (T, T) -> T) in for i in 0..<count { z[i] = f(a[i], constant) } }
        } else {
            let plan = LoopPlan([aShape, bShape], to: shape), n = plan.inner
            let (strideA, strideB) = (plan.innerStride(0), plan.innerStride(1))
            ScalarMath.with(function) { (f: (T, T) -> T) in
                plan.forEachRun { run, offsets in
                    let (x, y, z) = (a + offsets[0], b + offsets[1], z + run * n)
                    switch (strideA, strideB) {
                    case (1, 1): for i in 0..<n { z[i] = f(x[i], y[i]) }
                    case (1, 0): let c = y[0]; for i in 0..<n { z[i] = f(x[i], c) }
                    case (0, 1): let c = x[0]; for i in 0..<n { z[i] = f(c, y[i]) }
                    default: for i in 0..<n { z[i] = f(x[i * strideA], y[i * strideB]) }
                    }
                }
            }
        }
    }

    /// Eight at a time: generators end in this function, and a system library's takes 20 ns a number.
    static func hyperbolicTangent(_ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ piece: Range<Int>) {
        for start in stride(from: piece.lowerBound, to: piece.upperBound, by: 8) {
            let lanes = min(8, piece.upperBound - start)
            var values = SIMD8<Double>.zero
            for lane in 0..<lanes { values[lane] = Double(x[start + lane]) }
            let results = PortableMath.hyperbolicTangents(values)
            for lane in 0..<lanes { y[start + lane] = Float(results[lane]) }
        }
    }

    static func select<T: TensorElement>(_ c: UnsafeMutablePointer<T>, _ a: UnsafeMutablePointer<T>, _ b: UnsafeMutablePointer<T>, _ shapes: [Shape],
                                         _ z: UnsafeMutablePointer<T>, _ shape: Shape) {
        let plan = LoopPlan(shapes, to: shape), n = plan.inner
        let (strideC, strideA, strideB) = (plan.innerStride(0), plan.innerStride(1), plan.innerStride(2))
        plan.forEachRun { run, offsets in
            let (w, x, y, z) = (c + offsets[0], a + offsets[1], b + offsets[2], z + run * n)
            for i in 0..<n { z[i] = w[i * strideC] != 0 ? x[i * strideA] : y[i * strideB] }
        }
    }

    static func broadcast<T: TensorElement>(_ x: UnsafeMutablePointer<T>, _ xShape: Shape, _ z: UnsafeMutablePointer<T>, _ shape: Shape) {
        let plan = LoopPlan([xShape], to: shape), n = plan.inner
        if plan.innerStride(0) == 0 {
            plan.forEachRun { run, offsets in (z + run * n).update(repeating: x[offsets[0]], count: n) }
        } else {
            plan.forEachRun { run, offsets in (z + run * n).update(from: x + offsets[0], count: n) }
        }
    }

    /// Sums and means in float64, in an order that depends on the shape only.
    static func reduce<T: TensorElement>(_ function: ReduceFunction, _ x: UnsafeMutablePointer<T>, _ shape: Shape, axes: [Int], _ z: UnsafeMutablePointer<T>, _ openMP: OpenMP) {
        let kept = Shape(shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }), count = kept.count
        let plan = LoopPlan([kept, shape], to: shape), n = plan.inner, isInnerReduced = plan.innerStride(0) == 0
        if function == .maximum {
            z.update(repeating: -.infinity, count: count)
            plan.forEachRun { _, offsets in
                let (z, x) = (z + offsets[0], x + offsets[1])
                if isInnerReduced { for i in 0..<n where !(x[i] <= z[0]) { z[0] = x[i] } } else { for i in 0..<n where !(x[i] <= z[i]) { z[i] = x[i] } }
            }
            return
        }
        let scale = function == .mean ? Double(shape.count / max(count, 1)) : 1
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(count, 1)) { sums in
            sums.initialize(repeating: 0)
            guard let sums = sums.baseAddress else { return }
            if !isInnerReduced, plan.extents.count == 2, plan.strides[0][0] == 0 {
                let rows = plan.extents[0]
                openMP.forEach((n + 31) / 32, elements: shape.count) { block in sumColumns(x, rows: rows, width: n, 32 * block..<min(32 * (block + 1), n), sums) }
            } else {
                plan.forEachRun { _, offsets in
                    let (sums, x) = (sums + offsets[0], x + offsets[1])
                    if isInnerReduced { sums[0] += sum(x, n) } else { for i in 0..<n { sums[i] += Double(x[i]) } }
                }
            }
            for i in 0..<count { z[i] = T(sums[i] / scale) }
        }
    }

    /// Sums of at most 32 columns of a matrix, row after row: the biases' derivatives.
    @inline(__always)
    private static func sumColumns<T: TensorElement>(_ x: UnsafeMutablePointer<T>, rows: Int, width: Int, _ columns: Range<Int>, _ sums: UnsafeMutablePointer<Double>) {
        guard columns.count == 32 else {
            for row in 0..<rows { for i in columns { sums[i] += Double(x[row * width + i]) } }
            return
        }
        var (a, b, c, d) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
        var next = x + columns.lowerBound
        for _ in 0..<rows {
            a += eight(next)
            b += eight(next + 8)
            c += eight(next + 16)
            d += eight(next + 24)
            next += width
        }
        for lane in 0..<8 {
            let i = columns.lowerBound + lane
            (sums[i], sums[i + 8], sums[i + 16], sums[i + 24]) = (a[lane], b[lane], c[lane], d[lane])
        }
    }

    @inline(__always)
    private static func eight<T: TensorElement>(_ x: UnsafeMutablePointer<T>) -> SIMD8<Double> {
        SIMD8(Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]), Double(x[4]), Double(x[5]), Double(x[6]), Double(x[7]))
    }

    /// The sum of a run in eight interleaved partial sums.
    private static func sum<T: TensorElement>(_ x: UnsafeMutablePointer<T>, _ n: Int) -> Double {
        var partial = SIMD8<Double>(repeating: 0)
        var i = 0
        while i + 8 <= n {
            partial += eight(x + i)
            i += 8
        }
        var rest = 0.0
        while i < n { rest += Double(x[i]); i += 1 }
        return partial.sum() + rest
    }

    static func axisMap<T: TensorElement>(_ map: SparseMap, _ x: UnsafeMutablePointer<T>, outer: Int, inner: Int, _ z: UnsafeMutablePointer<T>) {
        for o in 0..<outer {
            let (x, z) = (x + o * map.columns * inner, z + o * map.rows * inner)
            for row in 0..<map.rows {
                let target = z + row * inner, entries = map.starts[row]..<map.starts[row + 1]
                guard let first = entries.first else { target.update(repeating: 0, count: inner); continue }
                if map.weights[first] == 1 {
                    target.update(from: x + map.indices[first] * inner, count: inner)
                } else {
                    let source = x + map.indices[first] * inner, weight = T(map.weights[first])
                    for i in 0..<inner { target[i] = weight * source[i] }
                }
                for entry in entries.dropFirst() {
                    let source = x + map.indices[entry] * inner, weight = T(map.weights[entry])
                    for i in 0..<inner { target[i] += weight * source[i] }
                }
            }
        }
    }

    static func softmax<T: TensorElement>(_ x: UnsafeMutablePointer<T>, count: Int, columns: Int, logarithm: Bool, _ z: UnsafeMutablePointer<T>) {
        for start in stride(from: 0, to: count, by: max(columns, 1)) {
            let (x, z) = (x + start, z + start)
            var largest = x[0], total = 0.0
            for i in 0..<columns { largest = max(largest, x[i]) }
            ScalarMath.with(.exponential) { (f: (Double) -> Double) in
                for i in 0..<columns {
                    let value = f(Double(x[i] - largest))
                    total += value
                    z[i] = T(value)
                }
            }
            if logarithm {
                var shift = total
                ScalarMath.with(.logarithm) { (f: (Double) -> Double) in shift = f(total) }
                for i in 0..<columns { z[i] = T(Double(x[i] - largest) - shift) }
            } else {
                for i in 0..<columns { z[i] = T(Double(z[i]) / total) }
            }
        }
    }

    static func warp<T: TensorElement>(_ maps: [AffineMap], _ x: UnsafeMutablePointer<T>, _ source: Shape, _ z: UnsafeMutablePointer<T>, _ target: Shape, isAdjoint: Bool) {
        let channels = source[3]
        z.update(repeating: 0, count: isAdjoint ? source.count : target.count)
        BilinearWarp.forEach(maps, source: source, target: target) { from, to, weight in
            let weight = T(weight)
            let (read, write) = isAdjoint ? (x + to, z + from) : (x + from, z + to)
            for c in 0..<channels { write[c] += weight * read[c] }
        }
    }

    /// Puts each number of `g` at the place of the first maximum of its window (`isGather` false), or picks the number that stands there.
    static func poolMaximum<T: TensorElement>(_ x: UnsafeMutablePointer<T>, _ values: UnsafeMutablePointer<T>, _ g: PoolingGeometry, isGather: Bool, _ z: UnsafeMutablePointer<T>) {
        let out = g.output
        if !isGather { z.update(repeating: 0, count: g.batch * g.input.height * g.input.width * g.channels) }
        for n in 0..<g.batch {
            for oy in 0..<out.height {
                for ox in 0..<out.width {
                    let top = oy * g.stride.height - g.padding.top, left = ox * g.stride.width - g.padding.left
                    let rows = max(top, 0)..<min(top + g.kernel.height, g.input.height), columns = max(left, 0)..<min(left + g.kernel.width, g.input.width)
                    let window = ((n * out.height + oy) * out.width + ox) * g.channels
                    for c in 0..<g.channels {
                        var best = ((n * g.input.height + rows.lowerBound) * g.input.width + columns.lowerBound) * g.channels + c
                        for row in rows {
                            for column in columns {
                                let place = ((n * g.input.height + row) * g.input.width + column) * g.channels + c
                                if x[place] > x[best] { best = place }
                            }
                        }
                        if isGather { z[window + c] = values[best] } else { z[best] += values[window + c] }
                    }
                }
            }
        }
    }

    static func poolAverageGradient<T: TensorElement>(_ values: UnsafeMutablePointer<T>, _ g: PoolingGeometry, countsPadding: Bool, _ z: UnsafeMutablePointer<T>) {
        let out = g.output
        z.update(repeating: 0, count: g.batch * g.input.height * g.input.width * g.channels)
        for n in 0..<g.batch {
            for oy in 0..<out.height {
                for ox in 0..<out.width {
                    let top = oy * g.stride.height - g.padding.top, left = ox * g.stride.width - g.padding.left
                    let rows = max(top, 0)..<min(top + g.kernel.height, g.input.height), columns = max(left, 0)..<min(left + g.kernel.width, g.input.width)
                    let area = (min(top + g.kernel.height, g.input.height + g.padding.bottom) - top) * (min(left + g.kernel.width, g.input.width + g.padding.right) - left)
                    let share = 1 / T(countsPadding ? area : rows.count * columns.count)
                    let source = values + ((n * out.height + oy) * out.width + ox) * g.channels
                    for row in rows {
                        for column in columns {
                            let target = z + ((n * g.input.height + row) * g.input.width + column) * g.channels
                            for c in 0..<g.channels { target[c] += share * source[c] }
                        }
                    }
                }
            }
        }
    }
}
