/// A run under way, in characters: how far it is or how it ended, its curves, its last grid.
public struct RunDashboard: Sendable {
    /// The run as its folder has it.
    public var run: RunRecord
    /// Whether it goes on.
    public var state: RunState
    /// Steps per second; nil while nobody knows.
    public var rate: Double?
    /// Seconds since the log was last written; nil without a log.
    public var silence: Double?

    /// A run, and what the clock says.
    public init(_ run: RunRecord, state: RunState = .unknown, rate: Double? = nil, silence: Double? = nil) {
        (self.run, self.state, self.rate, self.silence) = (run, state, rate, silence)
        steps = run.setting("steps").flatMap { Int($0) }
    }

    /// Steps done, as far as the log says.
    public var step: Int { Int(run.curves.compactMap { $0.points.last?.x }.max() ?? 0) }
    /// Steps in all; nil where the configuration does not say.
    public var steps: Int?
    /// Whether all steps are done.
    public var isFinished: Bool { steps.map { step >= $0 } ?? false }
    /// Whether nothing is to be expected any more: the run has ended, or nobody knows and all steps are done.
    public var isOver: Bool {
        switch state {
        case .ended: true
        case .running: false
        case .unknown: isFinished
        }
    }

    /// The lines that fit into so many characters and lines; `nil` lines is as many as there are.
    public func lines(width: Int, height: Int? = nil) -> [String] {
        var lines = ["\(Self.plain(run.source.place))  \(Self.plain(run.setting("game") ?? "")) on \(Self.plain(run.setting("data") ?? ""))", progress(width)] + ending(width) + [""]
        let end = run.grids.last.map { ["last samples: \(Self.plain(run.source.place))/samples/\(Self.plain($0.name)).png"] } ?? []
        let shown = curves
        guard !shown.isEmpty else { return Self.cut(lines + ["nothing is logged yet"] + end, width, height) }
        let columns = width >= 100 && shown.count > 1 ? 2 : 1, rows = (shown.count + columns - 1) / columns
        // A title and a blank line beside each chart; charts of three to eight lines.
        let free = height.map { ($0 - lines.count - end.count) / rows - 2 } ?? 6
        let chart = min(max(free, 3), 8), cell = (width - (columns - 1) * 3) / columns
        for start in stride(from: 0, to: shown.count, by: columns) {
            let blocks = shown[start..<min(start + columns, shown.count)].map { block($0, cell, chart) }
            for line in 0..<chart + 1 {
                lines.append(blocks.map { Self.padded($0[line], cell) }.joined(separator: "   "))
            }
            lines.append("")
        }
        return Self.cut(lines + end, width, height, keeping: end.count)
    }

    /// Measurements first, then losses, then what else is logged but rates and signs.
    private var curves: [RunRecord.Curve] {
        let measured = run.curves.filter { $0.kind == "measurement" && !$0.name.hasSuffix(" lower") && !$0.name.hasSuffix(" upper") }
        return measured + run.curves.filter { $0.kind == "losses" && $0.name.hasSuffix("loss") } + run.curves.filter { $0.kind == "losses" && $0.name.hasSuffix("gradient") }
    }

    private func progress(_ width: Int) -> String {
        guard let steps, steps > 0 else { return "step \(step)" + ended }
        var words = "\(step) of \(steps) steps (\(min(100, step * 100 / steps)) %)"
        // A bar that stopped half way would look like one that moves.
        if case let .ended(end) = state, end != .finished { return words + ended }
        if isFinished || isOver {
            words += state == .unknown ? ", done" : state == .running ? ", finishing" : ended
        } else {
            if let rate, rate > 0 { words += ", \(Numeral.significant(rate, 3)) steps/s, \(Self.time(Double(steps - step) / rate)) left" }
            if let silence, silence > 60 { words += "; nothing written for \(Self.time(silence))" + (state == .unknown ? ", and no run store knows whether it goes on" : "") }
        }
        let bar = min(24, width - words.count - 2), filled = max(0, min(bar, step * max(bar, 0) / steps))
        return bar < 6 ? words : String(repeating: "█", count: filled) + String(repeating: "░", count: bar - filled) + "  " + words
    }

    private var ended: String { if case let .ended(end) = state { ", \(end.words)" } else { "" } }

    /// Why it ended, and how it goes on.
    private func ending(_ width: Int) -> [String] {
        guard case let .ended(end) = state else { return [] }
        if case let .failed(reason?) = end { return Self.wrapped(Self.plain(reason), width) }
        return end.canGoOn ? ["go on with: gan-eval train --resume \(Report.quoted(Self.plain(run.source.place)))"] : []
    }

    /// A title and a chart with its largest and smallest number at the left.
    private func block(_ curve: RunRecord.Curve, _ width: Int, _ height: Int) -> [String] {
        let finite = curve.points.filter(\.y.isFinite), name = Self.plain(curve.name)
        guard let last = finite.last, let low = finite.map(\.y).min(), let high = finite.map(\.y).max() else { return [name + ": no number"] + Array(repeating: "", count: height) }
        var title = "\(name): \(Numeral.short(last.y))"
        if let band = [" lower", " upper"].map({ run.curve(curve.kind, curve.name + $0)?.points.last }) as? [SIMD2<Double>], band.allSatisfy({ $0.x == last.x }) {
            title += " [\(Numeral.short(band[0].y)), \(Numeral.short(band[1].y))] at step \(Int(last.x))"
        }
        let labels = [Numeral.short(high), Numeral.short(low)], room = labels.map(\.count).max() ?? 0
        let lines = TextChart(curve.points, width: max(4, width - room - 1), height: height).lines
        return [title] + lines.enumerated().map { index, line in
            let label = index == 0 ? labels[0] : index == lines.count - 1 && high > low ? labels[1] : ""
            return String(repeating: " ", count: room - label.count) + label + " " + line
        }
    }

    /// Words on as many lines as they need.
    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        text.split(separator: " ").reduce(into: [String]()) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= width { lines[lines.count - 1] += " " + word } else { lines.append(String(word)) }
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String { text.count < width ? text + String(repeating: " ", count: width - text.count) : String(text.prefix(width)) }

    /// No line is longer than the window, and the last ones stay where there are too many.
    private static func cut(_ lines: [String], _ width: Int, _ height: Int?, keeping last: Int = 0) -> [String] {
        var shown = lines
        if let height, shown.count > height { shown = Array(shown.prefix(max(0, height - last)) + shown.suffix(min(last, height))) }
        return shown.map { line in
            let text = String(line.prefix(width))
            return text.hasSuffix(" ") ? String(text.reversed().drop { $0 == " " }.reversed()) : text
        }
    }

    /// Names from files must not steer the terminal.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || 0x7F...0x9F ~= $0.value || 0x202A...0x202E ~= $0.value || 0x2066...0x2069 ~= $0.value ? "\u{FFFD}" : $0 }))
    }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9).rounded(.up))
        return whole < 60 ? "\(whole) s" : whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
