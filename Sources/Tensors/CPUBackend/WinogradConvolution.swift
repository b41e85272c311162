/// A convolution of 4 × 4 windows at stride 2 with 25 multiplications in place of 64.
///
/// The stride splits the padded image into 2 × 2 phases, and the convolution is the sum of a 2 × 2 convolution of stride 1 of each. Winograd's F(4 × 4, 2 × 2)
/// computes tiles of 4 × 4 results from 5 × 5 pixels of each phase: one matrix product for each of 25 points, in which phases and input channels are one inner axis.
/// The derivatives are the adjoints of the same three maps around the same products.
///
/// Layouts, each with 25 planes: pixels `V [tiles, 4 · C]`, results `M [tiles, K]`, weights `U [4 · C, K]`. Planes are a few numbers longer than their matrix,
/// or the 25 numbers of one place would compete for the same lines of the cache.
package struct WinogradConvolution: Hashable {
    /// Points at which a tile is evaluated, 5 × 5.
    static let points = 25
    /// Numbers between two planes: 64 bytes.
    private static let gap = 16

    let geometry: ConvolutionGeometry
    /// Tiles of 4 × 4 results in an image.
    let tiles: Extent

    /// Nil where the direct convolution is as fast or where this one is not made for the geometry. A rule of sizes alone: timings would make results depend on the moment.
    package init?(_ g: ConvolutionGeometry) {
        guard g.kernel == Extent(4), g.stride == Extent(2), g.dilation == Extent(1), g.groups == 1, g.destinationChannels == g.outputChannels,
              [g.inputChannels, g.outputChannels].allSatisfy({ $0 >= Self.fewestChannels && $0 % FourChannels.scalarCount == 0 }) else { return nil }
        (geometry, tiles) = (g, Extent((g.output.height + 3) / 4, (g.output.width + 3) / 4))
        let results = g.output.height * g.output.width
        guard results >= Self.fewestResultsPerTile * tilesPerImage, g.batch * results >= Self.fewestResults else { return nil }
    }

    /// Below, the maps around the products cost what these save.
    private static let fewestChannels = 32
    /// Below, a tile that hangs over the edge of the image saves too little: one of 16 results takes 100 multiplications for 256.
    private static let fewestResultsPerTile = 10
    /// Below, the weights' own map is not repaid.
    private static let fewestResults = 128

    var tilesPerImage: Int { tiles.height * tiles.width }
    /// Columns of `V`: the channels of four phases.
    var phaseChannels: Int { 4 * geometry.inputChannels }
    /// Elements from one plane of a matrix to the next.
    static func plane(rows: Int, columns: Int) -> Int { rows * columns + gap }

    /// Images whose matrices share a workspace: what stays in the cache between a map and its product.
    var imagesPerBlock: Int { share(of: geometry.batch, numbers: geometry.batch * tilesPerImage * (phaseChannels + geometry.outputChannels), multiple: 1) }

    /// Output channels whose weights' derivative shares a workspace; all of them where it is summed over several blocks of images.
    var outputsPerSlice: Int {
        imagesPerBlock < geometry.batch ? geometry.outputChannels : share(of: geometry.outputChannels, numbers: phaseChannels * geometry.outputChannels, multiple: 16)
    }

    /// The size of even parts of `count` things that have so many `numbers` at each point altogether.
    private func share(of count: Int, numbers: Int, multiple: Int) -> Int {
        let parts = max(1, (4 * Self.points * numbers + Self.workspace - 1) / Self.workspace), size = max(1, (count + parts - 1) / parts)
        return min(count, (size + multiple - 1) / multiple * multiple)
    }
    private static let workspace = 12 << 20
}
