/// `rectifier((x − mean) / √(variance + eps) · weight + bias)` with the statistics of `x` itself, fused.
///
/// Mean and variance are inputs 3 and 4 and count as functions of `x`: the derivative with respect to `x` is the total one.
/// The first derivative is two passes over memory; where it is to be differentiated again it is written in primitive operations instead.
struct Normalisation: Operation {
    static let name = "normalisation"
    let geometry: NormalisationGeometry

    var keeps: Kept {
        let inputs: Kept = [.input(0), .input(1), .input(3), .input(4)]
        return geometry.slope == 1 ? inputs : inputs.union(.output)
    }

    func shape(of inputs: [Tensor]) -> Shape { inputs[0].shape }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.normalisation(inputs[0].storage, weight: inputs[1].storage, bias: inputs[2].storage, geometry,
                              mean: inputs[3].storage, variance: inputs[4].storage, to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        (record.createsGraph ? differentiable(record, gradient) : fused(record, gradient)) + [nil, nil]
    }

    private func fused(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        let x = record.input(0), backend = x.backend
        func fresh(_ shape: Shape) -> Tensor { Tensor(backend.allocate(x.elementType, count: shape.count), shape) }
        let (input, weight, bias) = (record.needs(0) ? fresh(x.shape) : nil, fresh([geometry.channels]), fresh([geometry.channels]))
        backend.normalisationGradient(
            gradient.storage, input: x.storage, output: geometry.slope == 1 ? nil : record.output.storage, weight: record.input(1).storage,
            mean: record.input(3).storage, variance: record.input(4).storage, geometry, toInput: input?.storage, weight: weight.storage, bias: bias.storage)
        return [input, weight, bias]
    }

    private func differentiable(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        let part: Shape = [geometry.outer, geometry.rows, geometry.channels], each: Shape = [geometry.channels]
        let g = (geometry.slope == 1 ? gradient : gradient.combined(.gate(slope: geometry.slope), record.output)).reshaped(part)
        let x = record.input(0).reshaped(part)
        let centred = x - x.reduced(.mean, axes: 1)
        let scale = (centred.squared.reduced(.mean, axes: 1) + geometry.eps).reciprocalSquareRoot
        let normal = centred * scale
        return [record.derivative(0) {
            let scaled = g * record.input(1)
            return (scale * (scaled - scaled.reduced(.mean, axes: 1) - normal * (scaled * normal).reduced(.mean, axes: 1))).reshaped(record.shape(0))
        }, record.derivative(1) { (g * normal).summed(to: each) }, record.derivative(2) { g.summed(to: each) }]
    }
}

extension Tensor {
    /// Normalises each channel by its own mean and (biased) variance over all other axes, or over those of each sample alone.
    ///
    /// `rectifier((x − mean) / √(variance + eps) · weight + bias)`. Mean and variance come back as constants, for running averages;
    /// derivatives of the output count their dependence on `x`. Source: Ioffe and Szegedy, arXiv:1502.03167, algorithm 1.
    /// - Parameters:
    ///   - weight: `[C]`; ones when nil.
    ///   - bias: `[C]`; zeros when nil.
    ///   - activation: nothing, ReLU or leaky ReLU with a slope that is not negative, applied in the same pass.
    ///   - isPerSample: Whether each sample has its own statistics (instance norm).
    /// - Shape: `[N, …, C]`; output the same, statistics `[C]`, or `[N, C]` for each sample alone.
    public func normalised(weight: Tensor? = nil, bias: Tensor? = nil, eps: Double, activation: Activation = .none,
                           isPerSample: Bool = false) -> (output: Tensor, mean: Tensor, variance: Tensor) {
        let slope: Double = switch activation {
        case .none: 1
        case .relu: 0
        case let .leakyRelu(slope): slope
        case .relu6: preconditionFailure("a normalisation cannot be fused with \(activation)")
        }
        precondition(slope >= 0, "a normalisation cannot be fused with a rectifier of slope \(slope)")
        precondition(shape.rank >= 2, "normalisation of \(shape)")
        let channels = shape[-1], outer = isPerSample ? shape[0] : 1
        let geometry = NormalisationGeometry(outer: outer, rows: shape.count / max(outer * channels, 1), channels: channels, eps: eps, slope: slope)
        let scale = weight ?? Tensor(repeating: 1, shape: [channels], type: elementType, on: backend)
        let shift = bias ?? Tensor(repeating: 0, shape: [channels], type: elementType, on: backend)
        precondition(scale.shape == [channels] && shift.shape == [channels], "normalisation of \(shape) with weight \(scale.shape) and bias \(shift.shape)")
        let statistics: Shape = isPerSample ? [outer, channels] : [channels]
        let mean = Tensor(backend.allocate(elementType, count: statistics.count), statistics)
        let variance = Tensor(backend.allocate(elementType, count: statistics.count), statistics)
        return (.applying(Normalisation(geometry: geometry), to: self, scale, shift, mean, variance), mean, variance)
    }
}
