import Foundation
import TestSupport
import Testing

extension Commands {
    /// Arguments and weights that cannot be used, each with its exit code.
    @Suite struct WrongUsage {
        private let sandbox: Sandbox
        private let images: String

        init() throws {
            sandbox = try Sandbox()
            images = try sandbox.digits("real", 4)
        }

        /// Nothing may be extracted before the mistake is found.
        private func fail(_ arguments: [String], _ status: Int32, _ message: String) throws {
            let outcome = try sandbox.start(arguments).finish()
            #expect(outcome.status == status && outcome.output.isEmpty, "\(arguments): \(outcome.status)")
            #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: ") && outcome.errors.contains(message), "\(outcome.errors)")
            #expect(sandbox.cache.isEmpty)
        }

        @Test func unknownNamesComeWithTheKnownOnes() throws {
            try fail(["fid", images, images, "--network", "resnet"], 2, "resnet: no such network; choose one of efficientnet-lite0, inception-v3, ")
            try fail(["fid", images, images, "--protocol", "mine"], 2, "--protocol is mine; expected one of default, pytorch-fid, torch-fidelity, ")
            try fail(["fid", images, images, "--tap", "stage9"], 2, "stage9: efficientnet-lite0 has no such tap; choose one of 1280, logits")
            try fail(["fid", images, images, "--tap", "stage3"], 2, "choose one of 1280, logits")
            try fail(["evaluate", images, images, "--metrics", "fid,psnr"], 2, "--metrics is psnr; expected a list of fid, kid, is")
            try fail(["evaluate", images, images, "--metrics", ""], 2, "expected a list of fid, kid, is")
            try fail(["metrics", "show", "psnr"], 2, "--metrics is psnr; expected a list of fid, kid, is")
            // Found after parsing, where the usage to print would be the main command's.
            try fail(["networks", "train", images, "-o", "../evil"], 2, "--output is ../evil; expected a name of letters")
            try fail(["networks", "show", "resnet"], 2, "resnet: no such network; choose one of ")
            try fail(["networks", "install", "resnet"], 2, "resnet; expected one of inception-v3, ")
            try fail(["networks", "import", "resnet", images], 2, "resnet; expected one of inception-v3, ")
        }

        @Test(arguments: [
            ["fid"], ["fid", "a"], ["fid", "a", "b", "c"], ["fid", "a", "b", "--bogus"], ["fid", "a", "b", "--limit", "many"], ["fid", "a", "b", "--limit", "0"],
            ["fid", "a", "b", "--batch-size", "0"], ["fid", "a", "b", "--threads", "-1"], ["fid", "a", "b", "--threads", "100000"], ["ssim", "a", "--threads", "100000"], ["train", "--threads", "100000"], ["fid", "a", "b", "--precision", "int8"], ["bogus"], ["features", "a"],
            ["statistics", "a"], ["networks", "bogus"], ["cache", "list", "more"],
        ])
        func wrongArgumentsAreExplained(_ arguments: [String]) throws {
            let outcome = try sandbox.start(arguments).finish()
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains("Usage: gan-eval"), "\(outcome.errors)")
        }

        @Test(arguments: ["0", "1", "-1", "2", "nan"])
        func confidenceIsBetweenZeroAndOne(_ value: String) throws {
            let outcome = try sandbox.run("fid", images, images, "--confidence=\(value)")
            #expect(outcome.status == 2 && outcome.errors.contains("expected a number between 0 and 1"), "\(outcome.errors)")
            #expect(sandbox.cache.isEmpty)
        }

        @Test func absentWeightsSayWhatToDo() throws {
            for name in ["inception-v3", "inception-v3-torchvision", "vgg16", "alexnet", "squeezenet1_1"] {
                try fail(["fid", images, images, "--network", name], 4, "run `gan-eval networks install \(name)`, or give a file with --weights")
            }
        }

        @Test func wrongWeightsAreListed() throws {
            let file = Fixtures.path("weights/state-zip.pth")
            try fail(["fid", images, images, "--weights", file], 3, "\(file): expected the 247 arrays of the network, found 247 missing (_conv_stem.weight [32, 3, 3, 3]; ")
            try fail(["fid", images, images, "--weights", file], 3, "17 unexpected (conv.weight; ")
            try fail(["fid", images, images, "--weights", sandbox.path("none.pth")], 3, "\(sandbox.path("none.pth")): expected a readable file")
            try fail(["fid", images, images, "--weights", images + "/0-000.png"], 3, images + "/0-000.png")
            try fail(["networks", "import", "inception-v3", file], 3, "\(file): expected 95628359 bytes, found 5920")
            #expect(sandbox.names(in: "gan-eval/weights").isEmpty)
        }

        /// The callable of each pickle, which a real unpickler would run.
        @Test(arguments: [
            ("build", "os.system"), ("eval", "builtins.eval"), ("inst", "os.system"), ("obj", "os.system"), ("old", "posix.system"), ("system", "posix.system"),
        ])
        func maliciousPicklesAreRefusedByName(_ name: String, _ callable: String) throws {
            let file = Fixtures.path("weights/evil-\(name).pth")
            try fail(["fid", images, images, "--weights", file], 3, "found \(callable), which this reader never calls")
            #expect(Set(sandbox.names(in: ".").filter { !$0.hasPrefix("stream-") }).isSubset(of: ["home", "temporary", "real"]), "nothing ran")
        }
    }

    /// What the command says about itself.
    @Suite struct Help {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        @Test(arguments: [
            "", "fid", "kid", "is", "evaluate", "compare", "regress", "explain", "copies", "features", "statistics", "protocols", "networks", "networks list", "networks show", "networks install", "networks import",
            "networks verify", "cache", "cache list", "cache clear",
        ])
        func everySubcommandHasHelp(_ command: String) throws {
            let words = command.split(separator: " ").map(String.init)
            let outcome = try sandbox.start(words + ["--help"]).finish()
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            #expect(outcome.output.hasPrefix("OVERVIEW: ") && outcome.output.contains("USAGE: gan-eval" + words.map { " " + $0 }.joined()), "\(outcome.output)")
            if ["", "fid", "kid", "is", "evaluate", "compare", "regress", "explain", "copies", "features", "statistics"].contains(command) { #expect(outcome.output.contains("Example") && outcome.output.contains("gan-eval ")) }
            // Documented options are spelled as documented.
            if ["fid", "kid", "is", "evaluate"].contains(command) {
                for option in ["network", "weights", "protocol", "batch-size", "precision", "confidence", "limit", "threads", "json", "csv", "quiet", "cache", "no-cache", "skip-unreadable"] {
                    #expect(outcome.output.contains("--\(option)"), "\(option)")
                }
            }
        }

        @Test(arguments: ["bash", "zsh", "fish"])
        func completionsAreGenerated(_ shell: String) throws {
            let outcome = try sandbox.run("--generate-completion-script", shell)
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            for word in ["gan-eval", "evaluate", "statistics", "skip-unreadable"] { #expect(outcome.output.contains(word), "\(word)") }
        }

        @Test func versionAndLists() throws {
            let version = try sandbox.run("--version")
            #expect(version.status == 0 && version.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
            let networks = try sandbox.run("networks", "list").output.split(separator: "\n")
            #expect(networks.first?.hasSuffix("bundled (default)") == true && networks.count == 6 && networks.dropFirst().allSatisfy { $0.hasSuffix("not installed") })
            let protocols = try sandbox.run("protocols").output
            for name in ["default", "pytorch-fid", "torch-fidelity", "clean-fid", "stylegan", "adm", "ttur"] { #expect(protocols.contains("\n" + name + " ") || protocols.hasPrefix(name + " "), "\(name)") }
            let verified = try sandbox.run("networks", "verify")
            #expect(verified.status == 0 && verified.output.hasPrefix("efficientnet-lite0: ") && verified.output.hasSuffix(", right\n"))
            let shown = try sandbox.run("networks", "show", "inception-v3")
            #expect(shown.status == 0 && shown.output.contains("2048: 2048 features (default)") && shown.output.contains("logits_unbiased: 1008 features (class scores)"), "\(shown.output)")
        }
    }
}
