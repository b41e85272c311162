import Foundation
import Images
import Testing
import TestSupport

/// Reading what Pillow, torch and torch-fidelity made of the fixtures.
enum Golden {
    static func bytes(_ relative: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/" + relative))))
    }

    static func floats(_ relative: String) throws -> [Float] {
        let bytes = try bytes(relative)
        return stride(from: 0, to: bytes.count, by: 4).map { offset in
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
            return Float(bitPattern: bits)
        }
    }

    /// 64-bit FNV-1a, as in the scripts.
    static func digest(_ bytes: [UInt8]) -> String {
        let digest = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let text = String(digest, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    static func decode(_ bytes: [UInt8]) throws(ImageError) -> Image {
        var result: Result<Image, ImageError> = .failure(ImageError(.empty))
        bytes.withUnsafeBytes { buffer in
            do throws(ImageError) { result = .success(try Image(decoding: buffer)) } catch { result = .failure(error) }
        }
        return try result.get()
    }
}

/// A line of `decoding/expected.tsv`.
struct ExpectedImage: CustomTestStringConvertible, Sendable {
    let file: String
    let width: Int
    let height: Int
    let digest: String
    var testDescription: String { file }
    var path: String { Fixtures.path("images/decoding/" + file) }

    static let all: [ExpectedImage] = {
        guard let table = try? String(contentsOfFile: Fixtures.path("images/decoding/expected.tsv"), encoding: .utf8) else { return [] }
        return table.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t").map(String.init)
            return ExpectedImage(file: fields[0], width: Int(fields[1]) ?? 0, height: Int(fields[2]) ?? 0, digest: fields[3])
        }
    }()
}

