import ArgumentParser
import Reports
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a training run in the terminal: steps, curves, the last grid of samples, time left.",
        discussion: """
            Reads the run's folder only; the training goes on whether it is watched or not. q or Ctrl-C leaves. Where the output is no terminal, it is printed once.

            Example: gan-eval watch runs/digits
            """)
    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run")) var path: String
    @Option(help: ArgumentHelp("Seconds between looks at the folder.", valueName: "s")) var every = 2.0

    func validate() throws {
        guard (0.1...3600).contains(every) else { throw ValidationError("--every is \(every); expected seconds from 0.1 to 3600") }
    }

    func run() throws {
        guard FileManager.default.fileExists(atPath: path + "/config.yaml") else { throw ReportError.unreadable(file: path, expected: "a run's folder", found: "no config.yaml in it") }
        var pace = Pace()
        guard let screen = TerminalScreen() else {
            return print(try pace.dashboard(path).lines(width: 100).joined(separator: "\n"))
        }
        while true {
            let dashboard = try pace.dashboard(path), size = screen.size
            screen.show(dashboard.lines(width: size.width, height: size.height - 1) + ["q leaves"])
            if screen.isLeft(within: every) { return }
        }
    }
}

/// How fast a run gets on: by what was seen of it in the last minute, and before that by the times of its files.
private struct Pace {
    private var seen: [(time: Date, step: Int)] = []

    /// Looks at the folder.
    mutating func dashboard(_ path: String) throws -> RunDashboard {
        let now = Date(), (begun, written) = (Self.time(path + "/config.yaml"), Self.time(path + "/log.jsonl"))
        var dashboard = RunDashboard(try RunRecord(folder: path), silence: written.map { now.timeIntervalSince($0) })
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
