import Foundation
import HDF5
import TestSupport
import Testing

extension Commands {
    /// HDF5 files cut off or changed anywhere: a number or a one-line error, never a crash, never a hang.
    @Suite struct DamagedFiles {
        enum Kind: String, CaseIterable { case images, features, statistics }

        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        @Test(arguments: Kind.allCases) func everyDamageIsAnswered(_ kind: Kind) throws {
            let sound = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try file(kind))))
            #expect(try answer(sound, kind).status == 0, "the sound file is read")
            var failures = 0
            // Images need the network to be loaded each time.
            for (number, position) in stride(from: 3, to: sound.count, by: sound.count / (kind == .images ? 40 : 80)).enumerated() {
                var bytes = sound
                bytes[position] ^= [0xFF, 0x01, 0x80][number % 3]
                let outcome = try answer(bytes, kind)
                failures += outcome.status == 0 ? 0 : 1
                #expect(Self.isAnswer(outcome), "byte \(position) changed: \(outcome.status) \(outcome.errors)")
            }
            // Most bytes of such small files are pixels, numbers or unused.
            #expect(failures >= 1)
            for length in stride(from: 0, to: sound.count, by: sound.count / 20) {
                let outcome = try answer(Array(sound[..<length]), kind)
                #expect(outcome.status == 3 && Self.isAnswer(outcome), "cut off after \(length) bytes: \(outcome.status) \(outcome.errors)")
            }
        }

        private static func isAnswer(_ outcome: Outcome) -> Bool {
            !outcome.wasSignalled && (outcome.status == 0 || outcome.status == 3 && outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: "))
        }

        /// What the command says to a file of these bytes.
        private func answer(_ bytes: [UInt8], _ kind: Kind) throws -> Outcome {
            let path = try sandbox.write(bytes, to: "damaged.h5")
            let arguments = kind == .images ? ["features", path, "-o", sandbox.path("out.h5"), "--limit", "1", "--no-cache"] : ["fid", path, path]
            return try sandbox.start(arguments + ["--threads", "1", "--quiet"], within: 60).finish()
        }

        /// A sound file of a few kilobytes.
        private func file(_ kind: Kind) throws -> String {
            if kind == .images { return Fixtures.path("images/collections/nhwc.h5") }
            let path = sandbox.path("sound.h5"), file = try HDF5File(creating: path), root = file.root
            try root.attributes.set("format", .string("gan-eval \(kind.rawValue)"))
            try root.attributes.set("format_version", .integer(1))
            let identity = try root.createGroup("identity").attributes
            for (name, value) in [("network", "efficientnet-lite0"), ("tap", "1280"), ("images_sha256", String(repeating: "a", count: 64))] { try identity.set(name, .string(value)) }
            if kind == .features {
                let features = try root.createDataset("features", of: Float.self, shape: [0, 4], growing: true, chunkRows: 6)
                try features.append((0..<24).map { Float($0 * $0 % 17) })
                try root.write((0..<6).map { "\($0).png" }, as: "names")
                try root.write([0, 1, 0, 1, 1, 0] as [Int64], as: "labels")
                try root.write(["a", "b"], as: "class_names")
            } else {
                try root.attributes.set("count", .integer(6))
                try root.write([1, 2, 3, 4] as [Double], as: "mean")
                try root.write((0..<16).map { $0 % 5 == 0 ? 2 : 0.25 } as [Double], shape: [4, 4], as: "co_moment")
                try root.write([6, 12, 18, 24] as [Float], as: "float32_sum")
            }
            try file.commit()
            return path
        }
    }
}
