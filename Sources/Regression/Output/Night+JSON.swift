import Evaluation

extension Night {
    /// Everything, as `Documentation/Regression.md` says, with 17 significant digits.
    public var json: String {
        let cases = items.map { item in
            let metrics = item.lines.map { line in "      " + JSON.object(line.jsonFields) }
            return "    {\"name\": \(JSON.text(item.name)), \"generated\": \(JSON.text(item.generated)), \"metrics\": [\n\(metrics.joined(separator: ",\n"))\n    ]}"
        }
        let problems = problems.map { problem in
            "    " + JSON.object([
                ("kind", JSON.text(problem.kind.rawValue)), ("case", JSON.text(problem.name)), ("metric", JSON.optional(problem.metric)), ("detail", JSON.text(problem.detail)),
                ("exit_code", "\(problem.kind.exitCode)"),
            ])
        }
        let agreed = baseline.map { JSON.object([("id", JSON.text($0.identifier)), ("set", JSON.text($0.date)), ("label", JSON.optional($0.label)), ("version", JSON.text($0.version))]) }
        return """
            {
              "suite": \(JSON.text(suite)),
              "date": \(JSON.text(date)),
              "label": \(JSON.optional(label)),
              "version": \(JSON.text(Version.current)),
              "outcome": \(JSON.text(outcomeName)),
              "exit_code": \(outcome.exitCode),
              "confidence": \(JSON.number(test.confidence)),
              "level": \(JSON.number(test.level)),
              "baseline": \(agreed ?? "null"),
              "cases": \(JSON.lines(cases)),
              "problems": \(JSON.lines(problems)),
              "notes": \(JSON.list(notes.map(JSON.text)))
            }

            """
    }
}

extension Night.Line {
    fileprivate var jsonFields: [(String, String)] {
        var fields = RecordForm.fields(measured) + [("verdict", JSON.optional(judgement?.verdict.rawValue))]
        let change = judgement?.change
        fields += [
            ("baseline", RecordForm.optional(change?.baseline.value)), ("baseline_standard_error", RecordForm.optional(change?.baseline.standardError)),
            ("difference", RecordForm.optional(change?.difference)), ("worsening", RecordForm.optional(change?.worsening)),
            ("difference_standard_error", RecordForm.optional(change?.standardError)), ("tolerance", RecordForm.optional(change?.tolerance)),
            ("baseline_nights", RecordForm.count(change?.baselineNights)), ("error_of", JSON.optional(change.flatMap { $0.standardError == nil ? nil : $0.isOfTrainings ? "trainings" : "samples" })),
            ("p_value", RecordForm.optional(judgement?.changeP)), ("reliably_found", RecordForm.optional(reliablyFound)),
        ]
        let slide = judgement?.slide.map { slide in
            JSON.object([
                ("nights", "\(slide.nights)"), ("slope", JSON.number(slide.slope)), ("standard_error", JSON.number(slide.standardError)), ("worsening", JSON.number(slide.worsening)),
                ("p_value", RecordForm.optional(judgement?.slideP)),
            ])
        }
        return fields + [("slide", slide ?? "null")]
    }
}
