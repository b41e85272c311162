import Archives
import Foundation
import TestSupport
import Testing
import Weights

/// What fuzzing started from and found is weights or an error, and the same each time.
@Suite struct SeedTests {
    /// The three fixed pickles that the fuzz target puts before its input.
    private static let oldHead: [UInt8] =
        [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E] + [0x80, 2, 0x4D, 0xE9, 3, 0x2E] + [0x80, 2, 0x7D, 0x2E]

    private func folder(_ target: String) -> String { Fixtures.root.appendingPathComponent("../Tests/Fuzz/seeds/" + target).standardizedFileURL.path }

    private func outcome(_ target: String, _ seed: String) throws -> String {
        let bytes = try FileBytes(folder(target) + "/" + seed).bytes()
        do throws(WeightsError) {
            let file = try WeightsFile(bytes: target == "pytorch" ? Self.oldHead + bytes : bytes, name: seed)
            var text = ""
            for array in file.arrays { text += "\(array.name) \(array.shape) \((try? array.doubles()).map { "\($0)" } ?? "unreadable")\n" }
            return text
        } catch { return "error: \(error)" }
    }

    @Test(arguments: [("pytorch", 100), ("safetensors", 50)]) func everySeedHasOneOutcome(target: String, least: Int) throws {
        let seeds = try FileManager.default.contentsOfDirectory(atPath: folder(target))
        #expect(seeds.count >= least)
        for seed in seeds { #expect(try outcome(target, seed) == outcome(target, seed), "\(seed)") }
    }

    @Test(arguments: [("pytorch", "state"), ("pytorch", "protocol4"), ("safetensors", "state")]) func soundSeedsAreRead(target: String, seed: String) throws {
        #expect(try outcome(target, seed).hasPrefix("error") == false)
        #expect(try outcome(target, seed).contains("w [2, 3] [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]\n"))
    }

    @Test func theCallableIsRefused() throws {
        #expect(try outcome("pytorch", "callable").contains("posix.system"))
    }
}
