/// What a pooling is made of besides its numbers; shared by the pooling and its derivatives.
struct PoolingWindow: Hashable {
    let kind: Pooling, kernel: Extent, stride: Extent, padding: Padding, roundsUp: Bool

    func geometry(_ x: Shape) -> PoolingGeometry {
        precondition(x.rank == 4, "pooling of \(x)")
        return PoolingGeometry(batch: x[0], input: Extent(x[1], x[2]), channels: x[3], kernel: kernel, stride: stride, padding: padding,
                               roundsUp: roundsUp, destinationChannels: x[3])
    }

    func output(_ x: Shape) -> Shape {
        let output = geometry(x).output
        return [x[0], output.height, output.width, x[3]]
    }
}

/// Maximum or average over windows.
struct Pool: Operation {
    static let name = "pool"
    let window: PoolingWindow

    var keeps: Kept { window.kind == .maximum ? .input(0) : [] }
    func shape(of inputs: [Tensor]) -> Shape { window.output(inputs[0].shape) }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.pool(window.kind, inputs[0].storage, window.geometry(inputs[0].shape), to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        let operation = PoolGradient(window: window, input: record.shape(0))
        return window.kind == .maximum ? [.applying(operation, to: gradient, record.input(0).detached)] : [.applying(operation, to: gradient)]
    }
}

/// The adjoint of a pooling: spreads each number over its window, or puts it where the first maximum was.
struct PoolGradient: Operation {
    static let name = "pool gradient"
    let window: PoolingWindow, input: Shape

    var keeps: Kept { window.kind == .maximum ? .input(1) : [] }
    func shape(of inputs: [Tensor]) -> Shape { input }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.poolGradient(window.kind, inputs.count > 1 ? inputs[1].storage : nil, inputs[0].storage, window.geometry(input), to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        window.kind == .maximum
            ? [.applying(PoolGather(window: window), to: gradient, record.input(1)), nil]
            : [.applying(Pool(window: window), to: gradient)]
    }
}

/// Picks the numbers at the places of the maxima of another tensor.
struct PoolGather: Operation {
    static let name = "pool gather"
    let window: PoolingWindow
    let keeps: Kept = .input(1)

    func shape(of inputs: [Tensor]) -> Shape { window.output(inputs[0].shape) }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.poolGather(inputs[1].storage, inputs[0].storage, window.geometry(inputs[0].shape), to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        [.applying(PoolGradient(window: window, input: record.shape(0)), to: gradient, record.input(1)), nil]
    }
}

extension Tensor {
    /// Maximum or average over windows. The derivative of a maximum goes to the first of equals.
    /// - Shape: `[N, H, W, C]` to `[N, H', W', C]`.
    public func pooled(_ kind: Pooling, kernel: Extent, stride: Extent, padding: Padding = .zero, roundsUp: Bool = false) -> Tensor {
        .applying(Pool(window: PoolingWindow(kind: kind, kernel: kernel, stride: stride, padding: padding, roundsUp: roundsUp)), to: self)
    }
}
