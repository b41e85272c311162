import Archives
import ArgumentParser
import Evaluation
import Regression
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct RegressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regress", abstract: "Has a metric really become worse? Measures a suite and compares it with a baseline, for a job that runs every night.",
        discussion: """
            A change is a regression only where it is significant and larger than its tolerance; a slow slide over the nights since the baseline is found as well. Only --update writes the baseline.

            Examples:
              gan-eval regress --suite suite.yaml --update
              gan-eval regress --suite suite.yaml --update --baseline-nights 28
              gan-eval regress --suite suite.yaml --junit nightly.xml --html nightly.html

            Exit codes: 0 no regression, 10 regression, 12 drift, 11 improvement that needs --update; not compared: 13 missing data, 14 changed weights, 15 changed protocol, 16 changed reference, 17 no baseline.
            """)

    @Option(help: ArgumentHelp("What is measured, and how it is judged.", valueName: "suite.yaml")) var suite: String
    @Option(help: ArgumentHelp("The numbers to compare with; beside the suite by default.", valueName: "baseline.json")) var baseline: String?
    @Flag(help: "Make tonight's numbers the baseline.") var update = false
    @Option(help: ArgumentHelp("With --update: average them with nights before that were found unchanged, at most so many in all; 1, or what the suite says, by default.", valueName: "n")) var baselineNights: Int?
    @Option(help: ArgumentHelp("Where every night is added as a line; beside the baseline by default.", valueName: "file")) var history: String?
    @Flag(help: "Remember no nights and look for no slide.") var noHistory = false
    @Option(help: ArgumentHelp("What is measured; by default the commit that the suite is checked out at.", valueName: "text")) var label: String?
    @Option(help: ArgumentHelp("Write JSON to a file, or to standard output without one.", valueName: "file")) var json: String?
    @Option(help: ArgumentHelp("Write JUnit XML.", valueName: "file")) var junit: String?
    @Option(help: ArgumentHelp("Write a page with the history of every metric.", valueName: "file")) var html: String?
    @Flag(help: "Print one line for a chat instead of a line for each metric.") var summary = false
    @Option(help: ArgumentHelp("Cores to use; all by default.", valueName: "n")) var threads: Int?
    @Option(help: ArgumentHelp("Folder in which features are kept.", valueName: "folder")) var cache: String?
    @Flag(help: "Keep no features.") var noCache = false
    @OptionGroup(title: "Recording options") var recording: RecordingOptions
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false

    func validate() throws {
        try CoreCount.validate(threads)
        if noCache && cache != nil { throw ValidationError("--cache and --no-cache exclude each other") }
        if let baselineNights {
            guard Suite.baselineNightsAllowed.contains(baselineNights) else { throw ValidationError("--baseline-nights is \(baselineNights); expected a number from 1 to \(Suite.baselineNightsAllowed.upperBound)") }
            guard update else { throw ValidationError("--baseline-nights goes with --update") }
        }
        if [json, junit, html].count(where: { $0 == "-" }) > 1 { throw ValidationError("one of --json, --junit and --html can go to standard output") }
        try ReplacedFile.expect(.json, json, for: "--json")
        for (path, option) in [(junit, "--junit"), (html, "--html")] { try ReplacedFile.expect(.markup, path, for: option) }
        if noHistory && history != nil { throw ValidationError("--history and --no-history exclude each other") }
    }

    func run() throws {
        var plan = try Suite(reading: suite)
        if let baselineNights { plan.baselineNights = baselineNights }
        let job = NightlyJob(plan, baseline: baseline, history: history, keepsHistory: !noHistory, label: label)
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        var settings = MeasuringSettings()
        settings.threads = threads
        settings.workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
        settings.cache = noCache ? nil : cache ?? FeatureCache.userFolder
        settings.progress = { name, done, total in
            Interruption.listen(done < total)
            bar.update(name, done, total)
        }
        settings.isCancelled = { Interruption.isRequested }
        // What was found is said before any file can fail.
        func say(_ night: Night) {
            bar.close()
            if ![json, junit, html].contains("-") { print(summary ? night.summary : night.text) }
        }
        let night = try update ? job.update(settings, report: say) : job.run(settings, report: say)
        for (path, text) in [(json, night.json), (junit, night.junit), (html, night.html)] {
            guard let path else { continue }
            if path == "-" { print(text, terminator: "") } else { try AtomicFile.write(Array(text.utf8), to: path) }
        }
        try recording.record(night, of: suite)
        if night.outcome.exitCode != 0 { throw ExitCode(night.outcome.exitCode) }
    }
}
