import Archives

/// A folder with every form of a report.
public struct ReportFolder {
    /// Files by their names within the folder, in the order in which they are written.
    public let files: [(name: String, bytes: [UInt8])]
    /// Letters of figures that PDF's standard fonts lack; they became question marks there.
    public let lettersWithoutPDF: [Character]

    /// Every form of a report.
    public init(_ report: Report) {
        let figures = report.figures
        var files: [(String, [UInt8])] = [
            ("report.html", Array(ReportPage(report: report, figures: figures).text.utf8)), ("report.json", Array(report.json.utf8)), ("report.csv", Array(report.csv.utf8)), ("report.tex", Array(report.tex.utf8)),
            ("references.bib", Array(report.bibtex.utf8)),
        ]
        if !report.runs.isEmpty { files.append(("curves.csv", Array(report.curvesCSV.utf8))) }
        var letters: Set<Character> = []
        for figure in figures {
            let drawing = figure.figure.drawing(width: 720, titled: true)
            letters.formUnion(drawing.lettersWithoutPDF)
            files.append(("figures/\(figure.file).svg", Array(drawing.svg.utf8)))
            files.append(("figures/\(figure.file).pdf", drawing.pdf))
        }
        self.files = files
        lettersWithoutPDF = letters.sorted()
    }

    /// Writes all files, each in one step; the page last, so that a page is never newer than what it names.
    /// - Throws: `ArchiveError` for a folder or a file that cannot be written.
    public func write(to path: String) throws(ArchiveError) {
        try Folder.make(path)
        if files.contains(where: { $0.name.hasPrefix("figures/") }) { try Folder.make(path + "/figures") }
        for file in files.reversed() { try AtomicFile.write(file.bytes, to: "\(path)/\(file.name)") }
    }
}
