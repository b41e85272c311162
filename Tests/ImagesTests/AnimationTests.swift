import Images
import Testing

/// Animated PNG files, taken apart here by the specification's words.
@Suite struct AnimationTests {
    /// The pictures of `Fixtures/images/make_animations.py`.
    static func frames(_ count: Int = 4, width: Int = 7, height: Int = 5, channels: Int) -> [Image] {
        (0..<count).map { frame in
            let pixels = (0..<height).flatMap { y in (0..<width).flatMap { x in (0..<channels).map { UInt8((13 * x + 29 * y + 71 * $0 + 53 * frame + x * y * frame) % 256) } } }
            return Image(width: width, height: height, channels: channels, pixels: pixels)
        }
    }

    /// Pillow has read the kept files; what is written today differs from them at most in how zlib packs.
    @Test(arguments: [("rgb.png", 3, 15, 0), ("grey.png", 1, 8, 3)])
    func equalsTheFilesThatPillowReads(_ file: String, _ channels: Int, _ rate: Int, _ loops: Int) throws {
        let frames = Self.frames(channels: channels), kept = try Golden.bytes("animation/" + file)
        let written = try Animation(frames, rate: rate, loops: loops).pngData()
        let (expected, found) = (try AnimatedFile(kept), try AnimatedFile(written))
        #expect(try expected.frames() == frames && found.frames() == frames)
        #expect(found.chunks.map(\.type) == expected.chunks.map(\.type))
        for (a, b) in zip(expected.chunks, found.chunks) where !["IDAT", "fdAT"].contains(a.type) { #expect(a.content == b.content, "\(a.type)") }
        #expect(found.loops == loops && found.delays.allSatisfy { $0 == (1, rate) })
    }

    @Test func programsWithoutAnimationShowTheFirstPicture() throws {
        let frames = Self.frames(channels: 3)
        #expect(try Golden.decode(Animation(frames, rate: 10).pngData()) == frames[0])
        let one = try AnimatedFile(Animation([frames[2]], rate: 10).pngData())
        #expect(try one.frames() == [frames[2]])
    }

    /// libpng cuts the data of a large picture into many chunks, each of which gets a number.
    @Test func largePicturesAreWhole() throws {
        let frames = Self.frames(3, width: 150, height: 130, channels: 3)
        let file = try AnimatedFile(Animation(frames, rate: 65535, loops: 2).pngData(compression: 0))
        #expect(try file.frames() == frames)
        #expect(file.chunks.filter { $0.type == "fdAT" }.count > 4 && file.delays.allSatisfy { $0 == (1, 65535) })
    }
}

/// An animated PNG file's parts. Checks every length, checksum and number on the way.
private struct AnimatedFile {
    struct Chunk {
        let type: String
        let content: [UInt8]
    }

    let chunks: [Chunk]
    private(set) var loops = -1
    private(set) var delays: [(Int, Int)] = []
    /// The compressed data of each frame.
    private var data: [[Chunk]] = []

    private static let signature: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]

    init(_ file: [UInt8]) throws {
        try #require(file.prefix(8) == Self.signature[...])
        var chunks: [Chunk] = [], place = 8
        while place < file.count {
            let count = Self.number(file[place..<place + 4]), end = place + 8 + count
            try #require(Self.number(file[end..<end + 4]) == Int(Self.checksum(Array(file[place + 4..<end]))))
            chunks.append(Chunk(type: String(decoding: file[place + 4..<place + 8], as: UTF8.self), content: Array(file[place + 8..<end])))
            place = end + 4
        }
        self.chunks = chunks
        try #require(chunks.map(\.type).starts(with: ["IHDR", "acTL", "fcTL", "IDAT"]) && chunks.last?.type == "IEND" && chunks.last?.content.isEmpty == true)
        var next = 0
        for chunk in chunks where ["acTL", "fcTL", "fdAT", "IDAT"].contains(chunk.type) {
            if chunk.type == "acTL" {
                loops = Self.number(chunk.content[4..<8])
                continue
            }
            if chunk.type != "IDAT" {
                try #require(Self.number(chunk.content[0..<4]) == next)
                next += 1
            }
            if chunk.type == "fcTL" {
                // The whole picture, at its place.
                try #require(chunk.content.count == 26 && chunk.content[4..<12] == chunks[0].content[0..<8] && chunk.content[12..<20].allSatisfy { $0 == 0 })
                delays.append((Self.number(chunk.content[20..<22]), Self.number(chunk.content[22..<24])))
                data.append([])
            } else {
                let isFirst = chunk.type == "IDAT"
                try #require(isFirst == (data.count == 1))
                data[data.count - 1].append(Chunk(type: "IDAT", content: Array(chunk.content.dropFirst(isFirst ? 0 : 4))))
            }
        }
        try #require(Self.number(chunks[1].content[0..<4]) == data.count)
    }

    /// Each frame, read as a picture of its own.
    func frames() throws -> [Image] {
        try data.map { data in
            let pieces = [chunks[0]] + data + [Chunk(type: "IEND", content: [])]
            return try Golden.decode(Self.signature + pieces.flatMap { piece in
                let checked = Array(piece.type.utf8) + piece.content
                return Self.bytes(piece.content.count) + checked + Self.bytes(Int(Self.checksum(checked)))
            })
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 * 256 + Int($1) } }

    private static func bytes(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(number >> $0 & 255) } }

    /// CRC-32, bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
