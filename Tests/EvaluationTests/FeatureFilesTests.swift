import Evaluation
import Foundation
import HDF5
import LinearAlgebra
import TestSupport
import Testing

private let identity = FeatureIdentity(["network": "inception-v3", "weights": "abc", "resampler": "pillow-bicubic", "note": "größer = \"x\"\n"])

@Suite struct StatisticsFileTests {
    private let features = SyntheticFeatures.features(seed: 41, count: 30, dimension: 5)

    @Test func momentsComeBackToTheLastBit() throws {
        try Fixtures.withTemporaryFolder { folder in
            let moments = Moments(features), path = folder + "/s.h5"
            try StatisticsFile(identity: identity, moments: moments).write(to: path)
            let read = try StatisticsFile(reading: path)
            #expect(read.identity == identity)
            #expect(read.moments.count == 30)
            for convention in [MomentConvention.unbiased, .unbiasedFloat32Mean, .population] {
                #expect(try read.moments.statistics(convention) == moments.statistics(convention))
            }
            var continued = read.moments, whole = Moments(features)
            try continued.add(features.values)
            try whole.add(features.values)
            #expect(continued.count == 60)
            #expect(abs(try continued.statistics().covariance.trace - whole.statistics().covariance.trace) < 1e-14)
        }
    }

    @Test func otherFilesAreRefusedByName() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/f.h5"
            var batches = [features.values]
            try FeaturesFile.write(to: path, identity: identity, dimension: 5) { batches.popLast().map { ($0, []) } }
            #expect(throws: EvaluationError.wrongFile(path: path, expected: "a file of the format \"gan-eval statistics\"", found: "the format \"gan-eval features\"")) {
                try StatisticsFile(reading: path)
            }
            #expect(throws: EvaluationError.self) { try StatisticsFile(reading: folder + "/missing.h5") }
            try Data("not HDF5".utf8).write(to: URL(fileURLWithPath: folder + "/text.h5"))
            #expect(throws: EvaluationError.self) { try StatisticsFile(reading: folder + "/text.h5") }
        }
    }

    @Test func readsWhatNumPyWrote() throws {
        let golden = try Moments(features).statistics()
        let plain = try NumPyStatistics(reading: Fixtures.path("metrics/pytorch-fid.npz"))
        #expect(plain.statistics.count == nil && plain.spatial == nil)
        #expect(zip(plain.statistics.mean, golden.mean).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(zip(plain.statistics.covariance.elements, golden.covariance.elements).allSatisfy { abs($0 - $1) < 1e-16 })
        let adm = try NumPyStatistics(reading: Fixtures.path("metrics/adm.npz"))
        #expect(adm.statistics.mean == (try Moments(features).statistics(.unbiasedFloat32Mean).mean))
        #expect(try #require(adm.spatial).dimension == 3)
        #expect(throws: EvaluationError.badShape(what: Fixtures.path("metrics/broken.npz"), expected: "mu [d] and sigma [d, d]", found: "[5] and [3, 5]")) {
            try NumPyStatistics(reading: Fixtures.path("metrics/broken.npz"))
        }
    }

    /// What is no covariance would give a distance all the same.
    @Test func whatIsNoCovarianceIsRefused() throws {
        try Fixtures.withTemporaryFolder { folder throws in
            func message(_ sigma: [Double]) throws -> String {
                let statistics = try FeatureStatistics(mean: [0, 0], covariance: Matrix(rows: 2, columns: 2, elements: sigma), count: nil)
                try NumPyStatistics(statistics: statistics).write(to: folder + "/s.npz")
                do { _ = try NumPyStatistics(reading: folder + "/s.npz") } catch { return "\(error)" }
                return ""
            }
            #expect(try message([1, 0, 0, -1]).hasSuffix("sigma of \(folder)/s.npz: expected a covariance, whose diagonal is not negative, found -1.0 at [1, 1]"))
            #expect(try message([1, 0.5, 0.4, 4]).hasSuffix("expected a covariance, which is symmetric, found 0.4 at [1, 0] and 0.5 at [0, 1]"))
            #expect(try message([1, 0.5, 0.5 + 1e-7, 4]) == "" && message([0, 0, 0, 0]) == "")
        }
    }

    @Test func writesWhatItReads() throws {
        try Fixtures.withTemporaryFolder { folder in
            let statistics = try Moments(features).statistics()
            try NumPyStatistics(statistics: statistics, spatial: statistics).write(to: folder + "/s.npz")
            let read = try NumPyStatistics(reading: folder + "/s.npz")
            #expect(read.statistics.mean == statistics.mean && read.statistics.covariance == statistics.covariance)
            #expect(read.spatial?.covariance == statistics.covariance)
        }
    }
}

@Suite struct FeaturesFileTests {
    @Test func rowsLogitsAndNamesComeBack() throws {
        try Fixtures.withTemporaryFolder { folder in
            let features = SyntheticFeatures.features(seed: 51, count: 25, dimension: 6), logits = SyntheticFeatures.features(seed: 52, count: 25, dimension: 4)
            let names = (0..<25).map { "folder/ä\($0).png" }
            var next = 0
            try FeaturesFile.write(to: folder + "/f.h5", identity: identity, dimension: 6, classes: 4, names: names) {
                guard next < 25 else { return nil }
                defer { next += 10 }
                let range = next..<min(next + 10, 25)
                return (features.rows(range).values, logits.rows(range).values)
            }
            let file = try FeaturesFile(reading: folder + "/f.h5")
            #expect(file.identity == identity && file.count == 25 && file.dimension == 6 && file.classes == 4 && file.names == names)
            #expect(try file.features() == features)
            #expect(try file.logits() == logits)
            #expect(try file.features(7..<19) == features.rows(7..<19).values)
        }
    }

    @Test func aFailedBatchLeavesNoFile() throws {
        try Fixtures.withTemporaryFolder { folder in
            var calls = 0
            #expect(throws: EvaluationError.featuresNeeded(metric: "x")) {
                try FeaturesFile.write(to: folder + "/f.h5", identity: identity, dimension: 2) { () throws(EvaluationError) in
                    calls += 1
                    if calls == 2 { throw .featuresNeeded(metric: "x") }
                    return ([1, 2], [])
                }
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty)
        }
    }

    @Test func missingLogitsAndStoredInfinitiesAreNamed() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/f.h5"
            var batches: [[Float]] = [[1, 2, 3, .infinity]]
            try FeaturesFile.write(to: path, identity: identity, dimension: 2) { batches.popLast().map { ($0, []) } }
            let file = try FeaturesFile(reading: path)
            #expect(throws: EvaluationError.notFinite(row: 1, column: 1, value: .infinity)) { try file.features(1..<2) }
            #expect(throws: EvaluationError.self) { try file.logits() }
        }
    }
}

@Suite struct FeatureJournalTests {
    private func fill(_ path: String, _ batches: [[Float]]) throws {
        let journal = try FeatureJournal(path: path, identity: identity, width: 3)
        for batch in batches { try journal.append(batch) }
    }

    @Test func resumesWhereItStopped() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/j"
            try fill(path, [[1, 2, 3], [4, 5, 6, 7, 8, 9]])
            let journal = try FeatureJournal(path: path, identity: identity, width: 3)
            #expect(journal.count == 3 && journal.batches == 2)
            try journal.append([10, 11, 12])
            #expect(try (0..<journal.batches).flatMap { try journal.batch($0) } == (1...12).map(Float.init))
            journal.remove()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    /// Whatever the byte at which a crash cuts the file, every whole record survives and no other.
    @Test func everyCutKeepsWholeRecordsOnly() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/j"
            try fill(path, [[1, 2, 3], [4, 5, 6, 7, 8, 9], [10, 11, 12]])
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let header = bytes.count - 3 * 12 - 12 * 4
            for length in 0...bytes.count {
                try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
                let journal = try FeatureJournal(path: path, identity: identity, width: 3)
                let ends = [header + 24, header + 60, header + 84]
                #expect(journal.batches == ends.count { $0 <= length })
                try journal.append([0, 0, 0])
                #expect(try journal.batch(journal.batches - 1) == [0, 0, 0])
            }
        }
    }

    @Test func damageAndOtherIdentitiesBeginAnew() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/j"
            try fill(path, [[1, 2, 3], [4, 5, 6]])
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count - 30] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(try FeatureJournal(path: path, identity: identity, width: 3).count == 0)
            try fill(path, [[1, 2, 3]])
            var other = identity
            other["weights"] = "changed"
            #expect(try FeatureJournal(path: path, identity: other, width: 3).count == 0)
            try fill(path, [[1, 2, 3]])
            #expect(try FeatureJournal(path: path, identity: identity, width: 1).count == 0)
        }
    }
}

@Suite struct FeatureCacheTests {
    @Test func digestsTellIdentitiesApart() {
        #expect(identity.digest.count == 64)
        #expect(FeatureIdentity(["a": "bc"]).digest != FeatureIdentity(["ab": "c"]).digest)
        #expect(FeatureIdentity(["a": "b", "c": "d"]).digest == FeatureIdentity(["c": "d", "a": "b"]).digest)
        var other = identity
        other["weights"] = "abd"
        other["more"] = ""
        #expect(identity.differences(from: other) == ["more", "weights"])
    }

    @Test func keepsFindsMissesListsAndClears() throws {
        try Fixtures.withTemporaryFolder { folder in
            let cache = FeatureCache(folder: folder + "/deep/cache")
            #expect(cache.entries().isEmpty && cache.statistics(identity) == nil)
            try cache.prepare()
            let moments = Moments(SyntheticFeatures.features(seed: 41, count: 30, dimension: 5))
            try StatisticsFile(identity: identity, moments: moments).write(to: cache.statisticsPath(identity))
            #expect(try #require(cache.statistics(identity)).moments.count == 30)
            for name in identity.entries.keys {
                var changed = identity
                changed[name] = "changed"
                #expect(cache.statistics(changed) == nil)
                // Even a file under the wrong name is not believed.
                try FileManager.default.copyItem(atPath: cache.statisticsPath(identity), toPath: cache.statisticsPath(changed))
                #expect(cache.statistics(changed) == nil)
            }
            try Data("damaged".utf8).write(to: URL(fileURLWithPath: cache.featuresPath(identity)))
            #expect(cache.features(identity) == nil)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: cache.folder + "/notes.txt"))
            #expect(cache.entries().count == identity.entries.count + 2)
            #expect(cache.entries().count { $0.identity == nil } == 1)
            #expect(try cache.clear() == identity.entries.count + 2)
            #expect(try FileManager.default.contentsOfDirectory(atPath: cache.folder) == ["notes.txt"])
        }
    }
}
