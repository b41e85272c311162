import ArgumentParser
import Datasets
import Evaluation
import Reports
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Make a page, tables and figures of runs and stored results.",
        discussion: """
            Writes report.html (one file that needs nothing else), report.json, report.csv, report.tex, references.bib, curves.csv of runs, and every figure as SVG and PDF.

            A RESULT is JSON that `evaluate` and its kin, `compare`, `explain` or `copies` wrote; pictures of the latter two are found in the folder that is named as the file. A folder of such JSON beside its pictures will do.
            A run may be named as `gan-eval runs list` does, by name or key; what the run store knows to have been measured of a run is shown with it. What has the same name is the same subject: NAME=PATH gives one.
            Runs that differ in their seed alone are one row, with the mean over trainings and an interval that covers how these differ; --no-pool-seeds shows each by itself.

            Examples:
              gan-eval report runs/digits -o report/
              gan-eval report runs/dcgan runs/wgan-gp dcgan.json wgan-gp.json -o report/
              gan-eval report ours=results/a.json ours=explanation/ theirs=results/b.json -o report/
            """)
    @Argument(help: ArgumentHelp("Folders or names of runs, results, or NAME=PATH.", valueName: "run | result")) var inputs: [String]
    @Option(name: .shortAndLong, help: ArgumentHelp("The report's folder.", valueName: "folder")) var output: String
    @OptionGroup var store: StoreOptions
    @Option(help: "What stands above the page.") var title = "Comparison of generators"
    @Flag(inversion: .prefixedNo, help: "Show runs that differ in their seed alone as one.") var poolSeeds = true

    func run() throws {
        let found = try SubjectFiles(inputs, store: store.openKnown()) { $0.nearest(in: $1) }, pool = poolSeeds ? SeedPool(found.subjects) : nil
        let report = try Report(title, subjects: pool?.subjects ?? found.subjects, measures: ReportMeasures.all, comparisons: found.comparisons), folder = ReportFolder(report)
        try folder.write(to: output)
        for note in pool?.notes ?? [] { Terminal.write("note: \(note)\n") }
        if !folder.lettersWithoutPDF.isEmpty { Terminal.write("note: PDF's standard fonts lack \(folder.lettersWithoutPDF.map(String.init).joined(separator: " ")); the PDF figures show ? instead\n") }
        for metric in report.metricsWithoutPaper { Terminal.write("note: no reference is kept for \(metric)\n") }
        print("\(output)\(output.hasSuffix("/") ? "" : "/")report.html: \(report.verdictText)")
    }
}

/// What reports are told of metrics.
enum ReportMeasures {
    static let all: [Measure] = MetricCatalog.all.map(\.about).map { about in
        let better: Measure.Better = switch about.better { case .smaller: .smaller; case .larger: .larger; case .asReal: .asReal }
        return Measure(about.name, title: about.title, better: better, summary: about.summary, paper: about.paper, isTested: MetricCatalog.withErrorsOfGenerated.contains(about.name))
    } + elsewhere

    /// What commands other than `evaluate` measure.
    private static let elsewhere: [Measure] = [
        ("lpips", "LPIPS", Measure.Better.smaller), ("dists", "DISTS", .smaller), ("ssim", "SSIM", .larger), ("ms-ssim", "MS-SSIM", .larger), ("psnr", "PSNR", .larger), ("sharpness", "Sharpness difference", .larger),
        ("path-length", "PPL", .smaller), ("tournament-win-rate", "Tournament win rate", .larger), ("skill-rating", "Skill rating", .larger), ("critic-skill-rating", "Critic skill rating", .larger),
        ("duality-gap", "Duality gap", .smaller), ("reconstruction-error", "Reconstruction error", .smaller), ("separability", "Linear separability", .smaller), ("critic", "Independent critic", .smaller), ("nrds", "NRDS", .larger),
        ("cas", "CAS", .larger), ("gan-test-trained", "GAN-test", .larger),
        ("gam", "GAM", .asReal),
    ].map { name, title, better in
        // Its error is of other real images.
        Measure(name, title: title, better: better, summary: "", paper: "", isEvaluated: false, isTested: name != "cas")
    }
}
