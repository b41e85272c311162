import Foundation
import TestSupport
import Testing
import Yams

extension Commands {
    /// The recipes of `Documentation/recipes` as a machine would run them, and the suite by which this package watches itself.
    @Suite struct NightlyRecipes {
        private static let root = Fixtures.root.deletingLastPathComponent()
        private let sandbox: Sandbox

        /// A home with a project in it whose suite has a pair of digits, and the command on the search path.
        init() throws {
            sandbox = try Sandbox()
            for folder in ["home/project", "bin"] { try FileManager.default.createDirectory(atPath: sandbox.path(folder), withIntermediateDirectories: true) }
            try FileManager.default.createSymbolicLink(atPath: sandbox.path("bin/gan-eval"), withDestinationPath: Sandbox.binary())
            _ = try sandbox.digits("real", 20, as: "home/project/real")
            _ = try sandbox.digits("fake", 20, as: "home/project/fake")
            try sandbox.write("cases:\n  - {name: digits, real: real, fake: fake, metrics: [fid]}\n".utf8, to: "home/project/suite.yaml")
            try sandbox.write("#!/bin/sh\ncat >> notified\n".utf8, to: "home/project/notify")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sandbox.path("home/project/notify"))
        }

        private func recipe(_ name: String) throws -> String { try String(contentsOf: Self.root.appendingPathComponent("Documentation/recipes/" + name), encoding: .utf8) }

        /// The lines of a recipe that are no comments.
        private func lines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.hasPrefix("#") } }

        /// Runs lines of shell in a folder of the sandbox, as the user who lives there.
        private func shell(_ lines: String, in folder: String = "") throws -> Outcome { try sandbox.shell("PATH=\"$PWD/bin:$PATH\"; export PATH; cd '\(sandbox.path(folder))'\n" + lines) }

        private func setBaseline() throws { try #require(try shell("gan-eval regress --suite suite.yaml --update --quiet", in: "home/project").status == 0) }

        private func text(_ name: String) throws -> String { try String(contentsOfFile: sandbox.path("home/project/" + name), encoding: .utf8) }

        @Test func theCronLineSpeaksOnlyWhenThereIsSomethingToSay() throws {
            let table = try lines(recipe("crontab")), line = try #require(table.last)
            #expect(table.count == 2 && table[0].hasPrefix("PATH=/usr/local/bin:"), "where Scripts/install puts it, which cron does not know")
            let fields = line.split(separator: " ", maxSplits: 5)
            #expect(fields.count == 6 && fields.prefix(5).allSatisfy { $0.wholeMatch(of: /[0-9*\/,-]+/) != nil } && !fields[5].contains("%"), "cron reads % as a line's end")
            // As cron starts it: with hardly an environment, in the user's home.
            try sandbox.write((table[0].replacingOccurrences(of: "/usr/local/bin", with: sandbox.path("bin")) + "\nexport PATH\n" + fields[5]).utf8, to: "home/job")
            let command = "env -i HOME='\(sandbox.path("home"))' PATH=/usr/bin:/bin /bin/sh ./job"
            func runJob() throws -> Outcome { try sandbox.shell("cd home; \(command)") }
            var outcome = try runJob()
            #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "cron would mail it: \(outcome)")
            #expect(try text("notified").hasPrefix("suite: NO BASELINE: no baseline: digits: "), "\(outcome)")
            try setBaseline()
            try FileManager.default.removeItem(atPath: sandbox.path("home/project/notified"))
            outcome = try runJob()
            #expect(outcome.status == 0 && outcome.output.isEmpty && !FileManager.default.fileExists(atPath: sandbox.path("home/project/notified")), "\(outcome)")
            #expect(try text("nightly.txt") == "suite: no regression: 1 of 1 unchanged\n" && text("nightly.html").hasPrefix("<!DOCTYPE html>"))
        }

        @Test func theTimerStartsTheService() throws {
            let service = try recipe("gan-eval-nightly.service"), timer = try recipe("gan-eval-nightly.timer")
            let binary = "/usr/local/bin/gan-eval"
            let start = try #require(lines(service).first { $0.hasPrefix("ExecStart=\(binary) ") })
            if FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze") {
                // The unit as it is, but for where this build's command lies.
                try sandbox.write(service.replacingOccurrences(of: binary, with: Sandbox.binary()).utf8, to: "gan-eval-nightly.service")
                try sandbox.write(timer.utf8, to: "gan-eval-nightly.timer")
                let verified = try shell("systemd-analyze verify ./gan-eval-nightly.timer ./gan-eval-nightly.service")
                #expect(verified.status == 0 && !verified.errors.contains("gan-eval-nightly"), "\(verified)")
            }
            let command = start.dropFirst("ExecStart=".count).replacingOccurrences(of: binary, with: "gan-eval")
            #expect(lines(service).contains("WorkingDirectory=%h/project"))
            try setBaseline()
            let outcome = try shell(command, in: "home/project")
            #expect(outcome.status == 0 && outcome.output.hasPrefix("suite: no regression\n"), "\(outcome)")
            #expect(try text("nightly.xml").contains("failures=\"0\" errors=\"0\"") && text("nightly.html").contains("no regression"))
        }

        @Test func theJobRunsItsSteps() throws {
            let file = try #require(try Yams.load(yaml: recipe("github-actions.yml")) as? [String: Any])
            let steps = try #require(((file["jobs"] as? [String: Any])?["regression"] as? [String: Any])?["steps"] as? [[String: Any]])
            let commands = steps.compactMap { $0["run"] as? String }
            #expect(commands.count == 2 && commands[0].contains(".gan-eval/Scripts/install \"$HOME/.local\"\n"), "what Scripts/install does has a test of its own")
            #expect(steps.compactMap { $0["uses"] as? String } == ["actions/checkout@v4", "actions/checkout@v4", "actions/cache/restore@v4", "actions/cache/save@v4", "actions/upload-artifact@v4"])
            // A night that ends with 10 fails the job, and must be remembered all the same.
            #expect(steps.suffix(2).allSatisfy { $0["if"] as? String == "always()" })
            // What the runner does: each step in a file of its own, with `bash -e`.
            func run() throws -> Int32 {
                var last: Int32 = 0
                for (index, command) in commands.dropFirst().enumerated() where last == 0 {
                    try sandbox.write(command.utf8, to: "home/project/step-\(index).sh")
                    last = try shell("GITHUB_STEP_SUMMARY=\"$PWD/summary.md\" bash -e step-\(index).sh", in: "home/project").status
                }
                return last
            }
            #expect(try run() == 17)
            try setBaseline()
            #expect(try run() == 0 && text("summary.md").contains("suite: no regression\n"))
            // Kept between nights, and published: the files exist under the names that the other steps give.
            let kept = steps.dropFirst(4).compactMap { ($0["with"] as? [String: Any])?["path"] as? String }.flatMap { $0.split(separator: "\n").map(String.init) }
            #expect(kept == ["suite.history.jsonl", "nightly.html", "nightly.xml", "nightly.json"])
            for name in kept { #expect(FileManager.default.fileExists(atPath: sandbox.path("home/project/" + name)), "\(name)") }
        }

        /// `Scripts/nightly` in a checkout of links: the baseline that is in the repository holds on this machine too.
        @Test func thePackageWatchesItself() throws {
            try FileManager.default.createDirectory(atPath: sandbox.path("checkout/Fixtures"), withIntermediateDirectories: true)
            for (name, source) in [("Fixtures/digits", "Fixtures/digits"), ("Fixtures/mnist-1000.h5", "Fixtures/mnist-1000.h5")] {
                try FileManager.default.createSymbolicLink(atPath: sandbox.path("checkout/" + name), withDestinationPath: Self.root.appendingPathComponent(source).path)
            }
            // Copied, for what a script and a suite find lies beside them.
            for name in ["Fixtures/nightly", "Scripts"] { try FileManager.default.copyItem(atPath: Self.root.appendingPathComponent(name).path, toPath: sandbox.path("checkout/" + name)) }
            let outcome = try shell("GAN_EVAL=$(command -v gan-eval) Scripts/nightly", in: "checkout")
            #expect(outcome.status == 0 && outcome.output.contains("gan-eval: no regression\n"), "\(outcome)")
            #expect(sandbox.names(in: "checkout/Reports/nightly") == ["history.jsonl", "index.html", "night.json", "night.xml"])
            // Digits that were tampered with are noticed: the network sees other images.
            try FileManager.default.removeItem(atPath: sandbox.path("checkout/Fixtures/digits"))
            try FileManager.default.createDirectory(atPath: sandbox.path("checkout/Fixtures/digits"), withIntermediateDirectories: true)
            for set in ["real", "fake"] { try FileManager.default.createSymbolicLink(atPath: sandbox.path("checkout/Fixtures/digits/" + (set == "real" ? "fake" : "real")), withDestinationPath: Fixtures.path("digits/" + set)) }
            let exchanged = try shell("GAN_EVAL=$(command -v gan-eval) Scripts/nightly", in: "checkout")
            #expect(exchanged.status == 16 && exchanged.output.contains("problem: changed reference: digits: real_images_sha256 was "), "\(exchanged)")
        }
    }
}
