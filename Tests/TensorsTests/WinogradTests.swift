import Tensors
import Testing

/// Convolutions of 4 × 4 windows at stride 2 go through products at 25 points; the reference backend is the oracle.
@Suite struct WinogradTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let input: [Int], output: Int
        var padding = Padding(1)
        var testDescription: String { "\(input) → \(output), \(padding)" }
    }

    static let cases = [
        Case(input: [1, 32, 32, 32], output: 32),
        Case(input: [2, 16, 16, 32], output: 64),
        // Odd sides, and tiles that hang over both edges.
        Case(input: [3, 31, 27, 36], output: 40),
        Case(input: [11, 14, 14, 32], output: 36),
        Case(input: [4, 23, 24, 64], output: 32, padding: Padding(top: 0, left: 2, bottom: 1, right: 0)),
        Case(input: [2, 41, 36, 32], output: 48, padding: .zero),
        // Three images at a time, then two; and three slices of the weights' derivative.
        Case(input: [5, 94, 94, 64], output: 32),
        Case(input: [32, 8, 8, 256], output: 256),
    ]

    /// The same numbers on both backends; the reference computes in float64.
    private struct Pair {
        let fast, exact: Tensor

        init(_ name: String, _ shape: Shape, backends: (fast: CPUBackend, exact: ReferenceBackend)) {
            let stream = RandomStream(seed: 19)[name], values = (0..<shape.count).map { Float(stream.uniform($0)) * 2 - 1 }
            fast = Tensor(values, shape: shape, on: backends.fast)
            exact = Tensor(values.map(Double.init), shape: shape, type: .float64, on: backends.exact)
        }
    }

    private let backends = (fast: CPUBackend(), exact: ReferenceBackend())

    /// The geometry that a convolution of this case hands to the backend.
    private func geometry(_ c: Case) throws -> ConvolutionGeometry {
        var seen: ConvolutionGeometry?
        backends.fast.observesConvolution = { seen = $0.geometry }
        defer { backends.fast.observesConvolution = nil }
        _ = pair("x", Shape(c.input)).fast.convolved(with: pair("w", [c.output, c.input[3], 4, 4]).fast, stride: Extent(2), padding: c.padding)
        return try #require(seen)
    }

    private func pair(_ name: String, _ shape: Shape) -> Pair { Pair(name, shape, backends: backends) }

    /// The error's norm over the result's.
    private func distance(_ a: Tensor, _ b: Tensor) -> Double {
        let (x, y) = (a.doubles, b.doubles)
        var (error, norm) = (0.0, 0.0)
        for i in x.indices {
            error += (x[i] - y[i]) * (x[i] - y[i])
            norm += y[i] * y[i]
        }
        return x.count == y.count ? (error / norm).squareRoot() : .infinity
    }

    private func dot(_ a: Tensor, _ b: Tensor) -> Double { zip(a.doubles, b.doubles).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test(arguments: cases)
    func convolutionAndItsDerivatives(_ c: Case) throws {
        #expect(try WinogradConvolution(geometry(c)) != nil)
        let x = pair("x", Shape(c.input)), w = pair("w", [c.output, c.input[3], 4, 4])
        func all(_ x: Tensor, _ w: Tensor, _ seed: (Shape) -> Tensor) -> [Tensor] {
            let (x, w) = (x.variable, w.variable)
            let y = x.convolved(with: w, stride: Extent(2), padding: c.padding)
            return [y] + gradients(of: y, seed: seed(y.shape), withRespectTo: [x, w])
        }
        let fast = all(x.fast, w.fast) { pair("seed", $0).fast }, exact = all(x.exact, w.exact) { pair("seed", $0).exact }
        for (name, (a, b)) in zip(["results", "derivative in the input", "derivative in the weight"], zip(fast, exact)) {
            let found = distance(a, b)
            #expect(found < 4e-6, "\(name): \(found)")
        }
    }

    @Test(arguments: [Activation.none, .relu, .relu6, .leakyRelu(slope: 0.2)])
    func biasAndActivation(_ activation: Activation) {
        let x = pair("x", [2, 34, 34, 32]), w = pair("w", [32, 32, 4, 4]), b = pair("b", [32])
        let apply = { (x: Tensor, w: Tensor, b: Tensor) in x.convolved(with: w, bias: b, stride: Extent(2), padding: Padding(1), activation: activation) }
        #expect(distance(apply(x.fast, w.fast, b.fast), apply(x.exact, w.exact, b.exact)) < 4e-6)
    }

    @Test func rectifiersKeepWhatIsNotANumberAndDropMinusInfinity() {
        var values = [Float](repeating: 0, count: 2 * 32 * 32 * 32)
        values[0] = .nan
        let x = Tensor(values, shape: [2, 32, 32, 32], on: backends.fast), w = Tensor(repeating: 1, shape: [32, 32, 4, 4], on: backends.fast)
        let low = Tensor([Float](repeating: -.infinity, count: 32), shape: [32], on: backends.fast)
        #expect(x.convolved(with: w, stride: Extent(2), padding: Padding(1), activation: .relu).floats[0].isNaN)
        #expect(Tensor(repeating: 0, shape: x.shape, on: backends.fast).convolved(with: w, bias: low, stride: Extent(2), padding: Padding(1), activation: .relu).floats.allSatisfy { $0 == 0 })
    }

    @Test func transposedConvolutionWithOutputPadding() {
        let x = pair("x", [3, 15, 14, 32]), w = pair("w", [32, 36, 4, 4])
        let apply = { (x: Tensor, w: Tensor) in x.transposedConvolved(with: w, stride: Extent(2), padding: Padding(1), outputPadding: Extent(1)) }
        #expect(distance(apply(x.fast, w.fast), apply(x.exact, w.exact)) < 4e-6)
    }

    @Test func secondDerivatives() {
        // The slope's norm, as a gradient penalty takes it; squared weights make every path of the graph count.
        func derivatives(_ inputs: [Tensor]) -> [Tensor] {
            let inputs = inputs.map(\.variable), (x, w, v) = (inputs[0], inputs[1], inputs[2])
            let y = x.convolved(with: w, stride: Extent(2), padding: Padding(1), activation: .leakyRelu(slope: 0.2)).transposedConvolved(with: v, stride: Extent(2), padding: Padding(1))
            let first = gradients(of: y.squared.sum, withRespectTo: inputs, createGraph: true)
            return gradients(of: first.map { $0.squared.mean }.reduce(x.constant(0), +), withRespectTo: inputs)
        }
        let x = pair("x", [2, 32, 32, 32]), w = pair("w", [36, 32, 4, 4]), v = pair("v", [36, 32, 4, 4])
        for (a, b) in zip(derivatives([x.fast, w.fast, v.fast]), derivatives([x.exact, w.exact, v.exact])) { #expect(distance(a, b) < 1e-5) }
    }

    @Test func theThreeMapsAreAdjointAndLinear() {
        let c = Self.cases[2], x = pair("x", Shape(c.input)).fast, other = pair("other", Shape(c.input)).fast, w = pair("w", [c.output, c.input[3], 4, 4]).fast
        let apply = { (x: Tensor) in x.convolved(with: w, stride: Extent(2), padding: Padding(1)) }
        let y = apply(x), seed = pair("seed", y.shape).fast
        #expect(distance(apply(x * 3 - other), y * 3 - apply(other)) < 1e-5)
        let (vx, vw) = (x.variable, w.variable)
        let back = gradients(of: vx.convolved(with: vw, stride: Extent(2), padding: Padding(1)), seed: seed, withRespectTo: [vx, vw])
        let products = [dot(y, seed), dot(x, back[0]), dot(w, back[1])], scale = (dot(y, y) * dot(seed, seed)).squareRoot()
        #expect(products.allSatisfy { abs($0 - products[0]) < 1e-6 * scale }, "\(products) of \(scale)")
    }

    @Test func theSameBitsEachTime() {
        let c = Self.cases[6], x = pair("x", Shape(c.input)).fast.variable, w = pair("w", [c.output, c.input[3], 4, 4]).fast.variable
        func all() -> [[Float]] {
            let y = x.convolved(with: w, stride: Extent(2), padding: c.padding)
            return ([y] + gradients(of: y.squared.sum, withRespectTo: [x, w])).map(\.floats)
        }
        let first = all()
        for _ in 0..<3 { #expect(all() == first) }
    }

    @Test func onlyWhatGainsIsTakenThisWay() throws {
        let taken = try geometry(Self.cases[0])
        func plan(_ change: (inout ConvolutionGeometry) -> Void) -> WinogradConvolution? {
            var geometry = taken
            change(&geometry)
            return WinogradConvolution(geometry)
        }
        #expect(plan { _ in } != nil)
        #expect(plan { $0.kernel = Extent(3) } == nil)
        #expect(plan { $0.stride = Extent(1) } == nil)
        #expect(plan { $0.dilation = Extent(2) } == nil)
        #expect(plan { $0.groups = 2 } == nil)
        #expect(plan { $0.destinationChannels = 64 } == nil)
        #expect(plan { $0.inputChannels = 3 } == nil)
        #expect(plan { $0.outputChannels = 34 } == nil)
        #expect(plan { ($0.batch, $0.input) = (1, Extent(16)) } == nil)
        // 6 × 6 results fill four tiles to a half.
        #expect(plan { ($0.batch, $0.input) = (64, Extent(12)) } == nil)
        #expect(plan { ($0.batch, $0.input) = (64, Extent(14)) } != nil)
    }
}
