import Evaluation
import Foundation
import HDF5
import Regression
import Tensors
import TestSupport
import Testing

/// The same promise with numbers of real metrics instead of normal ones, through the whole job: values near the ends of their range, skewed ones, and standard errors that each metric estimates itself.
///
/// Features are the pixels of scikit-learn's digits. The real set is 400 of them; a night's generated images are 300 of the others, drawn anew with replacement, with noise on every pixel, as from a generator that
/// never changes.
@Suite struct RealNumbersTests {
    private static let metrics = ["fid", "kid", "precision", "recall", "density", "coverage", "f-score", "vendi"]
    private static let nights = Int(ProcessInfo.processInfo.environment["NIGHTLY_NIGHTS"] ?? "") ?? 60

    /// Digits in an order by chance, and a generator of others like them.
    private struct Digits {
        private let pixels: [Float], order: [Int]

        init() throws {
            let images = try HDF5File(reading: Fixtures.path("digits8x8.h5")).root.dataset("images")
            pixels = try images.read(Float.self).map { $0 / 255 }
            order = RandomStream(seed: 1)["order"].permutation(pixels.count / 64)
        }

        var real: [Float] { order.prefix(400).flatMap { pixels[64 * $0..<64 * $0 + 64] } }

        /// 300 images; `blur` weakens the strokes of all of them.
        func generated(_ stream: RandomStream, fading: Float = 1) -> [Float] {
            let others = Array(order.dropFirst(400)), chosen = stream["chosen"].integers(below: others.count, count: 300), noise = stream["noise"].normals(300 * 64)
            return chosen.enumerated().flatMap { place, choice in (0..<64).map { fading * pixels[64 * others[choice] + $0] + Float(noise[64 * place + $0] / 16) } }
        }
    }

    private func write(_ rows: [Float], _ name: String, to path: String) throws {
        var batch: (features: [Float], logits: [Float])? = (rows, [])
        try FeaturesFile.write(to: path, identity: FeatureIdentity(["network": "pixels", "images_sha256": name]), dimension: 64) { () throws(EvaluationError) in
            defer { batch = nil }
            return batch
        }
    }

    /// Every night's numbers, measured as the command measures them.
    private func measured(_ folder: String, _ nights: [[Float]]) throws -> [[Estimate]] {
        let text = "metrics: [\(Self.metrics.joined(separator: ", "))]\ncases:\n  - {name: digits, real: real.h5, fake: fake.h5}\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/suite.yaml"))
        let suite = try Suite(reading: folder + "/suite.yaml")
        return try nights.enumerated().map { number, rows in
            try write(rows, "night \(number)", to: folder + "/fake.h5")
            let night = try NightlyJob(suite, keepsHistory: false, label: "x").run(MeasuringSettings())
            return night.lines.map(\.line.measured.estimate)
        }
    }

    @Test func generatorsThatNeverChangeRaiseNoAlarms() throws {
        let digits = try Digits(), stream = RandomStream(seed: 2)
        try Fixtures.withTemporaryFolder { folder in
            try write(digits.real, "real", to: folder + "/real.h5")
            let sets = (0..<Self.nights).map { digits.generated(stream[$0]) }, numbers = try measured(folder, sets + [digits.generated(stream["worse"], fading: 0.85)])
            let (nights, worse) = (numbers.dropLast(), try #require(numbers.last)), catalogue = try MetricCatalog.named(Self.metrics.joined(separator: ","))
            var lines = ["| metric | mean | deviation over nights | mean standard error |", "|---|---:|---:|---:|"]
            for (index, metric) in Self.metrics.enumerated() {
                let values = nights.map { $0[index].value }, mean = values.reduce(0, +) / Double(values.count)
                let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
                let errors = try nights.map { try #require($0[index].standardError) }, error = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
                lines.append("| \(metric) | \(String(format: "%.4g", mean)) | \(String(format: "%.4g", deviation)) | \(String(format: "%.4g", error)) |")
                // 3.5 deviations of a standard deviation of 60 numbers are 32 %.
                #expect(deviation < 1.32 * error, "\(metric): the nights scatter by \(deviation), but each says \(error)")
                #expect(deviation > 0.3 * error, "\(metric): \(error) is far too careful for \(deviation)")
            }
            // Every night in turn is the baseline of the 28 that follow it.
            var alarms: [Verdict: Int] = [:], byMetric: [String: Int] = [:], count = 0, found = 0
            for start in nights.indices {
                for length in [1, 2, 7, 14, 27] {
                    let later = (1...length).map { nights[(start + $0) % nights.count] }
                    func judge(_ tonight: [Estimate]) -> [Verdict] {
                        NightlyTest()(Self.metrics.indices.map { index in
                            .init(better: catalogue[index].about.better, baseline: Agreement(nights[start][index]), tonight: tonight[index], nights: later.dropLast().map { $0[index] } + [tonight[index]])
                        }).map(\.verdict)
                    }
                    let verdicts = judge(later[length - 1])
                    count += 1
                    alarms[verdicts.max() ?? .unchanged, default: 0] += 1
                    for (metric, verdict) in zip(Self.metrics, verdicts) where verdict > .unchanged { byMetric["\(metric) \(verdict) in night \(length)", default: 0] += 1 }
                    if length == 1, judge(worse).max() == .regression { found += 1 }
                }
            }
            let wrong = count - alarms[.unchanged, default: 0]
            #expect(wrong <= count / 100, "\(byMetric) of \(count)")
            #expect(found == nights.count, "strokes of 85 % are worse whatever the baseline")
            lines += ["", "\(count) nights of 8 metrics without change: \(wrong) alarms\(byMetric.isEmpty ? "" : " (" + byMetric.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ") + ")"). Strokes weaker by 15 %: found in \(found) of \(nights.count)."]
            if let path = ProcessInfo.processInfo.environment["NIGHTLY_METRICS"] { try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path)) }
        }
    }
}
