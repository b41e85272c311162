/// A paper in which a metric was proposed.
struct Citation: Hashable, Sendable {
    /// What it was published as; the fields of BibTeX that go with it.
    enum Form: Hashable, Sendable {
        case conference(String), journal(String, volume: String, number: String?, pages: String?), preprint, software(doi: String)
    }

    /// The key of BibTeX: first author and year.
    let key: String
    /// As printed, `Given Family`, in order.
    let authors: [String]
    /// As printed.
    let title: String
    let year: Int
    let form: Form
    /// Number of the preprint; nil without one.
    let arXiv: String?

    init(_ key: String, _ authors: String, _ title: String, _ year: Int, _ form: Form, arXiv: String? = nil) {
        (self.key, self.title, self.year, self.form, self.arXiv) = (key, title, year, form, arXiv)
        self.authors = authors.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }

    /// For people: authors, title, where, year, arXiv.
    var text: String {
        let who = authors.count > 3 ? (authors.first ?? "") + " et al." : authors.joined(separator: ", ")
        let place: String? = switch form {
        case let .conference(name): name
        case let .journal(name, volume, number, pages): name + " " + volume + (number.map { "(\($0))" } ?? "") + (pages.map { ":" + $0 } ?? "")
        case .preprint: nil
        case let .software(doi): "doi:" + doi
        }
        return ([who, title] + [place, "\(year)", arXiv.map { "arXiv:" + $0 }].compactMap { $0 }).joined(separator: ". ").replacingTrail
    }

    /// An entry of BibTeX in plain ASCII. Capitals of titles are kept.
    var bibtex: String {
        var fields = [("author", authors.map(TeX.accented).joined(separator: " and ")), ("title", "{" + TeX.accented(title) + "}")]
        let kind: String
        switch form {
        case let .conference(name):
            kind = "inproceedings"
            fields.append(("booktitle", TeX.accented(name)))
        case let .journal(name, volume, number, pages):
            kind = "article"
            fields += [("journal", TeX.accented(name)), ("volume", volume)] + (number.map { [("number", $0)] } ?? []) + (pages.map { [("pages", TeX.accented($0))] } ?? [])
        case .preprint: kind = "misc"
        case let .software(doi):
            kind = "misc"
            fields += [("publisher", "Zenodo"), ("doi", doi)]
        }
        fields.append(("year", "\(year)"))
        if let arXiv { fields += [("eprint", arXiv), ("archiveprefix", "arXiv")] }
        return "@\(kind){\(key),\n" + fields.map { "  \($0.0) = {\($0.1)}" }.joined(separator: ",\n") + "\n}\n"
    }
}

extension String {
    /// With one full stop at the end.
    fileprivate var replacingTrail: String { hasSuffix(".") || hasSuffix("?") ? self : self + "." }
}

extension Report {
    /// A paper with the measures of this report that it proposed.
    struct Reference: Hashable { let citation: Citation; var metrics: [String]; var reference: String { citation.text } }

    /// Papers of the metrics used, in the order of the tables, and the metrics whose papers are not kept.
    var bibliography: (entries: [Reference], unknown: [Measure]) {
        var titles: [(metric: String, title: String)] = []
        func use(_ metric: String, _ title: String) { if !titles.contains(where: { $0.metric == metric }) { titles.append((metric, title)) } }
        for column in groups.flatMap(\.columns) { use(column.metric, measures[column.metric]?.title ?? column.metric) }
        for run in runs { for curve in run.run.curves where curve.kind == "measurement" && measures[curve.name] != nil { use(curve.name, measures[curve.name]?.title ?? "") } }
        for item in comparisons.flatMap(\.comparisons) { use(item.metric, measures[item.metric]?.title ?? item.metric) }
        let singles = subjects.flatMap(\.singles)
        if singles.contains(where: { !$0.copies.isEmpty }) {
            use("authpct", "AuthPct")
            use("ct", "C_T")
        }
        if singles.contains(where: { !$0.explanations.isEmpty }) { use("fid", "FID") }
        if groups.contains(where: { $0.columns.contains { !$0.ranking.isEmpty } }) { use("holm", "correction of tests") }
        if groups.contains(where: { $0.cells.contains { $0.againstBest?.method == .welch } }) { use("welch", "tests over trainings") }
        var entries: [Reference] = [], unknown: [Measure] = []
        for (metric, title) in titles {
            let citations = Bibliography.citations(of: metric)
            if citations.isEmpty { unknown.append(measures[metric] ?? Measure(metric, title: title, better: .asReal, summary: "", paper: "")) }
            for citation in citations {
                if let place = entries.firstIndex(where: { $0.citation == citation }) { entries[place].metrics.append(title) } else { entries.append(Reference(citation: citation, metrics: [title])) }
            }
        }
        return (entries, unknown)
    }

    /// The entries of the metrics used, as one BibTeX file.
    public var bibtex: String { bibliography.entries.map(\.citation.bibtex).joined(separator: "\n") }

    /// Metrics used whose papers are not kept.
    public var metricsWithoutPaper: [String] { bibliography.unknown.map(\.name) }
}
