import Foundation
import TestSupport
import Testing

extension Commands {
    /// What README.md and Documentation tell the reader to type works as written.
    @Suite struct DocumentedCommands {
        /// Commands that are not run here, and why.
        private static let notRun = [
            "Scripts/test": "it is what runs this test",
            "gan-eval networks install inception-v3": "it downloads 95 MB; WeightsStoreTests installs from a loopback server",
        ]

        /// A page of documentation.
        private struct Page {
            let name: String
            /// The lines of its shell blocks.
            let commands: [String]
            /// Its code within sentences.
            let spans: [String]

            init(_ url: URL) throws {
                name = url.lastPathComponent
                var commands: [String] = [], prose = "", language: Substring?
                for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) {
                    if line.drop(while: { $0 == " " }).hasPrefix("```") {
                        language = language == nil ? line.drop { $0 == " " || $0 == "`" } : nil
                    } else if let language {
                        if language == "sh" { commands.append(String(line)) }
                    } else {
                        prose += line + "\n"
                    }
                }
                self.commands = commands
                spans = prose.matches(of: /`([^`\n]+)`/).map { String($0.output.1) }
            }
        }

        private static let root = Fixtures.root.deletingLastPathComponent()

        private static func pages() throws -> [Page] {
            let folder = root.appendingPathComponent("Documentation")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }.sorted()
            return try [Page(root.appendingPathComponent("README.md"))] + names.map { try Page(folder.appendingPathComponent($0)) }
        }

        /// The first command of the README; its features are then at hand for the others.
        private func firstCommandPrintsADistanceWithItsInterval(in sandbox: Sandbox) throws {
            let arguments = [Fixtures.path("digits/real"), Fixtures.path("digits/fake")]
            let first = try sandbox.start(["fid"] + arguments).finish()
            try #require(first.status == 0, "\(first.errors)")
            let number = "(-?[0-9.]+)"
            let line = try Regex("^FID \\(efficientnet-lite0\\)  \(number)  \\[\(number), \(number)\\] 95 %\n")
            let match = try #require(try line.firstMatch(in: first.output), "\(first.output)")
            let numbers = try (1...3).map { try #require(Double(match.output[$0].substring ?? "")) }
            #expect(numbers[1] < numbers[0] && numbers[0] < numbers[2] && numbers[1] > 0)
            #expect(first.errors.contains("real: 500 of 500 images, ") && first.errors.contains("fake: 500 of 500 images, "))

            let again = try sandbox.start(["fid"] + arguments).finish()
            #expect(again.output == first.output && again.errors.isEmpty, "the second run extracts nothing")
            let report = try sandbox.report("fid", arguments[0], arguments[1])
            #expect(report.counts == ["real": 500, "fake": 500])
            let goldens = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("protocols/default.json")))) as? [String: [String: Any]]
            let golden = try #require(goldens?["digits"]?["fid"] as? Double)
            #expect(try agree(report.fid, golden, within: 1e-5), "the same network in Python, in float64: \(golden)")
            // What stands under the number, in words for who has never heard of bias.
            #expect(try report["fid"].warnings.first == "500 images are too few to tell the small-sample bias of 1280 features (2560 are needed); compare only values of equal numbers of images")
            #expect(first.output.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("  note: ") })
            #expect(String(format: "%.6g", try report.fid) == match.output[1].substring.map(String.init))
        }

        /// In a folder that looks like the checkout, one page after the other. As written but for the last zero of numbers of training steps, epochs and checkpoints: what is tested is that the
        /// commands run, and they take minutes.
        @Test func everyBlockRuns() throws {
            let sandbox = try Sandbox(), binary = try Sandbox.binary()
            try firstCommandPrintsADistanceWithItsInterval(in: sandbox)
            for folder in ["Scripts", "bin"] {
                try FileManager.default.createDirectory(atPath: sandbox.path(folder), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(atPath: sandbox.path(folder + "/gan-eval"), withDestinationPath: binary)
            }
            for (link, target) in [("Fixtures", ""), ("real", "digits/real"), ("fake", "digits/fake")] {
                try FileManager.default.createSymbolicLink(atPath: sandbox.path(link), withDestinationPath: Fixtures.path(target))
            }
            var left = Set(Self.notRun.keys), count = 0
            for page in try Self.pages() {
                for command in page.commands where !command.isEmpty {
                    if Self.notRun[command] != nil {
                        left.remove(command)
                        continue
                    }
                    count += 1
                    let shorter = command.replacing(/(--steps |--epochs |--checkpoint |[a-z]Every=)([0-9]+)0\b/) { $0.output.1 + $0.output.2 }
                    let outcome = try sandbox.shell("PATH=\"$PWD/bin:$PATH\"\n" + shorter)
                    if command.contains("--network inception-v3") {
                        // The weights are not here: that must be all that is missing.
                        #expect(outcome.status == 4 && outcome.errors.contains("run `gan-eval networks install inception-v3`"), "\(page.name): \(command): \(outcome.errors)")
                    } else {
                        #expect(outcome.status == 0, "\(page.name): \(command): \(outcome.errors)")
                    }
                }
            }
            #expect(left.isEmpty, "no page has \(left)")
            #expect(count >= 10)
        }

        /// Commands in sentences have placeholders; their names and options must exist, as must files.
        @Test func whatSentencesNameExists() throws {
            let sandbox = try Sandbox()
            // What the pages on adding something add.
            let examples = ["mean-distance", "MeanDistance", "vgg11", "VGG11", "my-game", "MyGame", "ScaledTanh"]
            var count = 0
            for page in try Self.pages() {
                for span in page.spans where !examples.contains(where: span.contains) {
                    let words = span.split(separator: " ").map(String.init)
                    if ["Scripts/", "Benchmarks/", "Fixtures/", "Sources/", "Tests/", "Documentation/"].contains(where: words[0].hasPrefix) {
                        #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(words[0]).path), "\(page.name): \(span)")
                        count += 1
                    }
                    guard words[0] == "gan-eval", words.count > 1 else { continue }
                    count += 1
                    let subcommands = words.dropFirst().prefix { $0.wholeMatch(of: /[a-z][a-z-]*(\|[a-z-]+)*/) != nil }
                    let help = try sandbox.start(subcommands + ["--help"]).finish()
                    #expect(help.status == 0, "\(page.name): \(span): \(help.errors)")
                    for option in words where option.hasPrefix("-") { #expect(help.output.contains(option), "\(page.name): \(span) names \(option)") }
                }
            }
            #expect(count >= 30)
        }
    }
}
