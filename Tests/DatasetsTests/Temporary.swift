import Foundation
import TestSupport

/// Small folders of real images for one test.
enum Temporary {
    /// Runs `body` in a fresh folder into which fixtures were copied: path in the folder → path in `Fixtures/images/decoding`.
    static func folder(_ files: [String: String], texts: [String: String] = [:], _ body: (String) throws -> Void) throws {
        try Fixtures.withTemporaryFolder { folder in
            func place(_ data: Data, at path: String) throws {
                let target = URL(fileURLWithPath: folder + "/" + path)
                try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try data.write(to: target)
            }
            for (path, fixture) in files {
                try place(Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/decoding/" + fixture))), at: path)
            }
            for (path, text) in texts { try place(Data(text.utf8), at: path) }
            try body(folder)
        }
    }

    /// Every decodable fixture, sizes and kinds mixed.
    static func allFixtures() throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: Fixtures.path("images/decoding")).filter { !$0.hasSuffix(".tsv") }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
    }
}
