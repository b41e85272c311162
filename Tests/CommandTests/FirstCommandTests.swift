import Foundation
import TestSupport
import Testing

extension Commands {
    /// The first command of the README, and what must not change its number.
    @Suite struct FirstCommand {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        @Test func readmeCommandPrintsADistanceWithItsInterval() throws {
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

        @Test func neitherCacheNorOrderOfOptionsChangeABit() throws {
            let (real, fake) = (try sandbox.digits("real", 20), try sandbox.digits("fake", 20))
            let expected = try sandbox.report("fid", real, fake)
            #expect(try sandbox.report("fid", real, fake, "--no-cache").bits(of: "fid") == expected.bits(of: "fid"))
            #expect(try sandbox.report("fid", "--quiet", "--no-cache", real, fake).bits(of: "fid") == expected.bits(of: "fid"))
            #expect(sandbox.names(in: "temporary").isEmpty, "nothing is left behind")
        }

        @Test func seedMovesWhatIsShuffledAndNothingElse() throws {
            let (real, fake) = (try sandbox.digits("real", 30), try sandbox.digits("fake", 30))
            let reports = try ["2020", "1", "1"].map { try sandbox.report("evaluate", real, fake, "--metrics", "fid,is", "--seed", $0) }
            let standard = try sandbox.report("evaluate", real, fake, "--metrics", "fid,is")
            #expect(try reports[0].bits(of: "is") == standard.bits(of: "is"))
            #expect(try reports[1].bits(of: "is") != standard.bits(of: "is") && reports[1].bits(of: "is") == reports[2].bits(of: "is"))
            #expect(try reports[1].bits(of: "fid") == standard.bits(of: "fid"))
            #expect(reports.map { $0.identity["seed"] } == ["2020", "1", "1"])
        }

        /// The matrix library cuts its sums by the number of cores.
        @Test func threadsChangeTheNumberByRoundingOnly() throws {
            let (real, fake) = (try sandbox.digits("real", 20), try sandbox.digits("fake", 20))
            let one = try sandbox.report("fid", real, fake, "--threads", "1", "--no-cache").fid
            #expect(try agree(one, sandbox.report("fid", real, fake, "--threads", "2", "--no-cache").fid, within: 1e-9))
        }

        /// The network sees passes of one size, whatever the batch.
        @Test(arguments: ["1", "7", "64"])
        func batchSizeChangesNoBit(_ size: String) throws {
            let (real, fake) = (try sandbox.digits("real", 12), try sandbox.digits("fake", 12))
            let expected = try sandbox.report("fid", real, fake)
            #expect(try sandbox.report("fid", real, fake, "--no-cache", "--batch-size", size).bits(of: "fid") == expected.bits(of: "fid"))
        }

        @Test func distanceOfASetToItselfIsZeroAndDistanceIsSymmetric() throws {
            let (real, fake) = (try sandbox.digits("real", 20), try sandbox.digits("fake", 20))
            let distance = try sandbox.report("fid", real, fake).fid
            #expect(distance > 1)
            #expect(try abs(sandbox.report("fid", real, real).fid) <= 1e-12 * distance)
            #expect(try agree(sandbox.report("fid", fake, real).fid, distance, within: 1e-12))
        }

        @Test func limitAndShuffleChooseImages() throws {
            let (real, fake) = (try sandbox.digits("real", 12), try sandbox.digits("fake", 12))
            let few = [try sandbox.digits("real", 8, as: "first-real"), try sandbox.digits("fake", 8, as: "first-fake")]
            let expected = try sandbox.report("fid", few[0], few[1])
            let limited = try sandbox.report("fid", real, fake, "--limit", "8")
            #expect(try limited.bits(of: "fid") == expected.bits(of: "fid") && limited.counts == ["real": 8, "fake": 8])
            let shuffled = try sandbox.report("fid", real, fake, "--limit", "8", "--shuffle", "1")
            #expect(try shuffled.bits(of: "fid") != expected.bits(of: "fid"))
            #expect(try sandbox.report("fid", real, fake, "--limit", "8", "--shuffle", "1", "--no-cache").bits(of: "fid") == shuffled.bits(of: "fid"))
        }
    }
}
