import Foundation
import TestSupport
import Testing

extension Commands {
    /// Baselines of `gan-eval regress`: of several nights, and killed while they are written.
    @Suite struct RegressingBaselines {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        /// A suite of one pair: digits, and others of them that stand for a generator's.
        private func pair(_ more: String = "") throws {
            _ = try sandbox.digits("real", 40)
            try night(0)
            try sandbox.write("metrics: [fid]\ntolerance: 1%\n\(more)cases:\n  - name: digits\n    real: real\n    fake: fake\n".utf8, to: "suite.yaml")
        }

        /// Other generated images: 24 of the first 40 digits, another choice every night.
        private func night(_ number: Int, of set: String = "real") throws {
            let folder = sandbox.path("fake"), source = Fixtures.path("digits/\(set)/0"), names = try FileManager.default.contentsOfDirectory(atPath: source).sorted().prefix(40)
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // Steps that share no factor with 40 meet every place.
            let step = [3, 7, 9, 11, 13, 17, 19, 21, 23, 27, 29, 31][number % 12], chosen = (0..<24).map { ($0 * step + number) % 40 }
            for place in Set(chosen) { try FileManager.default.copyItem(atPath: "\(source)/\(names[place])", toPath: "\(folder)/\(names[place])") }
        }

        private func regress(_ arguments: String...) throws -> Outcome { try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--label", "x"] + arguments).finish() }

        private func text(_ name: String) throws -> String { try String(contentsOfFile: sandbox.path(name), encoding: .utf8) }
        private func object(_ text: String) throws -> [String: Any] { try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) }

        /// The only metric of the only case of the baseline.
        private func agreed() throws -> [String: Any] {
            let found = try #require((object(text("suite.baseline.json"))["cases"] as? [[String: Any]])?.first)
            return try #require((found["metrics"] as? [[String: Any]])?.first)
        }

        @Test func aBaselineIsTheMeanOfAcceptedNights() throws {
            try pair("baseline-nights: 8\nretrained: true\n")
            let first = try regress("--update")
            #expect(first.status == 0 && first.output.contains("note: digits: the baseline is tonight alone; nights that are found unchanged from now on join it with the next --update"), "\(first)")
            let alone = try agreed()
            #expect(alone["nights"] == nil && alone["value"] as? Double != nil)
            var values = [try #require(alone["value"] as? Double)]
            for number in 1...4 {
                try night(number)
                let outcome = try regress("--json", "night.json")
                #expect(outcome.status == 0, "\(outcome)")
                let metric = try #require(((object(text("night.json"))["cases"] as? [[String: Any]])?[0]["metrics"] as? [[String: Any]])?[0])
                values.append(try #require(metric["value"] as? Double))
                #expect(metric["baseline_nights"] as? Int == 1 && metric["error_of"] as? String == "samples")
            }
            // The same images again are no other night.
            #expect(try regress().status == 0)
            try night(5)
            let six = try regress("--update")
            #expect(six.status == 0 && six.output.contains("note: digits: the baseline is the mean of 6 nights, by whose scatter a change is judged") && six.output.contains(", with the nights before "), "\(six)")
            let mean = try agreed(), kept = try #require(mean["nights"] as? [Double]), value = try #require(mean["value"] as? Double)
            #expect(kept.count == 6 && Array(kept.prefix(5)) == values && abs(value - kept.reduce(0, +) / 6) < 1e-9)
            try night(6)
            let judged = try regress("--json", "night.json", "--html", "night.html")
            #expect(judged.status == 0 && judged.output.contains(" by the scatter of nights"), "\(judged)")
            let metric = try #require(((object(text("night.json"))["cases"] as? [[String: Any]])?[0]["metrics"] as? [[String: Any]])?[0])
            #expect(metric["baseline_nights"] as? Int == 6 && metric["error_of"] as? String == "trainings" && metric["baseline"] as? Double == mean["value"] as? Double)
            #expect(try text("night.html").contains(", x, the mean of up to 6 nights."))
            // At most so many: the oldest leave. An option counts more than the suite.
            for number in 7...9 {
                try night(number)
                #expect(try regress().status == 0)
            }
            #expect(try regress("--update").status == 0)
            let last = try #require(try agreed()["nights"] as? [Double])
            #expect(last.count == 8 && last.prefix(4).elementsEqual(kept.suffix(4)), "\(last) after \(kept)")
            try night(10)
            #expect(try regress("--update", "--baseline-nights", "3").status == 0 && agreed()["nights"].flatMap { $0 as? [Double] }?.count == 3)
            // What has changed is not averaged with what was before.
            try night(0, of: "fake")
            #expect(try regress().status == 10)
            let anew = try regress("--update")
            #expect(anew.status == 0 && anew.output.contains("the baseline is tonight alone"), "\(anew)")
            #expect(try agreed()["nights"] == nil && regress().status == 0)
        }

        @Test func wrongNightsAreALine() throws {
            try pair("baseline-nights: 8\n")
            try #require(try regress("--update").status == 0)
            for (arguments, words) in [(["--baseline-nights", "3"], "--baseline-nights goes with --update"), (["--update", "--baseline-nights", "0"], "--baseline-nights is 0; expected a number from 1 to 365")] {
                let outcome = try sandbox.start(["regress", "--suite", "suite.yaml"] + arguments).finish()
                #expect(outcome.status == 2 && outcome.errors.contains(words), "\(outcome)")
            }
            let suite = try text("suite.yaml"), baseline = try text("suite.baseline.json")
            for (old, new, words) in [("baseline-nights: 8", "baseline-nights: x", "suite.yaml:3: 'baseline-nights' is x; expected a whole number from 1 to 365"), ("baseline-nights: 8", "retrained: perhaps", "suite.yaml:3: 'retrained' is perhaps; expected true or false")] {
                try sandbox.write(suite.replacing(old, with: new).utf8, to: "suite.yaml")
                let outcome = try regress()
                #expect(outcome.status == 3 && outcome.errors == "gan-eval: \(words)\n", "\(outcome)")
            }
            try sandbox.write(suite.utf8, to: "suite.yaml")
            // Numbers of nights that contradict each other are a damaged file.
            try sandbox.write(baseline.replacing("\"degrees_of_freedom\": null", with: "\"degrees_of_freedom\": null, \"nights\": [1, 2]").utf8, to: "suite.baseline.json")
            let outcome = try regress()
            #expect(outcome.status == 3 && outcome.errors == "gan-eval: suite.baseline.json: fid of 'digits' has 2 nights, the case 0\n", "\(outcome)")
        }

        /// The process is killed the moment its unfinished file appears, so between its first byte and its renaming, and a little later, after it has got its name; the history, large as after years, while its line is written.
        @Test func aKillAtTheWriteLeavesAWholeFile() throws {
            try pair()
            try #require(try regress("--update").status == 0)
            let old = try text("suite.baseline.json"), line = try text("suite.history.jsonl")
            let past = String(repeating: line, count: 4_000_000 / line.utf8.count)
            try sandbox.write(past.utf8, to: "suite.history.jsonl")
            var unfinished = 0, replaced = 0, kept = 0, lines = 0
            for attempt in 0..<24 {
                try sandbox.write(old.utf8, to: "suite.baseline.json")
                let job = try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--update", "--label", "new \(attempt)"])
                let end = Date(timeIntervalSinceNow: 60)
                while Date() < end, !sandbox.names(in: ".").contains(where: { $0.hasPrefix("suite.baseline.json.partial-") }), try text("suite.baseline.json") == old {}
                // From the very moment to some milliseconds behind it.
                usleep(useconds_t(attempt % 6) * 400)
                job.send(SIGKILL)
                _ = try job.finish()
                unfinished += sandbox.names(in: ".").count { $0.hasPrefix("suite.baseline.json.partial-") }
                for name in sandbox.names(in: ".") where name.hasPrefix("suite.baseline.json.partial-") { try FileManager.default.removeItem(atPath: sandbox.path(name)) }
                let found = try text("suite.baseline.json")
                if found == old { kept += 1 } else {
                    replaced += 1
                    #expect(found.hasSuffix("}\n") && found.contains("\"label\": \"new \(attempt)\""), "\(found)")
                    _ = try object(found)
                }
                let now = try text("suite.history.jsonl")
                #expect(now.hasPrefix(past))
                lines = now.dropFirst(past.count).split(separator: "\n", omittingEmptySubsequences: false).dropLast().count
            }
            #expect(unfinished > 0 && kept > 0 && kept + replaced == 24, "\(unfinished) unfinished files, \(kept) old and \(replaced) new baselines, \(lines) lines")
            // Whatever was left: the next night goes on from it.
            #expect(try regress("--update").status == 0 && regress().status == 0)
            for line in try text("suite.history.jsonl").dropFirst(past.count).split(separator: "\n") { _ = try object(String(line)) }
        }
    }
}
