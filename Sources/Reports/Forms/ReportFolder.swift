import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

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

    /// Files of the kinds that a report writes, where there is a report.
    private static func leftovers(in path: String) -> [String] {
        guard FileManager.default.fileExists(atPath: path + "/report.json") else { return [] }
        let names = Set((try? FileManager.default.contentsOfDirectory(atPath: path + "/figures")) ?? [])
        let pairs = names.filter { $0.hasSuffix(".svg") }.map { $0.dropLast(4) }.filter { names.contains($0 + ".pdf") }
        return ["curves.csv"] + pairs.sorted().flatMap { ["figures/\($0).svg", "figures/\($0).pdf"] }
    }

    /// Writes all files, each in one step; the page last, so that a page is never newer than what it names. What an earlier report has left there and this one does not have is removed: figures that are there as SVG and as PDF,
    /// and curves.
    /// - Throws: `ArchiveError` for a folder or a file that cannot be written.
    public func write(to path: String) throws(ArchiveError) {
        try Folder.make(path)
        if files.contains(where: { $0.name.hasPrefix("figures/") }) { try Folder.make(path + "/figures") }
        for name in Self.leftovers(in: path) where !files.contains(where: { $0.name == name }) { unlink("\(path)/\(name)") }
        for file in files.reversed() { try AtomicFile.write(file.bytes, to: "\(path)/\(file.name)") }
    }
}
