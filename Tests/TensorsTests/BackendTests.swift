import Tensors
import Testing

/// Each operation of the table on the fast backend against the reference backend, over shapes that meet the dangerous edges.
@Suite struct BackendTests {
    let fast = CPUBackend(), reference = ReferenceBackend()
    let stream = RandomStream(seed: 7)

    /// The same random numbers on both backends.
    func pair(_ name: String, _ shape: Shape, _ type: ElementType = .float32) -> (fast: Tensor, reference: Tensor) {
        let values = (0..<shape.count).map { stream[name].uniform($0) * 4 - 2 }
        return (Tensor(values, shape: shape, type: type, on: fast), Tensor(values, shape: shape, type: type, on: reference))
    }

    func expectEqual(_ a: Tensor, _ b: Tensor, within tolerance: Double = 1e-5, _ what: String) {
        #expect(a.shape == b.shape, "\(what)")
        let (x, y) = (a.doubles, b.doubles)
        let scale = max(y.map(abs).max() ?? 0, 1)
        let worst = zip(x, y).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= tolerance * scale, "\(what): \(worst) of \(scale)")
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var input: [Int], output: Int, kernel: Extent, stride = Extent(1), padding = Padding.zero, dilation = Extent(1), groups = 1
        var testDescription: String { "\(input) → \(output), \(kernel), \(stride), \(padding), \(dilation), \(groups)" }
    }

    static let convolutions = [
        Case(input: [2, 9, 7, 3], output: 32, kernel: Extent(3), stride: Extent(2)),
        Case(input: [1, 8, 8, 64], output: 48, kernel: Extent(1)),
        Case(input: [3, 6, 5, 20], output: 24, kernel: Extent(1, 7), padding: Padding(0, 3)),
        Case(input: [2, 8, 8, 16], output: 16, kernel: Extent(5), stride: Extent(2), padding: Padding(top: 1, left: 1, bottom: 2, right: 2), groups: 16),
        Case(input: [2, 8, 8, 16], output: 16, kernel: Extent(3), stride: Extent(2), padding: Padding(top: 0, left: 0, bottom: 1, right: 1), groups: 16),
        Case(input: [1, 11, 11, 8], output: 12, kernel: Extent(3), padding: Padding(2), dilation: Extent(2), groups: 2),
        Case(input: [1, 10, 10, 4], output: 5, kernel: Extent(3), stride: Extent(3)),
    ]

    @Test(arguments: convolutions, [Activation.none, .relu, .relu6])
    func convolution(_ c: Case, _ activation: Activation) {
        let x = pair("x", Shape(c.input))
        let w = pair("w", [c.output, c.input[3] / c.groups, c.kernel.height, c.kernel.width])
        let b = pair("b", [c.output])
        let apply = { (x: Tensor, w: Tensor, b: Tensor?, r: Tensor?) in
            x.convolved(with: w, bias: b, residual: r, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: c.groups, activation: activation)
        }
        let plain = (apply(x.fast, w.fast, nil, nil), apply(x.reference, w.reference, nil, nil))
        expectEqual(plain.0, plain.1, "no bias")
        expectEqual(apply(x.fast, w.fast, b.fast, nil), apply(x.reference, w.reference, b.reference, nil), "bias")
        let r = pair("r", plain.0.shape)
        expectEqual(apply(x.fast, w.fast, b.fast, r.fast), apply(x.reference, w.reference, b.reference, r.reference), "bias and residual")
        expectEqual(apply(x.fast, w.fast, nil, r.fast), apply(x.reference, w.reference, nil, r.reference), "residual")
    }

    /// The same bits from every backend and from the stream itself, whatever part of a group or of a thread's share the last number ends.
    @Test(arguments: [1, 3, 31, 32, 33, 2047, 2049, 100_001], [ElementType.float32, .float64, .bfloat16])
    func normalNumbersAreTheStreams(_ count: Int, _ type: ElementType) {
        let made = ([fast, reference] as [any Backend]).map { stream["n"].normal([count], mean: 0.3, deviation: 1.7, type: type, on: $0).doubles }
        let exact = stream["n"].normals(count).map { 0.3 + 1.7 * $0 }
        #expect(made[0] == made[1] && made[0] == Tensor(exact, shape: [count], type: type, on: reference).doubles)
    }

    @Test func convolutionInDoublePrecisionIsTheReference() {
        let x = pair("x", [1, 5, 5, 2], .float64), w = pair("w", [3, 2, 3, 3], .float64)
        #expect(x.fast.convolved(with: w.fast).doubles == x.reference.convolved(with: w.reference).doubles)
    }

    @Test func convolutionInBFloat16StaysWithinItsRounding() {
        let x = pair("x", [2, 6, 6, 32]), w = pair("w", [32, 32, 3, 3])
        let y = x.fast.cast(to: .bfloat16).convolved(with: w.fast, padding: Padding(1), activation: .relu)
        #expect(y.elementType == .bfloat16)
        expectEqual(y.cast(to: .float32), x.reference.convolved(with: w.reference, padding: Padding(1), activation: .relu), within: 0.01, "bfloat16")
    }

    @Test(arguments: [Pooling.maximum, .average(countsPadding: false), .average(countsPadding: true)], [false, true])
    func pooling(_ kind: Pooling, _ roundsUp: Bool) {
        for (extent, kernel, stride, padding) in [(13, 3, 2, 0), (8, 3, 1, 1), (7, 2, 2, 0), (6, 3, 2, 1), (5, 3, 3, 1)] {
            let x = pair("x", [2, extent, extent + 1, 5])
            let apply = { (x: Tensor) in x.pooled(kind, kernel: Extent(kernel), stride: Extent(stride), padding: Padding(padding), roundsUp: roundsUp) }
            expectEqual(apply(x.fast), apply(x.reference), "\(extent), \(kernel), \(stride), \(padding)")
        }
    }

    @Test func linear() {
        let x = pair("x", [5, 37]), w = pair("w", [11, 37]), b = pair("b", [11])
        expectEqual(x.fast.linear(w.fast), x.reference.linear(w.reference), "no bias")
        expectEqual(x.fast.linear(w.fast, bias: b.fast, activation: .relu), x.reference.linear(w.reference, bias: b.reference, activation: .relu), "bias, ReLU")
    }

    @Test func elementwise() {
        let functions: [UnaryFunction] = [.relu, .relu6, .negate, .exponential, .square, .absolute, .sigmoid, .tanh, .affine(scale: 2, shift: -1),
                                          .normalise(shift: 127, scale: 128), .clamp(lower: -1, upper: 0.5)]
        let x = pair("x", [3, 7])
        for function in functions { expectEqual(x.fast.applying(function), x.reference.applying(function), within: 1e-6, "\(function)") }
        let positive = (x.fast.applying(.square), x.reference.applying(.square))
        for function in [UnaryFunction.logarithm, .squareRoot] { expectEqual(positive.0.applying(function), positive.1.applying(function), within: 1e-6, "\(function)") }
        for shape in [[3, 7], [7], [1], [3, 1]] as [Shape] {
            let y = pair("y", shape)
            expectEqual(x.fast + y.fast, x.reference + y.reference, "+ \(shape)")
            expectEqual(x.fast - y.fast, x.reference - y.reference, "- \(shape)")
            expectEqual(x.fast * y.fast, x.reference * y.reference, "* \(shape)")
            expectEqual(x.fast / y.fast, x.reference / y.reference, "/ \(shape)")
        }
    }

    @Test func notANumberSurvivesRectifiers() {
        for backend in [fast, reference] as [any Backend] {
            let x = Tensor([Float.nan, -1, 7], shape: [3], on: backend)
            for y in [x.relu.floats, x.relu6.floats] { #expect(y[0].isNaN && y[1] == 0 && y[2] >= 6, "\(backend.name)") }
        }
    }

    @Test func movement() {
        let x = pair("x", [2, 3, 4, 5])
        expectEqual(x.fast.permuted(0, 3, 1, 2), x.reference.permuted(0, 3, 1, 2), within: 0, "permute")
        #expect(x.fast.permuted(0, 3, 1, 2).permuted(0, 2, 3, 1).floats == x.fast.floats)
        expectEqual(x.fast.spatialMean, x.reference.spatialMean, within: 1e-7, "spatial mean")
        expectEqual(x.fast.reduced(.maximum, axes: 3), x.reference.reduced(.maximum, axes: 3), within: 0, "maximum")
        expectEqual(x.fast.reduced(.sum, axes: 0, 2), x.reference.reduced(.sum, axes: 0, 2), "sum")
        let y = pair("y", [2, 3, 4, 6])
        expectEqual(.concatenated([x.fast, y.fast]), .concatenated([x.reference, y.reference]), within: 0, "concatenation")
        let joined = Tensor.concatenated([x.fast, y.fast]).floats
        #expect(Array(joined[0..<5]) == Array(x.fast.floats[0..<5]) && Array(joined[5..<11]) == Array(y.fast.floats[0..<6]))
    }

    /// Sums of columns are taken 32 at a time, row after row: each is the plain sum in float64, to the last bit.
    @Test(arguments: [1, 31, 32, 33, 64, 100, 224], [1, 7, 2000])
    func columnsAreSummedInOrder(_ columns: Int, _ rows: Int) {
        let x = pair("x", [rows, columns])
        let values = x.fast.floats, sums = (0..<columns).map { column in (0..<rows).reduce(0.0) { $0 + Double(values[$1 * columns + column]) } }
        if columns > 1 { #expect(x.fast.reduced(.sum, axes: 0).floats == sums.map { Float($0) }) }
        expectEqual(x.fast.reduced(.mean, axes: 0), x.reference.reduced(.mean, axes: 0), within: 1e-7, "mean")
        let y = pair("y", [rows, columns], .float64)
        expectEqual(y.fast.reduced(.sum, axes: 0), y.reference.reduced(.sum, axes: 0), within: 1e-12 * Double(rows), "float64")
    }

    @Test func concatenationInPlaceEqualsConcatenationByCopy() {
        for x in [pair("x", [2, 9, 9, 8])].flatMap({ [$0.fast, $0.reference] }) {
            let w = Tensor((0..<6 * 8 * 9).map { stream["w"].uniform($0) - 0.5 }, shape: [6, 8, 3, 3], on: x.backend)
            let whole = ChannelConcatenation([2, 4, 4, 14], type: .float32, on: x.backend)
            whole.appendPooling(of: x, .maximum, kernel: Extent(3), stride: Extent(2), padding: .zero)
            whole.appendConvolution(of: x, w, bias: nil, stride: Extent(2), padding: .zero, activation: .relu)
            let parts = [x.pooled(.maximum, kernel: Extent(3), stride: Extent(2)), x.convolved(with: w, stride: Extent(2), activation: .relu)]
            #expect(whole.tensor.floats == Tensor.concatenated(parts).floats, "\(x.backend.name)")
        }
    }

    @Test func castRoundsToNearestEven() {
        let values: [Float] = [1, 1.00390625, 1.01171875, -3.14159, 65504, -0, .infinity]
        for backend in [fast, reference] as [any Backend] {
            let there = Tensor(values, shape: [values.count], on: backend).cast(to: .bfloat16)
            #expect(there.floats == values.map { BFloat16.float(BFloat16.bits($0)) }, "\(backend.name)")
        }
        #expect(BFloat16.float(BFloat16.bits(1.00390625)) == 1 && BFloat16.float(BFloat16.bits(1.01171875)) == 1.015625)
    }
}
