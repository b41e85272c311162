import Tensors
import Testing

/// Every row of the operation table: the fast backend against the reference, first and second derivatives against central differences in float64.
@Suite struct DerivativeTests {
    private static func one(_ name: String, _ range: ClosedRange<Double> = -2...2, _ f: @escaping @Sendable (Tensor) -> Tensor) -> DerivativeCase {
        DerivativeCase(name, [3, 4], range: range) { f($0[0]) }
    }

    static let elementwise: [DerivativeCase] = [
        one("relu") { $0.relu }, one("relu6", -2...8) { $0.relu6 }, one("leakyRelu") { $0.leakyRelu(0.2) }, one("negate") { -$0 },
        one("squared") { $0.squared }, one("absolute") { $0.absolute }, one("sign") { $0.sign + $0.squared }, one("reciprocal", 0.5...2) { $0.reciprocal },
        one("squareRoot", 0.5...2) { $0.squareRoot }, one("reciprocalSquareRoot", 0.5...2) { $0.reciprocalSquareRoot }, one("exponential") { $0.exponential },
        one("logarithm", 0.5...2) { $0.logarithm }, one("sine", -4...4) { $0.sine }, one("cosine", -4...4) { $0.cosine }, one("errorFunction") { $0.errorFunction },
        one("sigmoid", -4...4) { $0.sigmoid }, one("tanh", -3...3) { $0.tanh }, one("softplus", -4...4) { $0.softplus }, one("power 3") { $0.raised(to: 3) },
        one("power −1.5", 0.5...2) { $0.raised(to: -1.5) }, one("power 0", 0.5...2) { $0.raised(to: 0) * $0 }, one("clamped") { $0.clamped(-1, 0.5) },
        one("gelu", -3...3) { $0.gelu }, one("affine") { 3.0 - $0 * 2.0 }, one("normalise") { $0.applying(.normalise(shift: 1, scale: 3)) },
    ]

    private static func two(_ name: String, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> [DerivativeCase] {
        let shapes: [Shape] = [[3, 4], [4], [1], [3, 1], []]
        return shapes.map { shape in DerivativeCase("\(name) \(shape)", [3, 4], shape, range: 0.5...2) { f($0[0], $0[1]) } }
    }

    static let broadcasts: [DerivativeCase] = two("add") { $0 + $1 } + two("subtract") { $0 - $1 } + arithmetic + comparisons
    private static let arithmetic: [DerivativeCase] = two("multiply") { $0 * $1 } + two("divide") { $0 / $1 } + two("reversed divide") { $1 / $0 }
        + two("maximum") { .maximum($0, $1) } + two("minimum") { .minimum($1, $0) }
    private static let comparisons: [DerivativeCase] = two("greater") { $0.combined(.greater, $1) * $0 } + two("heaviside") { $0.combined(.heaviside, $1) * $1 }
        + two("select") { .select($0.combined(.greaterOrEqual, $1), $0 * $1, $1.squared) } + two("gate") { $0.combined(.gate(slope: 0.3), $1) }
        + two("gate between") { $0.combined(.gateBetween(lower: 0.7, upper: 1.5, closed: true), $1) }

    static let movement: [DerivativeCase] = [
        DerivativeCase("reshape", [2, 6]) { $0[0].reshaped([3, 4]).squared },
        DerivativeCase("permute", [2, 3, 4]) { $0[0].permuted(2, 0, 1).squared },
        DerivativeCase("broadcast", [3, 1]) { $0[0].broadcast(to: [2, 3, 4]).squared },
        DerivativeCase("pad and cut", [3, 4]) { $0[0].padded(before: [1, -1], after: [-1, 2]).squared },
        DerivativeCase("slice", [3, 5]) { $0[0].sliced(axis: 1, 1..<4).squared },
        DerivativeCase("concatenate", [2, 3], [2, 1], [2, 2]) { Tensor.concatenated($0).squared },
        DerivativeCase("concatenate rows", [2, 3], [1, 3]) { Tensor.concatenated($0, axis: 0).squared },
        DerivativeCase("gather", [4, 3]) { $0[0].gathered([2, 0, 2]).squared },
        DerivativeCase("scatter-add", [4, 3]) { $0[0].scatterAdded([1, 0, 1, 4], count: 6).squared },
        DerivativeCase("reflect", [1, 4, 3, 2]) { $0[0].reflectionPadded(Padding(top: 2, left: 1, bottom: 1, right: 2)).squared },
        DerivativeCase("nearest", [1, 3, 2, 2]) { $0[0].upsampled(2).squared },
        DerivativeCase("bilinear", [1, 3, 4, 2]) { $0[0].resized(to: Extent(5, 7), .bilinear).squared },
        DerivativeCase("bilinear, smaller", [1, 7, 5, 1]) { $0[0].resized(to: Extent(3, 2), .bilinear).squared },
        DerivativeCase("upFIRDown", [1, 4, 5, 2]) { $0[0].upFIRDown([0.25, 0.75, 0.75, 0.25], up: 2, down: 1, padding: Padding(top: 2, left: 2, bottom: 1, right: 1)).squared },
        DerivativeCase("upFIRDown, down", [1, 6, 5, 2]) { $0[0].upFIRDown([0.1, 0.2, 0.7], up: 1, down: 2, padding: Padding(top: 1, left: -1, bottom: 1, right: 1)).squared },
        DerivativeCase("upFIRDown, radial", [1, 4, 4, 2]) { $0[0].upFIRDown([[0.1, 0.2], [0.3, 0.4]], up: 2, down: 1, padding: Padding(1)).squared },
        DerivativeCase("warp", [2, 4, 5, 2]) {
            $0[0].warped(by: [AffineMap(a: 0.8, b: 0.3, c: 0.4, d: -0.3, e: 0.9, f: 0.7), AffineMap(a: 1.3, b: 0, c: -0.6, d: 0, e: 1, f: 0.2)], size: Extent(5, 4)).squared
        },
        DerivativeCase("pixel shuffle", [1, 2, 3, 8]) { $0[0].pixelShuffled(2).squared },
    ]

    static let reductions: [DerivativeCase] = [
        DerivativeCase("sum", [2, 3, 4]) { $0[0].reduced(.sum, axes: 1).squared }, DerivativeCase("mean", [2, 3, 4]) { $0[0].reduced(.mean, axes: 0, 2).squared },
        DerivativeCase("maximum over an axis", [3, 4]) { $0[0].reduced(.maximum, axes: 1).squared },
        DerivativeCase("norm of each sample", [3, 4]) { $0[0].normPerSample }, DerivativeCase("softmax", [3, 4]) { $0[0].softmax },
        DerivativeCase("log-softmax", [3, 4]) { $0[0].logSoftmax.squared }, DerivativeCase("spatial mean", [2, 2, 3, 2]) { $0[0].spatialMean.squared },
    ]

    static let products: [DerivativeCase] = [
        DerivativeCase("linear", [3, 4], [2, 4], [2]) { $0[0].linear($0[1], bias: $0[2]).squared },
        DerivativeCase("linear, leaky", [3, 4], [2, 4], [2]) { $0[0].linear($0[1], bias: $0[2], activation: .leakyRelu(slope: 0.2)).squared },
        DerivativeCase("linear, relu", [3, 4], [2, 4]) { $0[0].linear($0[1], activation: .relu).squared },
        DerivativeCase("product", [3, 4], [4, 2]) { $0[0].product($0[1]) }, DerivativeCase("product aᵀ", [4, 3], [4, 2]) { $0[0].product($0[1], transposesSelf: true).squared },
        DerivativeCase("product bᵀ", [2, 3, 4], [2, 2, 4]) { $0[0].product($0[1], transposesOther: true).squared },
        DerivativeCase("product aᵀbᵀ", [2, 4, 3], [2, 2, 4]) { $0[0].product($0[1], transposesSelf: true, transposesOther: true).squared },
        DerivativeCase("convolution", [2, 5, 4, 2], [3, 2, 3, 2], [3]) { $0[0].convolved(with: $0[1], bias: $0[2], padding: Padding(top: 1, left: 0, bottom: 1, right: 1)).squared },
        DerivativeCase("strided", [1, 5, 6, 2], [2, 2, 3, 3]) { $0[0].convolved(with: $0[1], stride: Extent(2), padding: Padding(1)).squared },
        DerivativeCase("dilated groups", [1, 6, 5, 4], [4, 2, 2, 2]) { $0[0].convolved(with: $0[1], dilation: Extent(2), groups: 2).squared },
        DerivativeCase("depthwise", [1, 4, 4, 3], [3, 1, 3, 3]) { $0[0].convolved(with: $0[1], padding: Padding(1), groups: 3).squared },
        DerivativeCase("fused convolution", [1, 4, 4, 2], [2, 2, 3, 3], [2], [1, 4, 4, 2]) {
            $0[0].convolved(with: $0[1], bias: $0[2], residual: $0[3], padding: Padding(1), activation: .leakyRelu(slope: 0.1)).squared
        },
        DerivativeCase("transposed", [1, 3, 3, 2], [2, 3, 4, 4]) { $0[0].transposedConvolved(with: $0[1], stride: Extent(2), padding: Padding(1)).squared },
        DerivativeCase("transposed, output padding", [1, 3, 2, 2], [2, 1, 3, 3]) { $0[0].transposedConvolved(with: $0[1], stride: Extent(2), padding: Padding(1), outputPadding: Extent(1)).squared },
    ]

    static let pooling: [DerivativeCase] = [
        DerivativeCase("max pool", [2, 4, 5, 2]) { $0[0].pooled(.maximum, kernel: Extent(2), stride: Extent(2)).squared },
        DerivativeCase("max pool, overlapping", [1, 5, 5, 2]) { $0[0].pooled(.maximum, kernel: Extent(3), stride: Extent(2), padding: Padding(1)).squared },
        DerivativeCase("average pool", [1, 5, 5, 2]) { $0[0].pooled(.average(countsPadding: true), kernel: Extent(3), stride: Extent(2), padding: Padding(1)).squared },
        DerivativeCase("average pool without padding", [1, 5, 4, 2]) { $0[0].pooled(.average(countsPadding: false), kernel: Extent(3), stride: Extent(1), padding: Padding(1)).squared },
        DerivativeCase("downsampled", [1, 4, 4, 3]) { $0[0].downsampled(2).squared },
    ]

    static let normalisations: [DerivativeCase] = [
        DerivativeCase("normalisation", [2, 3, 2, 3], [3], [3]) { $0[0].normalised(weight: $0[1], bias: $0[2], eps: 1e-3).output.squared },
        DerivativeCase("normalisation of rows", [5, 3], [3], [3]) { $0[0].normalised(weight: $0[1], bias: $0[2], eps: 1e-3).output.squared },
        DerivativeCase("normalisation, leaky", [2, 3, 2, 3], [3], [3]) { $0[0].normalised(weight: $0[1], bias: $0[2], eps: 1e-3, activation: .leakyRelu(slope: 0.2)).output.squared },
        DerivativeCase("normalisation, relu", [2, 3, 2, 3], [3], [3]) { $0[0].normalised(weight: $0[1], bias: $0[2], eps: 1e-3, activation: .relu).output.squared },
        DerivativeCase("normalisation of each sample", [2, 3, 2, 3], [3], [3]) { $0[0].normalised(weight: $0[1], bias: $0[2], eps: 1e-3, isPerSample: true).output.squared },
        DerivativeCase("normalisation without weights", [3, 2, 2, 2]) { $0[0].normalised(eps: 1e-3).output.raised(to: 3) },
    ]

    static let all = [elementwise, broadcasts, movement, reductions, products, pooling, normalisations].flatMap { $0 }

    @Test(arguments: all)
    func differencesAgree(_ c: DerivativeCase) {
        for backend in [ReferenceBackend(), CPUBackend()] as [any Backend] {
            let inputs = c.inputs(.float64, on: backend)
            expectDerivatives(inputs, "\(c.name), first derivative on \(backend.name)") { c.number($0) }
            expectDerivatives(inputs, "\(c.name), second derivative on \(backend.name)") { c.slope($0, createGraph: true) }
        }
    }

    @Test(arguments: all)
    func theFastBackendAgrees(_ c: DerivativeCase) {
        let exact = c.inputs(.float64, on: ReferenceBackend()).map(\.variable), fast = c.inputs(.float32, on: CPUBackend()).map(\.variable)
        let (expected, found) = (c.function(exact), c.function(fast))
        expectClose(found, expected, "\(c.name), value")
        for (index, pair) in zip(gradients(of: c.number(fast), withRespectTo: fast), gradients(of: c.number(exact), withRespectTo: exact)).enumerated() {
            expectClose(pair.0, pair.1, "\(c.name), derivative \(index)")
        }
        for (index, pair) in zip(gradients(of: c.slope(fast, createGraph: true), withRespectTo: fast), gradients(of: c.slope(exact, createGraph: true), withRespectTo: exact)).enumerated() {
            expectClose(pair.0, pair.1, "\(c.name), second derivative \(index)")
        }
    }

    func expectClose(_ a: Tensor, _ b: Tensor, within tolerance: Double = 2e-5, _ what: String) {
        #expect(a.shape == b.shape, "\(what): \(a.shape) and \(b.shape)")
        let (x, y) = (a.doubles, b.doubles)
        let scale = max(y.map(abs).max() ?? 0, 1), worst = zip(x, y).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= tolerance * scale, "\(what): \(worst) of \(scale)")
    }
}
