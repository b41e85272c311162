extension CPUBackend {
    /// Runs a loop in float32 or float64; other formats go to the reference backend.
    @inline(__always)
    private func dispatch(_ type: ElementType, float32: () -> Void, float64: () -> Void, otherwise: () -> Void) {
        switch type {
        case .float32: float32()
        case .float64: float64()
        case .bfloat16: otherwise()
        }
    }

    private func f(_ storage: Storage) -> UnsafeMutablePointer<Float> { storage.address.assumingMemoryBound(to: Float.self) }
    private func d(_ storage: Storage) -> UnsafeMutablePointer<Double> { storage.address.assumingMemoryBound(to: Double.self) }

    /// The same number everywhere.
    public func fill(_ output: Storage, with value: Double) {
        dispatch(output.elementType, float32: { f(output).update(repeating: Float(value), count: output.count) },
                 float64: { d(output).update(repeating: value, count: output.count) }, otherwise: { reference.fill(output, with: value) })
    }

    /// Normal numbers, each group of 32 on the thread that comes to it.
    public func normal(_ stream: RandomStream, mean: Double, deviation: Double, to output: Storage) {
        guard output.elementType == .float32 else { return reference.normal(stream, mean: mean, deviation: deviation, to: output) }
        let numbers = output.elements(as: Float.self), groups = (output.count + 31) / 32, part = 64
        // Ten rounds of multiplications, a logarithm and a turn: each number is worth sixteen of a plain loop's.
        openMP.forEach((groups + part - 1) / part, elements: 16 * output.count) { piece in
            for group in piece * part..<min((piece + 1) * part, groups) {
                stream.writeNormals(group, of: numbers.count, to: numbers) { Float(mean + deviation * $0) }
            }
        }
    }

    /// Pieces of a flat loop that threads share; each is worth a thread's start.
    private func forEachPiece(of count: Int, _ body: (Range<Int>) -> Void) {
        let size = 1 << 14
        openMP.forEach((count + size - 1) / size, elements: count) { body($0 * size..<min(($0 + 1) * size, count)) }
    }

    /// `output[i] = f(input[i])`.
    public func unary(_ function: UnaryFunction, _ input: Storage, to output: Storage) {
        dispatch(input.elementType, float32: {
            let (x, y) = (self.f(input), self.f(output))
            if function == .tanh { return forEachPiece(of: input.count) { HostLoops.hyperbolicTangent(x, y, $0) } }
            forEachPiece(of: input.count) { piece in ScalarMath.with(function) { (f: (Float) -> Float) in for i in piece { y[i] = f(x[i]) } } }
        }, float64: {
            let (x, y) = (d(input), d(output))
            forEachPiece(of: input.count) { piece in ScalarMath.with(function) { (f: (Double) -> Double) in for i in piece { y[i] = f(x[i]) } } }
        }, otherwise: { reference.unary(function, input, to: output) })
    }

    /// `output[i] = f(a[…], b[…])` with NumPy broadcasting.
    public func binary(_ function: BinaryFunction, _ a: Storage, _ aShape: Shape, _ b: Storage, _ bShape: Shape, to output: Storage, _ shape: Shape) {
        dispatch(a.elementType, float32: { binary(function, f(a), aShape, f(b), bShape, f(output), shape) },
                 float64: { binary(function, d(a), aShape, d(b), bShape, d(output), shape) },
                 otherwise: { reference.binary(function, a, aShape, b, bShape, to: output, shape) })
    }

    private func binary<T: TensorElement>(_ function: BinaryFunction, _ a: UnsafeMutablePointer<T>, _ aShape: Shape, _ b: UnsafeMutablePointer<T>, _ bShape: Shape,
                                          _ z: UnsafeMutablePointer<T>, _ shape: Shape) {
        guard aShape == bShape else { return HostLoops.binary(function, a, aShape, b, bShape, z, shape) }
        forEachPiece(of: shape.count) { piece in ScalarMath.with(function) { (f: (T, T) -> T) in for i in piece { z[i] = f(a[i], b[i]) } } }
    }

    /// `output[i] = condition[…] ≠ 0 ? a[…] : b[…]`.
    public func select(_ condition: Storage, _ conditionShape: Shape, _ a: Storage, _ aShape: Shape, _ b: Storage, _ bShape: Shape, to output: Storage, _ shape: Shape) {
        dispatch(a.elementType, float32: { HostLoops.select(f(condition), f(a), f(b), [conditionShape, aShape, bShape], f(output), shape) },
                 float64: { HostLoops.select(d(condition), d(a), d(b), [conditionShape, aShape, bShape], d(output), shape) },
                 otherwise: { reference.select(condition, conditionShape, a, aShape, b, bShape, to: output, shape) })
    }

    /// Repeats elements along axes of extent 1.
    public func broadcast(_ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape) {
        dispatch(input.elementType, float32: { HostLoops.broadcast(f(input), inputShape, f(output), shape) },
                 float64: { HostLoops.broadcast(d(input), inputShape, d(output), shape) },
                 otherwise: { reference.broadcast(input, inputShape, to: output, shape) })
    }

    /// Copies a block from one position to another.
    public func copyBlock(_ input: Storage, _ inputShape: Shape, at source: [Int], extents: [Int], to output: Storage, _ shape: Shape, at target: [Int]) {
        // Trailing axes that are copied whole make one run with the axis before them.
        var axis = extents.count - 1
        while axis > 0, extents[axis] == inputShape[axis], extents[axis] == shape[axis] { axis -= 1 }
        let size = input.elementType.size, from = inputShape.strides, to = shape.strides
        let run = axis < 0 ? size : extents[axis] * from[axis] * size
        let starts = ReferenceBackend.indices(extents: Array(extents.prefix(max(axis, 0))), strides: from), ends = ReferenceBackend.indices(extents: Array(extents.prefix(max(axis, 0))), strides: to)
        let first = zip(source, from).reduce(0) { $0 + $1.0 * $1.1 }, last = zip(target, to).reduce(0) { $0 + $1.0 * $1.1 }
        for (start, end) in zip(starts, ends) {
            (output.address + (last + end) * size).copyMemory(from: input.address + (first + start) * size, byteCount: run)
        }
    }

    /// Reduces axes to extent 1, summing in float64.
    public func reduce(_ function: ReduceFunction, _ input: Storage, _ shape: Shape, axes: [Int], to output: Storage) {
        dispatch(input.elementType, float32: { HostLoops.reduce(function, f(input), shape, axes: axes, f(output), openMP) },
                 float64: { HostLoops.reduce(function, d(input), shape, axes: axes, d(output), openMP) },
                 otherwise: { reference.reduce(function, input, shape, axes: axes, to: output) })
    }

    /// A sparse linear map along the middle axis.
    public func axisMap(_ map: SparseMap, _ input: Storage, outer: Int, inner: Int, to output: Storage) {
        dispatch(input.elementType, float32: { HostLoops.axisMap(map, f(input), outer: outer, inner: inner, f(output)) },
                 float64: { HostLoops.axisMap(map, d(input), outer: outer, inner: inner, d(output)) },
                 otherwise: { reference.axisMap(map, input, outer: outer, inner: inner, to: output) })
    }

    /// Softmax, or its logarithm, over rows.
    public func softmax(_ input: Storage, columns: Int, logarithm: Bool, to output: Storage) {
        dispatch(input.elementType, float32: { HostLoops.softmax(f(input), count: input.count, columns: columns, logarithm: logarithm, f(output)) },
                 float64: { HostLoops.softmax(d(input), count: input.count, columns: columns, logarithm: logarithm, d(output)) },
                 otherwise: { reference.softmax(input, columns: columns, logarithm: logarithm, to: output) })
    }

    /// Samples each image bilinearly where its map says.
    public func warp(_ maps: [AffineMap], _ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape) {
        dispatch(input.elementType, float32: { HostLoops.warp(maps, f(input), inputShape, f(output), shape, isAdjoint: false) },
                 float64: { HostLoops.warp(maps, d(input), inputShape, d(output), shape, isAdjoint: false) },
                 otherwise: { reference.warp(maps, input, inputShape, to: output, shape) })
    }

    /// The adjoint of `warp`.
    public func warpAdjoint(_ maps: [AffineMap], _ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape) {
        dispatch(input.elementType, float32: { HostLoops.warp(maps, f(input), shape, f(output), inputShape, isAdjoint: true) },
                 float64: { HostLoops.warp(maps, d(input), shape, d(output), inputShape, isAdjoint: true) },
                 otherwise: { reference.warpAdjoint(maps, input, inputShape, to: output, shape) })
    }

    /// Spreads the derivative of a pooling over its windows.
    public func poolGradient(_ kind: Pooling, _ input: Storage?, _ gradient: Storage, _ geometry: PoolingGeometry, to output: Storage) {
        switch (kind, input) {
        case let (.maximum, input?):
            dispatch(gradient.elementType, float32: { HostLoops.poolMaximum(f(input), f(gradient), geometry, isGather: false, f(output)) },
                     float64: { HostLoops.poolMaximum(d(input), d(gradient), geometry, isGather: false, d(output)) },
                     otherwise: { reference.poolGradient(kind, input, gradient, geometry, to: output) })
        case (.maximum, nil): preconditionFailure("the derivative of a maximum needs its input")
        case let (.average(countsPadding), _):
            dispatch(gradient.elementType, float32: { HostLoops.poolAverageGradient(f(gradient), geometry, countsPadding: countsPadding, f(output)) },
                     float64: { HostLoops.poolAverageGradient(d(gradient), geometry, countsPadding: countsPadding, d(output)) },
                     otherwise: { reference.poolGradient(kind, input, gradient, geometry, to: output) })
        }
    }

    /// Picks the elements at the places of the first maxima.
    public func poolGather(_ input: Storage, _ values: Storage, _ geometry: PoolingGeometry, to output: Storage) {
        dispatch(input.elementType, float32: { HostLoops.poolMaximum(f(input), f(values), geometry, isGather: true, f(output)) },
                 float64: { HostLoops.poolMaximum(d(input), d(values), geometry, isGather: true, d(output)) },
                 otherwise: { reference.poolGather(input, values, geometry, to: output) })
    }
}
