import Evaluation

extension Night {
    /// For people: a line for each metric under its case, then what could not be compared, then notes.
    public var text: String {
        var lines = [headline]
        let width = self.lines.map { $0.line.measured.title.count }.max() ?? 0
        for item in items {
            lines.append(item.name)
            lines += item.lines.map { "  " + $0.measured.title + String(repeating: " ", count: width - $0.measured.title.count) + "  " + (isUpdate ? $0.number : $0.words) }
        }
        return (lines + problems.map { "problem: " + $0.text } + notes.map { "note: " + $0 }).joined(separator: "\n")
    }

    /// One line for a chat.
    public var summary: String {
        let judged = lines.filter { $0.line.judgement != nil }, bad = judged.filter { $0.line.judgement?.verdict ?? .unchanged > .unchanged }
        let changes = bad.sorted { ($0.line.judgement?.verdict ?? .unchanged) > ($1.line.judgement?.verdict ?? .unchanged) }.prefix(3).map { name, line in "\(name) \(line.measured.title) \(line.short)" }
        var parts = changes + (bad.count > 3 ? ["\(bad.count - 3) more"] : []) + problems.prefix(2).map(\.text) + (problems.count > 2 ? ["\(problems.count - 2) problems more"] : [])
        if !isUpdate, !judged.isEmpty { parts.append("\(judged.count - bad.count) of \(judged.count) unchanged") }
        return headline + (parts.isEmpty ? "" : ": " + parts.joined(separator: "; "))
    }

    private var headline: String {
        // A line break in a name would make two lines of one, and other control characters reach a terminal.
        let name = [suite, label].compactMap(\.self).joined(separator: " ").map { $0.unicodeScalars.contains { $0.value < 32 || 127..<160 ~= $0.value } ? " " : String($0) }.joined()
        return isUpdate ? "\(name): baseline set from \(lines.count) metrics of \(items.count) cases" : "\(name): \(outcome == .judged(.unchanged) ? "no regression" : outcome.name.uppercased())"
    }
}

extension Night.Line {
    /// `41.2 → 55.1, worse by 13.9`.
    var short: String {
        guard let change = judgement?.change else { return Number.short(measured.estimate.value) }
        if judgement?.verdict == .drift, let slide = judgement?.slide { return "\(Number.short(change.tonight.value)), worse by \(Number.short(slide.worsening)) over \(slide.nights) nights" }
        let amount = Number.short(abs(change.worsening)), isAimless = measured.better == .asReal && measured.aim == nil
        let words = change.worsening == 0 ? "the same" : isAimless ? "changed by \(amount)" : "\(change.worsening > 0 ? "worse" : "better") by \(amount)"
        return "\(Number.short(change.baseline.value)) → \(Number.short(change.tonight.value)), \(words)"
    }

    /// The verdict with everything that it rests on.
    var words: String {
        guard let judgement else { return number }
        let change = judgement.change
        var parts = ["tolerance \(Number.short(change.tolerance))"]
        if let error = change.standardError { parts.append("standard error of the change \(Number.short(error))" + (change.isOfTrainings ? " by the scatter of nights" : "")) }
        parts.append(judgement.changeP.map(Self.chance) ?? "no standard error: the tolerance decides alone")
        if let slide = judgement.slide, let p = judgement.slideP { parts.append("over \(slide.nights) nights worse by \(Number.signed(slide.worsening)), \(Self.chance(p))") }
        let name = judgement.verdict == .unchanged ? "" : "  " + judgement.verdict.rawValue.uppercased()
        return "\(Number.short(change.baseline.value)) → \(Number.short(change.tonight.value))\(name)  (\(parts.joined(separator: ", ")))"
    }

    /// The number by itself, with what it is good for.
    var number: String {
        let found = reliablyFound.map { ", a change of \(Number.short($0)) will be found" }, error = measured.estimate.standardError
        var text = Number.short(measured.estimate.value) + (error.map { " ± \(Number.short($0))" } ?? "")
        if !measured.nights.isEmpty { text += ", with the nights before \(Number.short(measured.nights.reduce(0, +) / Double(measured.nights.count)))" }
        return text + (found ?? (error == nil ? ", without a standard error: the tolerance decides alone" : ""))
    }

    /// `p = 0.03`, or that it is tiny.
    static func chance(_ p: Double) -> String { p < 1e-6 ? "p < 1e-6" : "p = \(Number.short(p))" }
}
