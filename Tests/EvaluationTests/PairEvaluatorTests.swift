import Datasets
import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct PairEvaluatorTests {
    /// A folder of copies of the golden pairs' pictures under given names.
    private func folder(_ files: [String: String], in parent: String, _ name: String) throws -> ImageSource {
        let path = parent + "/" + name
        for (file, source) in files {
            let target = URL(fileURLWithPath: path + "/" + file)
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: URL(fileURLWithPath: source), to: target)
        }
        return try ImageSource.open(path)
    }

    private func golden(_ name: String, _ side: String) -> String { PerceptualGoldens.path(name, side) }

    @Test func pairsByNameWhateverTheEnding() throws {
        try Fixtures.withTemporaryFolder { root in
            let first = try folder(["x/1.png": golden("noise", "a"), "2.png": golden("shift", "a"), "only.png": golden("shift", "a")], in: root, "first")
            let second = try folder(["2.JPEG": golden("shift", "b"), "x/1.png": golden("noise", "b"), "other.png": golden("shift", "a"), "zoo.png": golden("noise", "a")], in: root, "second")
            let pairing = try ImagePairing.between(first, second)
            #expect(pairing.count == 2 && pairing.unmatchedFirst == ["only.png"] && pairing.unmatchedSecond == ["other.png", "zoo.png"])
            var seen: [String: Double] = [:]
            var evaluator = PairEvaluator()
            evaluator.observe = { _, a, b, value in seen[first.name(a) + " " + second.name(b)] = value }
            let report = try evaluator.evaluate([StructuralSimilarity()], pairing)
            let goldens = try PerceptualGoldens.read()
            #expect(Set(seen.keys) == ["x/1.png x/1.png", "2.png 2.JPEG"])
            let result = report.results[0]
            #expect(abs(result.value - (goldens.noise.ssim + goldens.shift.ssim) / 2) < 1e-12 && result[detail: "pairs"] == 2)
            // Two values: Student's quantile of one degree of freedom is 12.7.
            let half = abs(goldens.noise.ssim - goldens.shift.ssim) / 2 * 12.706204736174698
            #expect(abs((result.interval?.upper ?? 0) - result.value - half) < 1e-9)
            #expect(report.warnings.count == 2 && report.warnings[0].contains("1 image has no partner and is left out: only.png"))
            #expect(report.warnings[1].contains("2 images have no partner and are left out: other.png, …"))
            #expect(report.realCount == 3 && report.fakeCount == 4 && report.titles == ["SSIM"])
        }
    }

    #if os(Linux)
    /// Names that look alike and are written with other bytes are two names, as the file system has it.
    @Test func namesArePairedByTheirBytes() throws {
        try Fixtures.withTemporaryFolder { root in
            let picture = golden("noise", "a"), composed = "\u{e9}.png", decomposed = "e\u{301}.png"
            for (folder, names) in [("one", [composed, decomposed]), ("two", [decomposed])] {
                try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
                for name in names { try FileManager.default.copyItem(atPath: picture, toPath: "\(root)/\(folder)/\(name)") }
            }
            let one = try ImageSource.open(root + "/one"), two = try ImageSource.open(root + "/two"), pairing = try ImagePairing.between(one, two)
            #expect(one.count == 2 && pairing.count == 1 && pairing.unmatchedFirst.map { Array($0.utf8) } == [Array(composed.utf8)])
        }
    }
    #endif

    /// What an error says; empty where there is none.
    private func message<Result>(_ body: () throws -> Result) -> String {
        do { _ = try body() } catch { return "\(error)" }
        return ""
    }

    @Test func pairsThatCannotBeAreRefused() throws {
        try Fixtures.withTemporaryFolder { root in
            let one = try folder(["a.png": golden("noise", "a")], in: root, "one"), other = try folder(["b.png": golden("noise", "b")], in: root, "other")
            let two = try folder(["a.png": golden("shift", "b"), "c.png": golden("shift", "b")], in: root, "two"), file = try ImageSource.open(golden("noise", "a"))
            #expect(message { try ImagePairing.between(one, other) }.contains("expected images with the names of those in \(root)/one, such as a.png, found none, but b.png; --by-order"))
            #expect(message { try ImagePairing.between(one, two, byOrder: true) }.contains("expected 1 images as in \(root)/one, to be paired in order, found 2"))
            #expect(message { try ImagePairing.between(file, two) }.contains("expected one image file to go with \(golden("noise", "a")), found a collection of 2"))
            #expect(message { try ImagePairing.within(one) }.contains("expected at least 2 images, whose pairs are compared, found 1"))
            let evaluator = PairEvaluator(), uneven = try ImagePairing.between(one, two), even = try ImagePairing.between(one, other, byOrder: true)
            let sizes = message { try evaluator.evaluate([PeakSignalToNoiseRatio()], uneven) }
            #expect(sizes.contains("two/a.png: expected 91 x 71 pixels as in \(root)/one/a.png, found 192 x 176; --size N"), "\(sizes)")
            let small = message { try evaluator.evaluate([MultiScaleStructuralSimilarity()], even) }
            #expect(small.contains("expected at least 176 x 176 pixels for MS-SSIM, found 91 x 71; --size N"), "\(small)")
            #expect(even.count == 1)
        }
    }

    @Test func resizedPicturesEqualPillows() throws {
        var evaluator = PairEvaluator()
        evaluator.resizing = try PictureResizing(side: 64)
        for name in ["noise", "pixels"] {
            let expected = try #require(try PerceptualGoldens.read().resized[name])
            let report = try evaluator.evaluate([StructuralSimilarity()], .between(ImageSource.open(golden(name, "a")), ImageSource.open(golden(name, "b"))))
            #expect(abs(report.results[0].value - expected.ssim) < 1e-9 && report.results[0].interval == nil)
            #expect(report.identity["resize"] == "pillow-bicubic to 64 x 64, clipped")
        }
        #expect(throws: EvaluationError.badOption(name: "--size", value: "0", expected: "a number of pixels from 1 to 8192")) { try PictureResizing(side: 0) }
    }

    /// All pairs of a set, in blocks of any size, are the pairs one by one; the interval is the jackknife over images.
    @Test func diversityIsTheMeanOfAllPairs() throws {
        let source = try ImageSource.open(Fixtures.path("digits/real")).limited(to: 9)
        let pictures = try (0..<9).map { Picture(try source.decode($0)) }
        var values = [[Double]](repeating: [Double](repeating: 0, count: 9), count: 9)
        for i in 0..<9 {
            for j in 0..<9 where i != j { values[i][j] = StructuralSimilarity().values([(pictures[i], pictures[j])])[0] }
        }
        let rows: [Double] = values.map { $0.reduce(0, +) }
        let total: Double = rows.reduce(0, +)
        let mean = total / 72
        // Leaving out each image in turn.
        let without: [Double] = rows.map { row in (total - 2 * row) / 56 }
        let centre: Double = without.reduce(0, +) / 9
        var variance = 0.0
        for value in without { variance += (value - centre) * (value - centre) * 8 / 9 }
        let error = variance.squareRoot()
        for memory in [1, 3 * 150_000, 1 << 30] {
            var evaluator = PairEvaluator()
            evaluator.memory = memory
            var seen = Set<[Int]>()
            evaluator.observe = { _, a, b, value in
                #expect(value == values[a][b] && seen.insert([a, b]).inserted && a < b)
            }
            let result = try evaluator.evaluate([StructuralSimilarity()], .within(source)).results[0]
            #expect(seen.count == 36)
            #expect(abs(result.value - mean) < 1e-12 && abs((result.standardError ?? 0) - error) < 1e-12, "memory \(memory)")
        }
    }

    @Test func randomPairsAreDistinctAndRepeatable() throws {
        let source = try ImageSource.open(Fixtures.path("digits/real")).limited(to: 20)
        for count in [1, 10, 11, 100, 189] {
            let pairing = try ImagePairing.within(source, count: count, seed: 7)
            guard case let .listed(pairs) = pairing.pairs else { Issue.record("\(count) pairs are not listed"); continue }
            #expect(pairs.count == count && Set(pairs.map { [$0.0, $0.1] }).count == count && pairs.allSatisfy { 0 <= $0.0 && $0.0 < $0.1 && $0.1 < 20 })
            if count <= 10 { #expect(Set(pairs.flatMap { [$0.0, $0.1] }).count == 2 * count, "no image twice") }
            guard case let .listed(again) = try ImagePairing.within(source, count: count, seed: 7).pairs else { continue }
            #expect(again.map { [$0.0, $0.1] } == pairs.map { [$0.0, $0.1] })
        }
        #expect(try ImagePairing.within(source, count: 190).rule == "all")
        var values: [Double] = []
        var evaluator = PairEvaluator()
        evaluator.observe = { values.append($3); _ = ($0, $1, $2) }
        let report = try evaluator.evaluate([PeakSignalToNoiseRatio()], .within(source, count: 30, seed: 7))
        #expect(values.count == 30 && abs(report.results[0].value - values.reduce(0, +) / 30) < 1e-9 && report.realCount == nil && report.fakeCount == 20)
    }

    @Test func pairNumbersCoverAllPairs() {
        var seen = Set<[Int]>()
        for number in 0..<45 {
            let (a, b) = ImagePairing.pair(number: number)
            #expect(0 <= a && a < b && b < 10)
            seen.insert([a, b])
        }
        #expect(seen.count == 45)
        let (a, b) = ImagePairing.pair(number: 4_999_999_999_999_999)
        #expect(b * (b - 1) / 2 + a == 4_999_999_999_999_999 && a < b)
    }

    @Test func equalPicturesHaveNoInterval() throws {
        try Fixtures.withTemporaryFolder { root in
            let first = try folder(["1.png": golden("noise", "a"), "2.png": golden("noise", "a")], in: root, "first")
            let second = try folder(["1.png": golden("noise", "a"), "2.png": golden("noise", "b")], in: root, "second")
            let report = try PairEvaluator().evaluate([PeakSignalToNoiseRatio()], .between(first, second))
            #expect(report.results[0].value == .infinity && report.results[0].interval == nil && report.results[0].warnings.count == 1)
            #expect(report.json.contains("\"value\": null"))
        }
    }

    @Test func cancellationEndsIt() throws {
        var evaluator = PairEvaluator()
        evaluator.isCancelled = { true }
        let source = try ImageSource.open(Fixtures.path("digits/real")).limited(to: 5)
        #expect(throws: EvaluationError.cancelled(isKept: false)) { try evaluator.evaluate([PeakSignalToNoiseRatio()], .within(source)) }
    }
}
