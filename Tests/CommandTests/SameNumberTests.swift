import Foundation
import TestSupport
import Testing

extension Commands {
    /// What must not change the number that `gan-eval fid` prints.
    @Suite struct SameNumber {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

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
