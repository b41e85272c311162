import Images
import Testing

@Suite struct ImageGridTests {
    private func plain(_ width: Int, _ height: Int, _ colour: [UInt8]) -> Image {
        Image(width: width, height: height, channels: colour.count, pixels: (0..<width * height).flatMap { _ in colour })
    }

    private func pixel(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] { Array(image.pixels[(y * image.width + x) * 3..<(y * image.width + x) * 3 + 3]) }

    /// Small pictures are enlarged by a whole number and stand in the middle of their cell, large ones are made to fit.
    @Test func picturesStandInTheirCells() {
        let grid = ImageGrid(cell: 10, gap: 2).image([plain(3, 3, [50]), plain(40, 20, [10, 20, 30]), plain(10, 10, [200, 0, 0])], columns: 2)
        #expect((grid.width, grid.height, grid.channels) == (26, 26, 3))
        // 3 × 3 becomes 9 × 9 from (2, 2).
        #expect(pixel(grid, 2, 2) == [50, 50, 50] && pixel(grid, 10, 10) == [50, 50, 50] && pixel(grid, 11, 11) == [255, 255, 255] && pixel(grid, 1, 1) == [255, 255, 255])
        // 40 × 20 becomes 10 × 5, two rows below the top of its cell at (14, 2).
        #expect(pixel(grid, 14, 4) == [10, 20, 30] && pixel(grid, 23, 8) == [10, 20, 30] && pixel(grid, 14, 3) == [255, 255, 255] && pixel(grid, 14, 9) == [255, 255, 255])
        #expect(pixel(grid, 2, 14) == [200, 0, 0] && pixel(grid, 11, 23) == [200, 0, 0])
        // The last cell has no picture.
        #expect(pixel(grid, 18, 18) == [255, 255, 255])
    }

    @Test func pixelsStayPixels() {
        let board = Image(width: 2, height: 2, channels: 1, pixels: [0, 255, 255, 0])
        let grid = ImageGrid(cell: 5, gap: 0).image([board], columns: 1)
        #expect((0..<4).map { pixel(grid, $0, 0)[0] } == [0, 0, 255, 255] && (0..<4).map { pixel(grid, $0, 3)[0] } == [255, 255, 0, 0])
    }

    @Test func aThinPictureKeepsAPixel() {
        let grid = ImageGrid(cell: 4, gap: 1).image([plain(1, 100, [7])], columns: 1)
        #expect((grid.width, grid.height) == (6, 6) && pixel(grid, 2, 1) == [7, 7, 7])
    }
}
