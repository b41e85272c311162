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
        let pixels = try Golden.bytes("resampling/\(source.width)x\(source.height).u8")
        return Image(width: source.width, height: source.height, channels: 3, pixels: pixels)
    }

    func expected() throws -> [Float] {
        file.hasSuffix(".u8") ? try Golden.bytes("resampling/" + file).map { Float($0) } : try Golden.floats("resampling/" + file)
    }
}

@Suite struct ResamplingTests {
    @Test("Pillow and StyleGAN bit for bit, torch and TensorFlow to 1e-5 of 255", arguments: ResamplingCase.all)
    func equalsThePeer(_ golden: ResamplingCase) throws {
        var resizer = Resizer(golden.resampler, width: golden.target.width, height: golden.target.height)
        let result = resizer.resize(try golden.image())
        let expected = try golden.expected()
        try #require(result.count == expected.count)
        if golden.resampler == .styleganBilinear || golden.resampler.rawValue.hasPrefix("pillow") {
            let different = zip(result, expected).count { $0 != $1 }
            #expect(different == 0, "\(different) of \(result.count) values differ")
        } else {
            let worst = zip(result, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst <= 255e-5, "largest difference \(worst)")
        }
    }

    @Test func everyResamplerIsCovered() {
        for resampler in Resampler.allCases {
            #expect(ResamplingCase.all.count { $0.resampler == resampler } == 8, "\(resampler.rawValue)")
        }
    }

    @Test("Sizes may follow each other in any order", arguments: Resampler.allCases)
    func plansAndMemoryAreReused(_ resampler: Resampler) throws {
        var reused = Resizer(resampler, width: 19, height: 14)
        for expected in ExpectedImage.all {
            let image = try Golden.decode(Golden.bytes("decoding/" + expected.file))
            var fresh = Resizer(resampler, width: 19, height: 14)
            let result = fresh.resize(image)
            #expect(reused.resize(image) == result, "\(expected.file)")
            #expect(reused.resize(image.rgb) == result, "grey is repeated: \(expected.file)")
        }
    }

    @Test("An image of the right size is left alone, but for the rounding of StyleGAN's grid", arguments: Resampler.allCases)
    func identity(_ resampler: Resampler) throws {
        let image = try Golden.decode(Golden.bytes("decoding/rgb8-many-idat.png"))
        var resizer = Resizer(resampler, width: image.width, height: image.height)
        let (result, same) = (resizer.resize(image), image.pixels.map { Float($0) })
        if resampler == .styleganBilinear {
            #expect(zip(result, same).allSatisfy { abs($0 - $1) <= 1e-3 })
        } else {
            #expect(result == same)
        }
    }

    @Test func clippingIsTheLastStep() throws {
        let golden = try #require(ResamplingCase(file: "pillow-bicubic.23x17.31x19.f32"))
        let expected = try golden.expected()
        #expect(expected.contains { $0 < 0 } && expected.contains { $0 > 255 })
        var resizer = Resizer(.pillowBicubic, width: 31, height: 19, clips: true)
        #expect(try resizer.resize(golden.image()) == expected.map { min(max($0, 0), 255) })
    }

    @Test("Dividing by 255 before or after a linear resize differs by float32 rounding only")
    func scalingBeforeOrAfter() throws {
        let golden = try #require(ResamplingCase(file: "torch-bilinear.1000x1.299x1.f32"))
        let before = try Golden.floats("resampling/scaled-first.torch-bilinear.1000x1.299x1")
        var resizer = Resizer(.torchBilinear, width: 299, height: 1)
        let worst = try zip(resizer.resize(golden.image()), before).map { abs($0 / 255 - $1) }.max()
        #expect(try #require(worst) <= 2.5e-7)
    }
}
