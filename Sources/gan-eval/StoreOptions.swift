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

    /// Notes that a run, or something that a run has made, has become a file, by which evaluations of that will find the run; where there is no store, or the store does not know the run, nothing is noted.
    func recordFile(_ kind: DerivedFile, _ path: String, madeFrom maker: String) {
        guard store != nil || FileManager.default.fileExists(atPath: Paths.projectStore()) else { return }
        do {
            let store = try open()
            guard let run = try store.owner(of: maker) else { return }
            try store.addArtifact(kind.rawValue, Paths.absolute(path), to: run)
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

    /// What tells the store about a training.
    func recorder(of name: String = "", _ say: @escaping (String) -> Void) throws -> RunRecorder? {
        guard !noStore else { return nil }
        let named = place.store == nil ? nil : try place.open(creating: true)
        let recorder = RunRecorder(RecordedRun(name: name, kind: .training, command: CommandText.own, version: Version.current)) { [place] in try named ?? place.open(creating: true) }
        recorder.note = say
        return recorder
    }

    /// Does something with the store. Where it cannot be used, that is said, and an error only where somebody named it.
    /// - Parameter isAsked: Somebody asked for more than what is recorded anyway.
    func recording(isAsked: Bool = false, _ body: (RunStore) throws -> Void) throws {
        guard !noStore else { return }
        do { try body(place.open(creating: true)) } catch {
            if place.store != nil || isAsked { throw error }
            Terminal.write("note: not recorded: \(error)\n")
        }
    }

    /// Records an evaluation: with the run that its subject is a file of, else as a run of its own.
    func record(_ kind: String, of subject: String, _ report: String, run named: String?) throws {
        try recording(isAsked: named != nil) { store in
            let evaluation = RecordedEvaluation(kind: kind, created: Date().timeIntervalSince1970, command: CommandText.own, report: report, results: ReportText.results(report))
            let known = try named.map { name throws(TrackingError) in try store.run(name) } ?? store.owner(of: subject)
            try store.transaction { writer in
                var run = known ?? RecordedRun(name: subject, kind: .evaluation, command: CommandText.own, version: Version.current)
                if known == nil {
                    (run.identity, run.status) = (ReportText.identity(report), .finished)
                    run = try writer.begin(run)
                }
                try writer.add(evaluation, to: run)
                try writer.tag(run, adding: tags)
            }
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
