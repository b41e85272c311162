import Archives
import Foundation
import TestSupport
import Testing
import Weights

@Suite struct HostileFileTests {
    private func problem(_ name: String) -> WeightsError? {
        do { _ = try WeightsFile(Fixtures.path("weights/" + name)) } catch { return error }
        return nil
    }

    @Test(arguments: [
        ("evil-system.pth", "posix.system"), ("evil-old.pth", "posix.system"), ("evil-eval.pth", "builtins.eval"), ("evil-inst.pth", "os.system"),
        ("evil-obj.pth", "os.system"), ("evil-build.pth", "os.system"), ("module.pth", "torch.nn.modules.linear.Linear"),
    ])
    func aCallableIsRefusedByItsName(file: String, callable: String) {
        let error = problem(file)
        #expect(error?.reason == .refused)
        #expect(error?.found.hasPrefix(callable) == true, "\(String(describing: error))")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/gan-eval-was-here"))
    }

    @Test(arguments: [
        ("huge-count.pth", WeightsError.Reason.oversized), ("huge-offset.pth", .oversized), ("huge-shape.pth", .oversized),
        ("expanded-shape.pth", .oversized), ("huge-stride.pth", .oversized), ("negative-stride.pth", .unreadable), ("beyond.pth", .oversized),
        ("short-storage.pth", .oversized), ("no-storage.pth", .missing), ("unknown-storage.pth", .refused), ("deep.pth", .oversized),
        ("cycle.pth", .oversized), ("laughs.pth", .oversized), ("no-stop.pth", .unreadable), ("underflow.pth", .unreadable),
        ("claimed-string.pth", .unreadable), ("truncated-zip.pth", .unreadable), ("truncated-old.pth", .oversized),
        ("header-length.safetensors", .oversized), ("overlap.safetensors", .oversized), ("hole.safetensors", .oversized),
        ("beyond.safetensors", .oversized), ("shape.safetensors", .oversized), ("overflow.safetensors", .oversized),
        ("dtype.safetensors", .unsupported), ("duplicate.safetensors", .mismatched), ("json.safetensors", .unreadable),
        ("deep.safetensors", .unreadable), ("page.pth", .unreadable), ("pointer.safetensors", .unreadable),
    ])
    func aBrokenFileIsAnError(file: String, reason: WeightsError.Reason) {
        let error = problem(file)
        #expect(error?.reason == reason, "\(String(describing: error))")
        #expect(error?.description.contains(file) == true)
        #expect(error?.description.contains("\n") == false)
    }

    /// The pickle that the hostile ones vary is itself sound, so that each is refused for its own flaw.
    @Test func theSoundOriginalIsRead() throws {
        #expect(try WeightsFile(Fixtures.path("weights/tensor.pth")).array("w").doubles() == (0..<6).map(StateDictionary.value))
    }

    @Test func otherFilesAreNamedForWhatTheyAre() {
        #expect(problem("page.pth")?.found == "a web page: the download went wrong")
        #expect(problem("pointer.safetensors")?.found.hasPrefix("a Git LFS pointer") == true)
        #expect(problem("absent.pth")?.found == "no such file or directory")
        #expect(problem("make.py")?.found.hasPrefix("bytes 22 22 22") == true)
    }

    @Test(arguments: ["state-old.pth", "state-zip.pth", "script.pt", "state.safetensors", "state.npz"])
    func noDamageCrashes(name: String) throws {
        let whole = try FileBytes(Fixtures.path("weights/" + name)).bytes()
        func read(_ bytes: [UInt8]) {
            guard let file = try? WeightsFile(bytes: bytes, name: "damaged") else { return }
            for array in file.arrays { _ = try? array.doubles() }
        }
        for length in stride(from: 0, to: whole.count, by: 61) { read(Array(whole[..<length])) }
        // A counter-based choice of bytes to damage: the same in every run.
        var state: UInt64 = 1
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            read(bytes)
        }
    }
}
