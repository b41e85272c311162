import Foundation
import TestSupport
import Testing

extension Commands {
    /// Where numbers go: terminal, JSON, CSV.
    @Suite struct Output {
        private let sandbox: Sandbox
        private let real: String, fake: String

        init() throws {
            sandbox = try Sandbox()
            (real, fake) = (try sandbox.digits("real", 24), try sandbox.digits("fake", 24))
        }

        @Test func jsonFollowsTheDocumentedSchema() throws {
            let outcome = try sandbox.run("evaluate", real, fake, "--metrics", "fid,kid,is", "--json", "-", "--quiet")
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.isEmpty)
            let report = try Report(outcome.output)
            #expect(report.results.map(\.metric) == ["fid", "kid", "is"])
            #expect(report.results.map(\.title) == ["FID (efficientnet-lite0)", "KID (efficientnet-lite0)", "IS (efficientnet-lite0)"])
            for result in report.results {
                let interval = try #require(result.interval, "\(result.metric)"), error = try #require(result.standardError)
                #expect(interval.count == 2 && interval[0] < result.value && result.value < interval[1] && error > 0, "\(result.metric)")
                #expect(result.confidence == 0.95)
                // Half of a 95 % interval is 1.96 standard errors.
                #expect(agree((interval[1] - interval[0]) / 2, 1.959963984540054 * error, within: 1e-9), "\(result.metric)")
            }
            let fid = try report["fid"]
            let terms = try ["mean_term", "covariance_term"].map { try #require(fid.details[$0]) }
            #expect(agree(terms[0] + terms[1], fid.value, within: 1e-12))
            #expect(fid.warnings.contains { $0.contains("24 images are too few") })
            #expect(report.counts == ["real": 24, "fake": 24] && report.warnings.isEmpty)
            for (name, value) in [
                ("network", "efficientnet-lite0"), ("tap", "1280"), ("protocol", "default"), ("resampler", "pillow-bicubic"), ("clips", "true"),
                ("precision", "float32"), ("normalisation", "(x-127)/128"), ("input_side", "224"),
            ] {
                #expect(report.identity[name] == value, "\(name)")
            }
            for name in ["weights_sha256", "real_images_sha256", "fake_images_sha256"] { #expect(report.identity[name]?.count == 64, "\(name)") }
            #expect(report.identity["real_images_sha256"] != report.identity["fake_images_sha256"])
            #expect(report.identity["arithmetic"] != nil && report.identity["version"] != nil)
        }

        #if os(Linux)
        /// Results that nobody got are no good end, and a verdict stays what it is.
        @Test func resultsThatCannotBeWrittenAreAnError() throws {
            let binary = try Sandbox.binary()
            for line in ["metrics list", "fid '\(real)' '\(fake)' --quiet --json -", "--version"] {
                let outcome = try sandbox.shell("'\(binary)' \(line) > /dev/full")
                #expect(outcome.status == 4 && outcome.errors == "gan-eval: standard output: expected room for the results, found: no space left on device\n", "\(line): \(outcome)")
            }
        }
        #endif

        @Test func timingTellsWhatTheNetworkWaitedFor() throws {
            let extracted = try sandbox.report("fid", real, fake).timing
            #expect(0 < extracted.exposedDecoding && extracted.exposedDecoding <= extracted.extraction)
            let cached = try sandbox.report("fid", real, fake).timing
            #expect(cached.extraction == 0 && cached.exposedDecoding == 0, "everything was at hand")
        }

        @Test func everyNumberHasSeventeenDigits() throws {
            let outcome = try sandbox.run("fid", real, fake, "--json", "-", "--quiet")
            var count = 0
            for match in outcome.output.matches(of: /[\[:, ](-?[0-9]+\.[0-9]+(?:e[-+][0-9]+)?)[,\]}]/) {
                let text = String(match.output.1), number = try #require(Double(text))
                #expect(String(format: "%.17g", number) == text)
                count += 1
            }
            #expect(count >= 6, "value, two limits, confidence, standard error, details")
        }

        @Test func filesAppearWholeBesideTheText() throws {
            try FileManager.default.createDirectory(atPath: sandbox.path("out"), withIntermediateDirectories: true)
            let (json, csv) = (sandbox.path("out/result.json"), sandbox.path("out/result.csv"))
            try sandbox.write(#"{"results": "of earlier"}"#.utf8, to: "out/result.json")
            let outcome = try sandbox.run("evaluate", real, fake, "--json", json, "--csv", csv)
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(sandbox.names(in: "out") == ["result.csv", "result.json"])
            let text = try String(contentsOfFile: json, encoding: .utf8)
            let report = try Report(text)
            let lines = outcome.output.split(separator: "\n").filter { !$0.hasPrefix(" ") && !$0.hasPrefix("note") }
            #expect(lines.count == 3)
            for (line, result) in zip(lines, report.results) {
                #expect(line.hasPrefix(result.title) && line.contains(" " + String(format: "%.6g", result.value) + " ") && line.hasSuffix("] 95 %"))
            }
            let printed = try sandbox.run("evaluate", real, fake, "--json", "-")
            func untimed(_ text: String) -> String { text.replacing(/"timing": {.*}/, with: "") }
            #expect(untimed(printed.output) == untimed(text) && printed.errors.isEmpty)

            let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            #expect(rows.count == 4)
            let header = try #require(rows.first)
            #expect(header.prefix(8) == ["metric", "title", "value", "lower", "upper", "confidence", "real", "fake"])
            for (row, result) in zip(rows.dropFirst(), report.results) {
                #expect(row.count == header.count)
                let cells = Dictionary(uniqueKeysWithValues: zip(header, row))
                #expect(cells["metric"] == result.metric && cells["title"] == result.title && cells["fake"] == "24")
                #expect(cells["value"].flatMap(Double.init) == result.value && cells["lower"].flatMap(Double.init) == result.interval?[0])
                #expect(cells["weights_sha256"] == report.identity["weights_sha256"])
            }
            let csvPrinted = try sandbox.run("evaluate", real, fake, "--csv", "-")
            #expect(csvPrinted.output == (try String(contentsOfFile: csv, encoding: .utf8)))
        }

        @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
            for option in ["--json", "--csv"] {
                let target = sandbox.path("absent/result")
                let outcome = try sandbox.run("fid", real, fake, option, target, "--quiet")
                #expect(outcome.status == 4)
                #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: \(target): "), "\(outcome.errors)")
                #expect(outcome.errors.contains("no such file or directory") && !outcome.errors.contains("NSCocoaErrorDomain"))
            }
        }

        @Test func progressGoesToTheErrorStreamUnlessQuiet() throws {
            let loud = try sandbox.run("fid", real, fake, "--no-cache", "--batch-size", "12")
            for line in loud.errorLines {
                #expect(try Regex("^(real|fake): ([0-9]+) of 24 images, [0-9.]+ images/s(, [0-9]+ s left)?$").wholeMatch(in: String(line)) != nil, "\(line)")
            }
            #expect(loud.errors.contains("real: 12 of 24 images") && loud.errors.contains("fake: 12 of 24 images"))
            let quiet = try sandbox.run("fid", real, fake, "--no-cache", "--quiet", "--batch-size", "12")
            #expect(quiet.errors.isEmpty && quiet.output == loud.output)
        }

        @Test func confidenceWidensTheInterval() throws {
            let narrow = try sandbox.report("fid", real, fake, "--confidence", "0.5")["fid"], wide = try sandbox.report("fid", real, fake, "--confidence", "0.99")["fid"]
            #expect(narrow.confidence == 0.5 && wide.confidence == 0.99 && narrow.value == wide.value)
            let widths = try [narrow, wide].map { result in try #require(result.interval.map { $0[1] - $0[0] }) }
            // Quantiles of the normal distribution: 2.5758 / 0.6745.
            #expect(agree(widths[1] / widths[0], 2.5758293035489004 / 0.6744897501960817, within: 1e-9))
        }

        @Test func eachMetricHasItsCommand() throws {
            let report = try sandbox.report("evaluate", real, fake)
            #expect(try sandbox.report("kid", real, fake).bits(of: "kid") == report.bits(of: "kid"))
            let score = try sandbox.report("is", fake)
            #expect(try score.bits(of: "is") == report.bits(of: "is"))
            #expect(score.counts == ["real": nil, "fake": 24])
        }
    }
}
