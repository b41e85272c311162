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

        /// In a folder that looks like the checkout, one page after the other.
        @Test func everyBlockRunsAsWritten() throws {
            let sandbox = try Sandbox(), binary = try Sandbox.binary()
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
                    let outcome = try sandbox.shell("PATH=\"$PWD/bin:$PATH\"\n" + command)
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
                    let subcommands = words.dropFirst().prefix { $0.wholeMatch(of: /[a-z]+(\|[a-z]+)*/) != nil }
                    let help = try sandbox.start(subcommands + ["--help"]).finish()
                    #expect(help.status == 0, "\(page.name): \(span): \(help.errors)")
                    for option in words where option.hasPrefix("-") { #expect(help.output.contains(option), "\(page.name): \(span) names \(option)") }
                }
            }
            #expect(count >= 30)
        }
    }
}
