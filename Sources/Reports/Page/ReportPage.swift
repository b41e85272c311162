import Crypto
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A report as one HTML file that needs nothing else.
struct ReportPage {
    let report: Report, figures: [ReportFigure]

    /// A part of the page; parts without content are left out.
    struct Part {
        let id: String, title: String, content: [Markup]
    }

    /// The whole file.
    var text: String {
        let parts = self.parts.filter { !$0.content.isEmpty }
        let policy = "default-src 'none'; img-src data:; style-src 'sha256-\(Self.digest(PageStyle.sheet))'; script-src 'sha256-\(Self.digest(PageStyle.script))'; base-uri 'none'; form-action 'none'"
        let head = Markup("head", [:], [
            Markup("meta", ["charset": "utf-8"]), Markup("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
            Markup("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]), Markup("meta", ["name": "generator", "content": "gan-eval"]),
            Markup("title").saying(report.title), .raw("style", PageStyle.sheet),
        ])
        let contents = Markup("nav", ["aria-label": "Contents"], [Markup("ul", [:], parts.map { Markup("li", [:], [Markup("a", ["href": "#" + $0.id], $0.title)]) })])
        let sections = parts.map { part in
            Markup("section", ["id": part.id, "aria-labelledby": part.id + "-title"], [Markup("h2", ["id": part.id + "-title"], part.title)] + part.content)
        }
        let body = Markup("body", [:], [
            Markup("a", ["class": "skip", "href": "#content"], "Skip to the report"),
            Markup("header", [:], [Markup("h1", ["dir": "auto"], report.title), Markup("p", ["class": "by"], byline), contents]),
            Markup("main", ["id": "content"], sections),
            Markup("footer", [:], [Markup("p", [:], "Made by gan-eval from stored results only. The same numbers are in report.csv, report.json and report.tex, the figures in figures/ as SVG and PDF.")]),
            .raw("script", PageStyle.script),
        ])
        return "<!DOCTYPE html>\n" + Markup("html", ["lang": "en"], [head, body]).text + "\n"
    }

    private static func digest(_ text: String) -> String { Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString() }

    /// How much is compared.
    private var byline: String {
        func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
        let numbers = report.groups.flatMap(\.columns).reduce(0) { $0 + $1.cells.count { $0 != nil } }
        return [report.subjects.isEmpty ? nil : count(report.subjects.count, "subject", "subjects"), report.comparisons.isEmpty ? nil : count(report.comparisons.count, "comparison of two sets", "comparisons of two sets"), report.runs.isEmpty ? nil : count(report.runs.count, "training run", "training runs"), numbers == 0 ? nil : count(numbers, "number", "numbers")]
            .compactMap { $0 }.joined(separator: ", ")
    }

    private var parts: [Part] {
        [
            Part(id: "verdict", title: "Verdict", content: [Markup("p", ["class": "verdict"], Verdict(report).phrases.map { phrase in
                switch phrase {
                case let .plain(words): Markup(words: words)
                case let .strong(words): Markup("strong", ["dir": "auto"], words)
                }
            })]),
            Part(id: "comparison", title: "Comparison", content: comparison),
            Part(id: "pairs", title: "Two sets at a time", content: pairs),
            Part(id: "measures", title: "Measure by measure", content: bars),
            Part(id: "fidelity", title: "Fidelity against diversity", content: tradeOff),
            Part(id: "images", title: "Number of images", content: shown(.sampleSize)),
            Part(id: "training", title: "Training", content: training),
            Part(id: "samples", title: "Samples", content: samples),
            Part(id: "copies", title: "Nearest training images", content: copies),
            Part(id: "influence", title: "Worst and best images", content: influence),
            Part(id: "classes", title: "Classes", content: shown(.classes)),
            Part(id: "spectra", title: "Spectra", content: shown(.spectra)),
            Part(id: "curves", title: "Other curves", content: shown(.others)),
            Part(id: "configuration", title: "Differences between runs", content: differences),
            Part(id: "notes", title: "Notes on the numbers", content: notes),
            Part(id: "identity", title: "Identity and commands", content: provenance),
            Part(id: "references", title: "References", content: references),
        ]
    }

    /// Figures of a section; each once for wide and once for narrow screens, because letters must not shrink with the page.
    func shown(_ section: ReportFigure.Section) -> [Markup] { figures.filter { $0.section == section }.map(Self.figure) }

    /// Bars are as legible small, two beside each other.
    private var bars: [Markup] {
        let bars = figures.filter { $0.section == .measures }
        guard !bars.isEmpty else { return [] }
        return [Markup("p", ["class": "note"], "From the best to the worst; whiskers are the intervals of the tables."), Self.pairs(bars)]
    }

    /// Scatter charts beside each other, then curves.
    private var tradeOff: [Markup] {
        let all = figures.filter { $0.section == .tradeOff }, scatters = all.filter { $0.figure is ScatterChart }
        return (scatters.isEmpty ? [] : [Self.pairs(scatters)]) + all.filter { !($0.figure is ScatterChart) }.map(Self.figure)
    }

    private static func pairs(_ figures: [ReportFigure]) -> Markup {
        Markup("div", ["class": "pairs"], figures.map { Markup("figure", [:], [caption($0), $0.figure.drawing(width: 370, titled: false).markup(classes: "narrow")]) })
    }

    private static func caption(_ figure: ReportFigure) -> Markup {
        var caption = Markup("figcaption", ["dir": "auto"], figure.figure.title)
        if !figure.caption.isEmpty { caption.append(Markup("small", [:], figure.caption)) }
        return caption
    }

    static func figure(_ figure: ReportFigure) -> Markup {
        Markup("figure", [:], [
            caption(figure), figure.figure.drawing(width: 720, titled: false).markup(classes: "wide"), figure.figure.drawing(width: 350, titled: false).markup(classes: "narrow"),
        ])
    }

    /// A picture within the page.
    static func image(_ picture: Picture, alternative: String) -> Markup {
        Markup("img", ["src": "data:image/png;base64," + Data(picture.bytes).base64EncodedString(), "width": "\(picture.width)", "height": "\(picture.height)", "alt": alternative])
    }

    /// The sign by which figures know a subject.
    func sign(_ place: Int) -> Markup {
        var drawing = Drawing("", description: "", width: 14, height: 14)
        drawing.sign(place, at: [7, 7], radius: 4.6)
        return drawing.icon
    }
}

extension Drawing {
    /// The marks alone, as decoration beside words.
    var icon: Markup {
        Markup("svg", ["class": "fig sign", "viewBox": "0 0 \(Markup.number(width)) \(Markup.number(height))", "aria-hidden": "true"], marks.map(Self.markup))
    }
}
