import Reports
import TestSupport
import Testing

/// Runs in characters.
@Suite struct DashboardTests {
    /// A line that rises: every column has a dot, the first at the bottom, the last at the top.
    @Test func chartsAreDots() {
        let lines = TextChart([[0, 0], [1, 1]], width: 4, height: 2).lines
        #expect(lines == ["⠀⠀⡠⠊", "⡠⠊⠀⠀"], "\(lines)")
        #expect(TextChart([[0, 5], [3, .nan], [6, 5]], width: 2, height: 1).lines == ["⠤⠤"])
        // A log that goes back, and numbers that have no difference.
        #expect(TextChart([[0, 0], [-5, 3], [1, 1e308], [1, 1]], width: 4, height: 2).lines == lines)
        #expect(TextChart([[0, .nan]], width: 2, height: 1).lines.isEmpty && TextChart([[1, 1]], width: 1, height: 1).lines == ["⠄"])
    }

    private func run(_ name: String = "wide") throws -> RunRecord { try RunRecord(folder: Fixtures.path("report/runs/\(name)")) }

    @Test func dashboardsSayHowFarARunIs() throws {
        var dashboard = RunDashboard(try run(), rate: 4, silence: 3)
        #expect(dashboard.step == 2000 && dashboard.isFinished && dashboard.lines(width: 80)[1] == String(repeating: "█", count: 24) + "  2000 of 2000 steps (100 %), done")
        for index in dashboard.run.curves.indices { dashboard.run.curves[index].points.removeAll { $0.x > 1200 } }
        #expect(dashboard.lines(width: 80)[1] == String(repeating: "█", count: 14) + String(repeating: "░", count: 10) + "  1200 of 2000 steps (60 %), 4 steps/s, 3 min 20 s left")
        dashboard.silence = 90
        #expect(dashboard.lines(width: 200)[1].hasSuffix("; nothing written for 1 min 30 s, and no run store knows whether it goes on"))
        dashboard.state = .running
        #expect(dashboard.lines(width: 200)[1].hasSuffix("; nothing written for 1 min 30 s"))
        let lines = dashboard.lines(width: 120)
        #expect(lines.contains { $0.hasPrefix("fid: ") && $0.contains("at step 1200") && $0.contains("critic loss: ") } && lines.last?.hasSuffix("/samples/step-00002000.png") == true, "\(lines.joined(separator: "\n"))")
    }

    /// A run that has ended has no time left and, short of its end, no bar; it says why, and how it goes on.
    @Test func dashboardsSayHowARunEnded() throws {
        var dashboard = RunDashboard(try run(), state: .running, rate: 4, silence: 90)
        let place = dashboard.run.source.place
        #expect(!dashboard.isOver && dashboard.lines(width: 80)[1].hasSuffix("2000 of 2000 steps (100 %), finishing"))
        dashboard.state = .ended(.finished)
        #expect(dashboard.isOver && dashboard.lines(width: 80)[1].hasSuffix("░  2000 of 2000 steps (100 %), finished") == false && dashboard.lines(width: 80)[1].hasSuffix("█  2000 of 2000 steps (100 %), finished"))
        for index in dashboard.run.curves.indices { dashboard.run.curves[index].points.removeAll { $0.x > 1200 } }
        let reason = "stopped at step 1200: \u{1B}[31mthe critic's loss is no number any more, and this explanation is longer than a window is wide"
        for (end, words, next) in [(RunEnd.interrupted, "interrupted", "go on with: gan-eval train --resume \(place)"), (.killed, "killed", "go on with: gan-eval train --resume \(place)"), (.failed(reason), "failed", "stopped at step 1200:"), (.failed(nil), "failed", "")] {
            dashboard.state = .ended(end)
            let lines = dashboard.lines(width: 400)
            #expect(dashboard.isOver && lines[1] == "1200 of 2000 steps (60 %), \(words)" && lines[2].hasPrefix(next) && (lines[2].isEmpty == next.isEmpty), "\(lines)")
            #expect(dashboard.lines(width: 40, height: 12).allSatisfy { $0.count <= 40 } && !lines.joined().contains("\u{1B}"))
        }
        dashboard.state = .ended(.failed(reason))
        #expect(dashboard.lines(width: 60)[2...4].joined(separator: " ").hasSuffix("longer than a window is wide"), "\(dashboard.lines(width: 60)[2...4])")
        // Resumed for more steps than the configuration says.
        (dashboard.state, dashboard.steps) = (.unknown, 1000)
        #expect(dashboard.isOver)
        dashboard.steps = 2400
        #expect(!dashboard.isOver && dashboard.lines(width: 200)[1].contains("1200 of 2400 steps (50 %)"))
    }

    /// Nothing is wider or longer than the window, and nothing steers it.
    @Test(arguments: [(80, 24), (40, 10), (120, 30), (20, 3), (200, 60)]) func dashboardsFitTheWindow(_ width: Int, _ height: Int) throws {
        var run = try run("plain")
        run.configuration.append(.init("data", "x"))
        run.curves.append(.init(kind: "losses", name: "\u{1B}[31m loss", points: [[1, .nan]]))
        let lines = RunDashboard(run).lines(width: width, height: height)
        #expect(lines.count <= height && lines.allSatisfy { $0.count <= width } && !lines.joined().contains("\u{1B}"))
        #expect(RunDashboard(RunRecord(configuration: [], identity: [], curves: [], grids: [], source: Source("r"))).lines(width: 80) == ["r   on", "step 0", "", "nothing is logged yet"])
    }
}
