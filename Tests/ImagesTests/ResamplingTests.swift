import Foundation
import Images
import TestSupport
import Testing

/// One golden file: `RESAMPLER.WIDTHxHEIGHT.WIDTHxHEIGHT.f32|u8`.
struct ResamplingCase: CustomTestStringConvertible, Sendable {
    let file: String
    let resampler: Resampler
    let source: (width: Int, height: Int)
    let target: (width: Int, height: Int)
    var testDescription: String { file }

    init?(file: String) {
        let parts = file.split(separator: ".").map(String.init)
        guard parts.count == 4, let resampler = Resampler(rawValue: parts[0]) else { return nil }
        func size(_ text: String) -> (Int, Int) {
            let numbers = text.split(separator: "x").compactMap { Int($0) }
            return (numbers[0], numbers[1])
        }
        (self.file, self.resampler, source, target) = (file, resampler, size(parts[1]), size(parts[2]))
    }

    static let all = ((try? FileManager.default.contentsOfDirectory(atPath: Fixtures.path("images/resampling"))) ?? [])
        .sorted().compactMap(ResamplingCase.init)

    func image() throws -> Image {
        let pixels = try Golden.bytes("images/resampling/\(source.width)x\(source.height).u8".replacingOccurrences(of: "images/", with: ""))
        return Image(width: source.width, height: source.height, channels: 3, pixels: pixels)
    }

    func expected() throws -> [Float] {
        file.hasSuffix(".u8") ? try Golden.bytes("resampling/" + file).map { Float($0) } : try Golden.floats("resampling/" + file)
    }
}

@Suite struct ResamplingTests {
    @Test("Pillow bit for bit, torch and TensorFlow to 1e-5 of 255", arguments: ResamplingCase.all)
    func equalsThePeer(_ golden: ResamplingCase) throws {
        var resizer = Resizer(golden.resampler, width: golden.target.width, height: golden.target.height)
        let result = resizer.resize(try golden.image())
        let expected = try golden.expected()
        try #require(result.count == expected.count)
        if golden.resampler.rawValue.hasPrefix("pillow") {
            let different = zip(result, expected).count { $0 != $1 }
            #expect(different == 0, "\(different) of \(result.count) values differ")
        } else {
            let worst = zip(result, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst <= 255e-5, "largest difference \(worst)")
        }
    }

    @Test func everyResamplerIsCovered() {
        for resampler in Resampler.allCases {
            #expect(ResamplingCase.all.count { $0.resampler == resampler } == 7, "\(resampler.rawValue)")
        }
    }
}
