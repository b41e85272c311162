import Foundation
import Images
import TestSupport
import Testing

@Suite struct SeedTests {
    static let seeds: [String] = ["png", "jpeg"].flatMap { format in
        let folder = Fixtures.root.appendingPathComponent("../Tests/Fuzz/seeds/" + format).standardizedFileURL.path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
    }

    @Test("What fuzzing started from and found is an image or an error, and the same each time", arguments: seeds)
    func replay(_ path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        func outcome() -> Result<Image, ImageError> {
            do throws(ImageError) { return .success(try Golden.decode(bytes)) } catch { return .failure(error) }
        }
        let first = outcome()
        #expect(first == outcome())
        if !path.contains("/found-") && !path.contains("/crash-") { #expect(throws: Never.self) { try first.get() } }
    }

    @Test func thereAreSeeds() { #expect(Self.seeds.count >= 100) }
}
