/// A convolution as a network called it, to be run again by itself: what benchmarks compare a whole pass with.
public struct ConvolutionCall {
    /// Sizes; the output is never a slice of a wider tensor here.
    public let geometry: ConvolutionGeometry
    /// Formats of what goes in and comes out.
    public let inputType: ElementType, outputType: ElementType
    /// Whether another tensor of the output's size is added.
    public let addsResidual: Bool
    let weight: Storage
    let bias: Storage?
    let activation: Activation

    /// Elements of the input and of the output.
    public var counts: (input: Int, output: Int) {
        let g = geometry
        return (g.batch * g.input.height * g.input.width * g.inputChannels, g.batch * g.output.height * g.output.width * g.outputChannels)
    }

    /// Runs it on memory that is large enough.
    public func run(_ input: Storage, residual: Storage, to output: Storage, on backend: CPUBackend) {
        let counts = counts
        precondition(input.elementType == inputType && output.elementType == outputType && input.count >= counts.input && output.count >= counts.output)
        precondition(!addsResidual || residual.count >= counts.output)
        backend.convolution(input, weight, bias: bias, residual: addsResidual ? residual : nil, geometry, activation: activation, to: output)
    }
}
