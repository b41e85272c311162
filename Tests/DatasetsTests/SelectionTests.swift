import Datasets
import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Parts of collections, classes from elsewhere, and images that are moved.
@Suite struct SelectionTests {
    private static let digits = Fixtures.path("digits8x8.h5")

    @Test func selectedImagesKeepTheirNamesAndClasses() throws {
        let source = try ImageSource.open(Self.digits, labelled: true), chosen = source.selecting([7, 3, 3, 1796])
        #expect(chosen.count == 4 && (0..<4).map(chosen.name) == [7, 3, 3, 1796].map(source.name))
        #expect((0..<4).map(chosen.label) == [7, 3, 3, 1796].map(source.label))
        #expect(try chosen.selecting([3]).decode(0).pixels == source.decode(1796).pixels)
    }

    @Test func classesComeFromAFile() throws {
        try Fixtures.withTemporaryFolder { folder in
            let source = try ImageSource.open(Self.digits).selecting([5, 6, 9]), path = folder + "/labels.txt"
            func labelled(_ text: String) throws -> ImageSource {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                return try source.labelled(by: path)
            }
            func failure(_ text: String) -> String { do { _ = try labelled(text); return "" } catch { return "\(error)" } }
            let named = try labelled("cat\ndog\r\ncat\n")
            #expect(named.classNames == ["cat", "dog"] && (0..<3).map(named.label) == [0, 1, 0] && (0..<3).map(named.name) == (0..<3).map(source.name))
            #expect(try named.decode(2).pixels == source.decode(2).pixels && named.contentDigest() == source.contentDigest())
            let numbered = try labelled("10\n9\n10")
            #expect(numbered.classNames == ["9", "10"] && (0..<3).map(numbered.label) == [1, 0, 1])
            #expect(failure("a\nb") == "\(path): expected one class per line for the 3 images of \(Self.digits), found 2 lines")
            #expect(failure("a\n\nb") == "\(path): line 2 is empty; expected a class")
            #expect(failure("1\n01\n2") == "\(path): a class is written in two ways, such as 1 and 01")
        }
    }

    private static let moves: [[Int]] = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 0], [0, 1], [1, -1], [1, 0], [1, 1]]

    /// An image of 3 × 2 × 2 moved down and to the right.
    private static func moved(_ image: [Float], _ move: [Int]) -> [Float] {
        var result: [Float] = []
        for row in 0..<3 {
            for column in 0..<2 {
                let (from, beside) = (min(max(row - move[0], 0), 2), min(max(column - move[1], 0), 1))
                let start: Int = (from * 2 + beside) * 2
                result += image[start..<start + 2]
            }
        }
        return result
    }

    @Test("Images move by whole pixels in both directions, their borders repeated")
    func shifts() throws {
        let source = ArraySamples((0..<8 * 12).map(Float.init), shape: [3, 2, 2])
        var settings = LoaderSettings(batchSize: 4)
        let plain = try DataLoader(source, settings, stream: RandomStream(seed: 1))
        settings.shift = 1
        let moving = try DataLoader(source, settings, stream: RandomStream(seed: 1))
        var seen: [[Int]: Int] = [:]
        for number in 0..<500 {
            let (before, after) = (try plain.batch(at: number), try moving.batch(at: number))
            #expect(before.indices == after.indices)
            for place in 0..<4 {
                let image = Array(before.values[place * 12..<place * 12 + 12]), result = Array(after.values[place * 12..<place * 12 + 12])
                let matches = Self.moves.filter { result == Self.moved(image, $0) }
                #expect(matches.count == 1)
                if let move = matches.first { seen[move, default: 0] += 1 }
            }
        }
        // 2 000 draws among nine: 222 each, standard deviation 14.
        #expect(seen.count == 9 && seen.values.allSatisfy { abs($0 - 222) < 70 }, "\(seen)")
    }

    @Test func pointsDoNotMove() {
        var settings = LoaderSettings(batchSize: 4)
        settings.shift = 1
        let ring = GaussianMixture.ring(stream: RandomStream(seed: 0))
        #expect { try DataLoader(ring, settings, stream: RandomStream(seed: 0)) } throws: { "\($0)" == "ring: expected images to move, found points of shape [2]; set shift to 0" }
    }

    /// Stretched as metrics do, or cropped as training of games does.
    @Test func proportionsAreKeptOrNot() throws {
        let images = try ImageSource.open(Fixtures.path("photos/coffee.png")), image = try images.decode(0)
        try #require(image.width != image.height)
        var settings = ImageSettings(size: 32, channels: 3)
        settings.resampler = .pillowBicubic
        let cropped = try ImageSamples(images, settings).bytes(0)
        settings.cropsToSquare = false
        let stretched = try ImageSamples(images, settings).bytes(0)
        var resizer = Resizer(.pillowBicubic, width: 32, height: 32, clips: true)
        #expect(stretched == resizer.resize(image).map { UInt8($0.rounded()) })
        #expect(stretched != cropped)
    }
}
