/// Pictures shown one after another.
public struct Animation: Sendable {
    /// The pictures, all of one size and number of channels.
    public let frames: [Image]
    /// Pictures in a second, 1…65535; programs that show them may have a lower limit, often 50 or 60.
    public let rate: Int
    /// How often the pictures are gone through; 0 for ever.
    public let loops: Int

    /// Pictures at an even rate.
    public init(_ frames: [Image], rate: Int, loops: Int = 0) {
        precondition(!frames.isEmpty && frames.allSatisfy { ($0.width, $0.height, $0.channels) == (frames[0].width, frames[0].height, frames[0].channels) },
                     "pictures of one size and number of channels, at least one")
        precondition(1...Int(UInt16.max) ~= rate && 0...Int(Int32.max) ~= loops, "a rate of \(rate), \(loops) times")
        (self.frames, self.rate, self.loops) = (frames, rate, loops)
    }

    /// The pictures as an animated PNG file's bytes; a program that knows no animation shows the first.
    ///
    /// Source: *Portable Network Graphics (PNG) specification*, third edition, W3C 2025, 11.3.6.
    /// - Parameter compression: zlib's level, 0 (none) ... 9 (smallest).
    /// - Throws: `ImageError` without a path.
    public func pngData(compression: Int = 6) throws(ImageError) -> [UInt8] {
        var chunks: [PNGChunk] = [], number: UInt32 = 0
        // One count goes through the chunks that only an animation has.
        func numbered(_ type: StaticString, _ content: [UInt8]) {
            chunks.append(PNGChunk(type, number.bigEndianBytes + content))
            number += 1
        }
        for (index, frame) in frames.enumerated() {
            for chunk in PNGChunk.chunks(of: try frame.pngData(compression: compression)) {
                if chunk.isOf("IHDR") {
                    if index == 0 { chunks += [chunk, PNGChunk("acTL", UInt32(frames.count).bigEndianBytes + UInt32(loops).bigEndianBytes)] }
                    // Size and place; a delay of 1/rate seconds; nothing is cleared afterwards, all is overwritten.
                    let box = [UInt32(frame.width), UInt32(frame.height), 0, 0].flatMap(\.bigEndianBytes)
                    numbered("fcTL", box + UInt16(1).bigEndianBytes + UInt16(rate).bigEndianBytes + [0, 0])
                } else if chunk.isOf("IDAT"), index > 0 {
                    numbered("fdAT", chunk.content)
                } else if chunk.isOf("IDAT") || chunk.isOf("IEND") && index == frames.count - 1 {
                    chunks.append(chunk)
                }
            }
        }
        return PNGChunk.signature + chunks.flatMap(\.encoded)
    }
}
