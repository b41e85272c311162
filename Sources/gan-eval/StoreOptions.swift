import ArgumentParser
import Evaluation
import Tracking
import Training
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where runs are recorded.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The run store; without it GAN_EVAL_STORE, or runs/runs.sqlite of this folder or one above.", valueName: "file"))
    var store: String?

    /// The store, which must be there.
    func open(creating: Bool = false) throws -> RunStore { try RunStore(store ?? Paths.projectStore(), creating: creating) }

    /// The store where there is one: that there is none is a mistake only of who names one.
    func openKnown() throws -> RunStore? { store != nil || FileManager.default.fileExists(atPath: Paths.projectStore()) ? try open() : nil }

    /// Notes that a run has made a file, by which evaluations of it will find the run; where there is no store, or the store does not know the run, nothing is noted.
    func recordFile(_ path: String, madeBy folder: String) {
        guard store != nil || FileManager.default.fileExists(atPath: Paths.projectStore()) else { return }
        do {
            let store = try open()
            guard let run = try store.owner(of: folder) else { return }
            try store.addArtifact("drawn samples", Paths.absolute(path), to: run)
        } catch { Terminal.write("note: not recorded: \(error)\n") }
    }
}

/// Whether and how what a command does is recorded.
struct RecordingOptions: ParsableArguments {
    @OptionGroup var place: StoreOptions
    @Flag(help: "Record nothing.") var noStore = false
    @Option(name: .customLong("tag"), help: ArgumentHelp("A word by which the run is found; may be repeated.", valueName: "word")) var tags: [String] = []

    func validate() throws {
        if noStore && (place.store != nil || !tags.isEmpty) { throw ValidationError("--no-store excludes --store and --tag") }
    }

    /// A store; nil where none is wanted, or where the usual one cannot be used, which is said. One that was named must work.
    private func opened(_ say: (String) -> Void) throws -> RunStore? {
        guard !noStore else { return nil }
        do { return try place.open(creating: true) } catch {
            if place.store != nil { throw error }
            say("note: not recorded: \(error)")
            return nil
        }
    }

    /// What tells the store about a training.
    func tracker(_ say: @escaping (String) -> Void) throws -> RunTracker? {
        guard !noStore else { return nil }
        let named = place.store == nil ? nil : try place.open(creating: true)
        let tracker = RunTracker(command: CommandText.own, version: Version.current) { [place] in try named ?? place.open(creating: true) }
        tracker.note = say
        return tracker
    }

    /// Records an evaluation: with the run that its subject is a file of, else as a run of its own.
    func record(_ kind: String, of subject: String, _ report: String, run named: String?) throws {
        let say = { Terminal.write($0 + "\n") }
        guard let store = try opened(say) else { return }
        do {
            let now = Date().timeIntervalSince1970
            let evaluation = RecordedEvaluation(kind: kind, created: now, command: CommandText.own, report: report, results: ReportText.results(report))
            if let run = try named.map({ name throws(TrackingError) in try store.run(name) }) ?? store.owner(of: subject) {
                try store.add(evaluation, to: run)
                if !tags.isEmpty { try store.tag(run, adding: tags) }
            } else {
                var run = RecordedRun(name: subject, kind: .evaluation, command: CommandText.own, version: Version.current)
                (run.identity, run.tags) = (ReportText.identity(report), tags)
                run = try store.begin(run)
                try store.add(evaluation, to: run)
                try store.update(run, status: .finished)
            }
        } catch {
            if place.store != nil || named != nil { throw error }
            say("note: not recorded: \(error)")
        }
    }
}

/// The command that was given, as a shell would take it again.
enum CommandText {
    static var own: String {
        let words = ["gan-eval"] + CommandLine.arguments.dropFirst()
        return words.map { word in
            let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,=:+@%".contains($0) }
            return isPlain ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
