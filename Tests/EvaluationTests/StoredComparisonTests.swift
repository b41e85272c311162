import Evaluation
import TestSupport
import Testing

/// Sets too large to hold are read from files in passes; what comes out is what comes out of memory.
@Suite struct StoredComparisonTests {
    private func stored(_ features: FeatureSet, _ path: String) throws -> FeaturesFile {
        var isWritten = false
        try FeaturesFile.write(to: path, identity: FeatureIdentity(["network": "none"]), dimension: features.dimension) { () throws(EvaluationError) in
            defer { isWritten = true }
            return isWritten ? nil : (features.values, [])
        }
        return try FeaturesFile(reading: path)
    }

    @Test func filesGiveWhatMemoryGives() throws {
        let real = SyntheticFeatures.features(seed: 41, count: 2500, dimension: 12), a = SyntheticFeatures.features(seed: 42, count: 2300, dimension: 12, offset: 0.02)
        let b = SyntheticFeatures.features(seed: 43, count: 2300, dimension: 12, offset: 0.03, spread: 1.05)
        try Fixtures.withTemporaryFolder { folder in
            let files = (real: try stored(real, folder + "/real.h5"), a: try stored(a, folder + "/a.h5"), b: try stored(b, folder + "/b.h5"))
            func summary(_ file: FeaturesFile) throws -> FeatureSummary { .stored(file, try Moments(file).statistics()) }

            let near = try FrechetComparison(exchanges: 99)(.features(a), .features(b), reference: .features(real))
            let far = try FrechetComparison(exchanges: 99)(summary(files.a), summary(files.b), reference: summary(files.real))
            #expect(abs(near.difference - far.difference) < 1e-12 && abs(near.standardError - far.standardError) < 1e-6 * near.standardError && near.exchange == far.exchange)
            let kernel = try KernelComparison(exchanges: 99)(.memory(a), .memory(b), reference: .memory(real))
            #expect(try KernelComparison(exchanges: 99)(.file(files.a), .file(files.b), reference: .file(files.real)) == kernel)

            let changes = try FrechetLeaveOneOut(real: .features(real), fake: .features(a))(a.values)
            for (x, y) in zip(changes, try FrechetLeaveOneOut(real: summary(files.real), fake: summary(files.a))(a.values)) { #expect(abs(x.change - y.change) < 1e-12) }

            #expect(try NearestImages(of: .file(files.a), in: .file(files.real)) == NearestImages(of: .memory(a), in: .memory(real)))
            #expect(try NearestImages(within: .file(files.a)) == NearestImages(within: .memory(a)))
            let test = DataCopyingTest()
            #expect(try test(training: .file(files.real), heldOut: .file(files.b), fake: .file(files.a)) == test(training: .memory(real), heldOut: .memory(b), fake: .memory(a)))
        }
    }
}
