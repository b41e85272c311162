import ArgumentParser
import Datasets
import Reports
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a training run in the terminal: steps, curves, the last grid of samples, time left, how it ended.",
        discussion: """
            Reads the run's folder and what the run store knows of it; the training goes on whether it is watched or not. q or Ctrl-C leaves; when the run has ended, watching ends too, and what was seen last stays on the terminal with a
            word on how it ended. Without a store that knows the run, only the end of its steps tells that. Where the output is no terminal, it is printed once.

            Example: gan-eval watch runs/digits
            """)
    @Argument(help: ArgumentHelp("The run's folder, or its name or key in the run store.", valueName: "run")) var path: String
    @Option(help: ArgumentHelp("Seconds between looks at the folder.", valueName: "s")) var every = 2.0
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard (0.1...3600).contains(every) else { throw ValidationError("--every is \(every); expected seconds from 0.1 to 3600") }
    }

    func run() throws {
        let known = try knownStore(), folder = try folder(known)
        var pace = Pace(folder: folder, store: known), last = try pace.dashboard()
        if !last.isOver, let screen = TerminalScreen() {
            while !last.isOver {
                let size = screen.size
                screen.show(last.lines(width: size.width, height: size.height - 1) + ["q leaves"])
                if screen.isLeft(within: every) { return }
                last = try pace.dashboard()
            }
        }
        print(last.lines(width: TerminalScreen.width ?? 100).joined(separator: "\n"))
    }

    /// The store, where it can be read. A folder can be watched without one; that the usual one cannot be read is said.
    private func knownStore() throws -> RunStore? {
        do { return try store.openKnown() } catch {
            if store.store != nil { throw error }
            Terminal.write("note: only the folder is watched: \(error)\n")
            return nil
        }
    }

    private func folder(_ store: RunStore?) throws -> String {
        if FileManager.default.fileExists(atPath: path + "/config.yaml") { return path }
        let expected = "a run's folder, or the name or key of a run of the run store"
        let isThere = FileManager.default.fileExists(atPath: path)
        guard !isThere, let store else { throw ReportError.unreadable(file: path, expected: expected, found: isThere ? "no config.yaml in it" : "neither, and there is no run store here") }
        guard let run = try recorded(store) else {
            throw ReportError.unreadable(file: path, expected: expected, found: "neither" + (try SubjectFiles.nearestRun(to: path, in: store) { $0.nearest(in: $1) }))
        }
        guard let folder = run.folder, FileManager.default.fileExists(atPath: folder + "/config.yaml") else {
            throw ReportError.unreadable(file: path, expected: expected, found: run.folder.map { "a run whose folder \($0) is gone" } ?? "a run without a folder")
        }
        return folder
    }

    /// The run of that name; nil where there is none.
    private func recorded(_ store: RunStore) throws -> RecordedRun? {
        do throws(TrackingError) { return try store.run(path) } catch {
            guard case .unknownRun = error else { throw error }
            return nil
        }
    }
}

/// How fast a run gets on, by what was seen of it in the last minute, and before that by the times of its files; and whether it goes on, by what the store says.
private struct Pace {
    let folder: String, store: RunStore?
    private var seen: [(time: Date, step: Int)] = []

    init(folder: String, store: RunStore?) { (self.folder, self.store) = (folder, store) }

    /// Looks at the folder and the store.
    mutating func dashboard() throws -> RunDashboard {
        // The store first: what a run logs before it says that it has ended is then in the folder.
        let recorded = try store?.run(in: folder), now = Date(), (begun, written) = (Self.time(folder + "/config.yaml"), Self.time(folder + "/log.jsonl"))
        var dashboard = RunDashboard(try RunRecord(folder: folder), state: RunState(of: recorded, written: written, now: now), silence: written.map { now.timeIntervalSince($0) })
        if let steps = recorded?.steps { dashboard.steps = steps }
        let step = dashboard.step
        if seen.last?.step != step { seen.append((now, step)) }
        while seen.count > 2, now.timeIntervalSince(seen[1].time) > 60 { seen.removeFirst() }
        if let first = seen.first, let last = seen.last, last.step > first.step {
            dashboard.rate = Double(last.step - first.step) / last.time.timeIntervalSince(first.time)
        } else if let begun, let written, written > begun, step > 0 {
            dashboard.rate = Double(step) / written.timeIntervalSince(begun)
        }
        return dashboard
    }

    private static func time(_ path: String) -> Date? { (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date }
}
