/// The maps of a `WinogradConvolution` around its products: from images to planes of points and back, four channels at a time.
///
/// Parts depend on the sizes only and each number is computed by one of them, so any number of threads gives the same bits.
struct WinogradLoops {
    typealias Numbers = UnsafeMutablePointer<Float>

    private let plan: WinogradConvolution, openMP: OpenMP
    private var g: ConvolutionGeometry { plan.geometry }

    init(_ plan: WinogradConvolution, _ openMP: OpenMP) { (self.plan, self.openMP) = (plan, openMP) }

    /// `V = Bᵀ d B` of every phase of every tile.
    func evaluateInput(_ x: Numbers, images: Int, to v: Numbers) {
        let width = plan.phaseChannels, plane = WinogradConvolution.plane(rows: images * plan.tilesPerImage, columns: width)
        eachTile(images, channels: g.inputChannels, width: width, sharesEdges: false) { tile in
            for phase in 0..<4 {
                inputPixels(x, tile, phase)
                let pixels = tile.pixels, place = v + tile.index * width + phase * g.inputChannels
                for c in stride(from: 0, to: g.inputChannels, by: FourChannels.scalarCount) {
                    @inline(__always)
                    func column(_ x: Int) -> WinogradTile {
                        WinogradTile((pixels[x] + c).lanes, (pixels[5 + x] + c).lanes, (pixels[10 + x] + c).lanes, (pixels[15 + x] + c).lanes, (pixels[20 + x] + c).lanes).evaluatedInput
                    }
                    let (p, q, r, s, t) = (column(0), column(1), column(2), column(3), column(4))
                    let columns = place + c
                    store(WinogradTile(p.a, q.a, r.a, s.a, t.a).evaluatedInput, columns, 0, plane)
                    store(WinogradTile(p.b, q.b, r.b, s.b, t.b).evaluatedInput, columns, 1, plane)
                    store(WinogradTile(p.c, q.c, r.c, s.c, t.c).evaluatedInput, columns, 2, plane)
                    store(WinogradTile(p.d, q.d, r.d, s.d, t.d).evaluatedInput, columns, 3, plane)
                    store(WinogradTile(p.e, q.e, r.e, s.e, t.e).evaluatedInput, columns, 4, plane)
                }
            }
        }
    }

    /// The adjoint of `evaluateInput`: `Σ B V Bᵀ` over the tiles that share a pixel.
    func inputGradient(_ v: Numbers, images: Int, to x: Numbers) {
        let width = plan.phaseChannels, plane = WinogradConvolution.plane(rows: images * plan.tilesPerImage, columns: width)
        let perImage = g.input.height * g.input.width * g.inputChannels
        eachTile(images, channels: g.inputChannels, width: width, sharesEdges: true) { tile in
            if tile.row == 0, tile.column == 0 { (x + tile.image * perImage).update(repeating: 0, count: perImage) }
            for phase in 0..<4 {
                inputPixels(x, tile, phase)
                let pixels = tile.pixels, place = v + tile.index * width + phase * g.inputChannels
                for c in stride(from: 0, to: g.inputChannels, by: FourChannels.scalarCount) {
                    let columns = place + c
                    @inline(__always)
                    func add(_ t: WinogradTile, row: Int) {
                        let pixels = pixels + 5 * row
                        (pixels[0] + c).lanes += t.a
                        (pixels[1] + c).lanes += t.b
                        (pixels[2] + c).lanes += t.c
                        (pixels[3] + c).lanes += t.d
                        (pixels[4] + c).lanes += t.e
                    }
                    let p = load(columns, 0, plane).inputGradient, q = load(columns, 1, plane).inputGradient, r = load(columns, 2, plane).inputGradient
                    let s = load(columns, 3, plane).inputGradient, t = load(columns, 4, plane).inputGradient
                    add(WinogradTile(p.a, q.a, r.a, s.a, t.a).inputGradient, row: 0)
                    add(WinogradTile(p.b, q.b, r.b, s.b, t.b).inputGradient, row: 1)
                    add(WinogradTile(p.c, q.c, r.c, s.c, t.c).inputGradient, row: 2)
                    add(WinogradTile(p.d, q.d, r.d, s.d, t.d).inputGradient, row: 3)
                    add(WinogradTile(p.e, q.e, r.e, s.e, t.e).inputGradient, row: 4)
                }
            }
        }
    }

    /// `y = activation(Aᵀ M A + bias)`.
    func results(_ m: Numbers, images: Int, bias: Numbers?, _ activation: Activation, to y: Numbers) {
        let width = g.outputChannels, plane = WinogradConvolution.plane(rows: images * plan.tilesPerImage, columns: width)
        let (slope, ceiling) = activation.rectifier
        eachTile(images, channels: width, width: width, sharesEdges: false) { tile in
            outputPixels(y, tile)
            let pixels = tile.pixels
            for c in stride(from: 0, to: width, by: FourChannels.scalarCount) {
                let columns = m + tile.index * width + c, shift = bias.map { ($0 + c).lanes } ?? FourChannels()
                @inline(__always)
                func put(_ y: WinogradRow, row: Int) {
                    @inline(__always)
                    func put(_ value: FourChannels, _ column: Int) {
                        var value = value + shift
                        value.replace(with: slope == 0 ? FourChannels() : slope * value, where: value .< 0)
                        value.replace(with: ceiling, where: value .> ceiling)
                        (pixels[4 * row + column] + c).lanes = value
                    }
                    put(y.a, 0)
                    put(y.b, 1)
                    put(y.c, 2)
                    put(y.d, 3)
                }
                let p = load(columns, 0, plane).results, q = load(columns, 1, plane).results, r = load(columns, 2, plane).results
                let s = load(columns, 3, plane).results, t = load(columns, 4, plane).results
                put(WinogradTile(p.a, q.a, r.a, s.a, t.a).results, row: 0)
                put(WinogradTile(p.b, q.b, r.b, s.b, t.b).results, row: 1)
                put(WinogradTile(p.c, q.c, r.c, s.c, t.c).results, row: 2)
                put(WinogradTile(p.d, q.d, r.d, s.d, t.d).results, row: 3)
            }
        }
    }

    /// The adjoint of `results` without bias and activation: `M = A y Aᵀ`.
    func evaluateResults(_ y: Numbers, images: Int, to m: Numbers) {
        let width = g.outputChannels, plane = WinogradConvolution.plane(rows: images * plan.tilesPerImage, columns: width)
        eachTile(images, channels: width, width: width, sharesEdges: false) { tile in
            outputPixels(y, tile)
            let pixels = tile.pixels
            for c in stride(from: 0, to: width, by: FourChannels.scalarCount) {
                @inline(__always)
                func column(_ x: Int) -> WinogradTile {
                    WinogradRow((pixels[x] + c).lanes, (pixels[4 + x] + c).lanes, (pixels[8 + x] + c).lanes, (pixels[12 + x] + c).lanes).evaluated
                }
                let (p, q, r, s) = (column(0), column(1), column(2), column(3))
                let columns = m + tile.index * width + c
                store(WinogradRow(p.a, q.a, r.a, s.a).evaluated, columns, 0, plane)
                store(WinogradRow(p.b, q.b, r.b, s.b).evaluated, columns, 1, plane)
                store(WinogradRow(p.c, q.c, r.c, s.c).evaluated, columns, 2, plane)
                store(WinogradRow(p.d, q.d, r.d, s.d).evaluated, columns, 3, plane)
                store(WinogradRow(p.e, q.e, r.e, s.e).evaluated, columns, 4, plane)
            }
        }
    }

    /// `U = G g Gᵀ` of every phase of every pair of channels; `w` is `[K, C, 4, 4]`.
    func evaluateWeights(_ w: Numbers, to u: Numbers) {
        let step = 16 * g.inputChannels
        eachWeight(0..<g.outputChannels) { taps, place, plane in
            @inline(__always)
            func values(_ tap: Int) -> FourChannels {
                let w = w + taps + tap
                return FourChannels(w[0], w[step], w[2 * step], w[3 * step])
            }
            let columns = u + place
            let p = WinogradPair(values(0), values(8)).evaluated, q = WinogradPair(values(2), values(10)).evaluated
            store(WinogradPair(p.a, q.a).evaluated, columns, 0, plane)
            store(WinogradPair(p.b, q.b).evaluated, columns, 1, plane)
            store(WinogradPair(p.c, q.c).evaluated, columns, 2, plane)
            store(WinogradPair(p.d, q.d).evaluated, columns, 3, plane)
            store(WinogradPair(p.e, q.e).evaluated, columns, 4, plane)
        }
    }

    /// The adjoint of `evaluateWeights`, `Gᵀ U G`, for some output channels, which are all of `u`.
    func weightGradient(_ u: Numbers, _ outputs: Range<Int>, to w: Numbers) {
        let step = 16 * g.inputChannels
        eachWeight(outputs) { taps, place, plane in
            @inline(__always)
            func put(_ value: FourChannels, _ tap: Int) {
                let w = w + taps + tap
                for lane in 0..<FourChannels.scalarCount { w[lane * step] = value[lane] }
            }
            let columns = u + place
            let p = load(columns, 0, plane).weightGradient, q = load(columns, 1, plane).weightGradient, r = load(columns, 2, plane).weightGradient
            let s = load(columns, 3, plane).weightGradient, t = load(columns, 4, plane).weightGradient
            let top = WinogradTile(p.a, q.a, r.a, s.a, t.a).weightGradient, bottom = WinogradTile(p.b, q.b, r.b, s.b, t.b).weightGradient
            put(top.a, 0)
            put(top.b, 2)
            put(bottom.a, 8)
            put(bottom.b, 10)
        }
    }
}

// Where things lie ---------------------------------------------------------------------------------------------

extension WinogradLoops {
    /// A tile, memory for the addresses of its pixels, and a row of channels that stands for every pixel outside of the image.
    private struct Tile {
        let image, row, column, index: Int
        let pixels: UnsafeMutablePointer<Numbers>, outside: Numbers
    }

    /// Calls `body` with each tile; those of an image in order and on one thread if they share edges.
    @inline(__always)
    private func eachTile(_ images: Int, channels: Int, width: Int, sharesEdges: Bool, _ body: (Tile) -> Void) {
        let rows = plan.tiles.height, columns = plan.tiles.width, rowsPerPart = sharesEdges ? rows : 1
        openMP.forEach(images * rows / rowsPerPart, elements: WinogradConvolution.points * images * rows * columns * width) { part in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: channels) { outside in
                outside.initialize(repeating: 0)
                withUnsafeTemporaryAllocation(of: Numbers.self, capacity: WinogradConvolution.points) { pixels in
                    guard let outside = outside.baseAddress, let pixels = pixels.baseAddress else { return }
                    for index in part * rowsPerPart * columns..<(part + 1) * rowsPerPart * columns {
                        let row = index / columns
                        body(Tile(image: row / rows, row: row % rows, column: index % columns, index: index, pixels: pixels, outside: outside))
                    }
                }
            }
        }
    }

    /// Calls `body` with the first tap of a phase and the place in a plane, of four output channels' weights for one input channel.
    ///
    /// Neighbours in a plane are far apart in the weights and the other way round: a part's weights stay in the cache while the planes are walked along their rows.
    @inline(__always)
    private func eachWeight(_ outputs: Range<Int>, _ body: (_ taps: Int, _ place: Int, _ plane: Int) -> Void) {
        let inputs = g.inputChannels, width = outputs.count, plane = WinogradConvolution.plane(rows: plan.phaseChannels, columns: width), rows = 4, columns = 64
        openMP.forEach((inputs + rows - 1) / rows, elements: WinogradConvolution.points * plane) { part in
            for first in stride(from: 0, to: width, by: columns) {
                for phase in 0..<4 {
                    for input in part * rows..<min((part + 1) * rows, inputs) {
                        for output in stride(from: first, to: min(first + columns, width), by: FourChannels.scalarCount) {
                            body(16 * ((outputs.lowerBound + output) * inputs + input) + phase / 2 * 4 + phase % 2, (phase * inputs + input) * width + output, plane)
                        }
                    }
                }
            }
        }
    }

    /// The 5 × 5 pixels of a tile's phase.
    @inline(__always)
    private func inputPixels(_ x: Numbers, _ tile: Tile, _ phase: Int) {
        let top = 8 * tile.row + phase / 2 - g.padding.top, left = 8 * tile.column + phase % 2 - g.padding.left
        pixels(x + tile.image * g.input.height * g.input.width * g.inputChannels, g.input, g.inputChannels, top, left, side: 5, step: 2, tile)
    }

    /// The 4 × 4 results of a tile.
    @inline(__always)
    private func outputPixels(_ y: Numbers, _ tile: Tile) {
        let extent = g.output
        pixels(y + tile.image * extent.height * extent.width * g.outputChannels, extent, g.outputChannels, 4 * tile.row, 4 * tile.column, side: 4, step: 1, tile)
    }

    @inline(__always)
    private func pixels(_ image: Numbers, _ extent: Extent, _ channels: Int, _ top: Int, _ left: Int, side: Int, step: Int, _ tile: Tile) {
        for i in 0..<side {
            let y = top + i * step
            for j in 0..<side {
                let x = left + j * step, isInside = y >= 0 && y < extent.height && x >= 0 && x < extent.width
                tile.pixels[i * side + j] = isInside ? image + (y * extent.width + x) * channels : tile.outside
            }
        }
    }

    /// A column of points: planes `column`, 5 + `column`, ….
    @inline(__always)
    private func load(_ place: Numbers, _ column: Int, _ plane: Int) -> WinogradTile {
        let p = place + column * plane, step = 5 * plane
        return WinogradTile(p.lanes, (p + step).lanes, (p + 2 * step).lanes, (p + 3 * step).lanes, (p + 4 * step).lanes)
    }

    /// A row of points: planes 5 · `row`, 5 · `row` + 1, ….
    @inline(__always)
    private func store(_ tile: WinogradTile, _ place: Numbers, _ row: Int, _ plane: Int) {
        let p = place + 5 * row * plane
        p.lanes = tile.a
        (p + plane).lanes = tile.b
        (p + 2 * plane).lanes = tile.c
        (p + 3 * plane).lanes = tile.d
        (p + 4 * plane).lanes = tile.e
    }
}

extension Activation {
    /// What negative numbers are multiplied by, and what larger numbers become.
    fileprivate var rectifier: (slope: Float, ceiling: FourChannels) {
        switch self {
        case .none: (1, FourChannels(repeating: .infinity))
        case .relu: (0, FourChannels(repeating: .infinity))
        case .relu6: (0, FourChannels(repeating: 6))
        case let .leakyRelu(slope): (Float(slope), FourChannels(repeating: .infinity))
        }
    }
}
