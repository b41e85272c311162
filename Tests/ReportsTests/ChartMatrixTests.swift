import Foundation
#if canImport(FoundationXML)
import FoundationXML
#endif
import Reports
import Testing

/// The table of small curves.
@Suite struct ChartMatrixTests {
    private let matrix = ChartMatrix(
        "A <title>", columns: [("blur", "σ"), ("noise", "σ of 255")],
        rows: [
            ("fid", [.init([.init(x: 0, y: 1, band: 0.5...1.5), .init(x: 2, y: 4, band: 3...5)]), .init([.init(x: 0, y: 2), .init(x: 1, y: .nan), .init(x: 2, y: 1)], isMarked: true)]),
            ("kid", [.init([]), .init([.init(x: 0, y: .nan)])]),
        ])

    @Test func isWellFormedAndTheSameEachTime() throws {
        let svg = matrix.svg
        #expect(svg == matrix.svg && svg.contains("A &lt;title&gt;"))
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
    }

    /// A curve for each cell with numbers, a frame for each that is not empty, ends written out.
    @Test func drawsWhatItWasGiven() {
        let svg = matrix.svg
        func count(_ text: String) -> Int { svg.components(separatedBy: text).count - 1 }
        // A polygon is the paper, each of three frames, and the band.
        #expect(count("<polyline") == 2 && count("<polygon") == 5 && count("class=\"l-frame l\"") == 2 && count("class=\"l-s1 l\" stroke-width=\"2\"") == 1 && count("no value") == 1)
        #expect(svg.contains("fid, noise: 0 → 2, 2 → 1"))
    }

    /// Six pixels within the cell's sides, fourteen within its ends, which are the band's 0.5 and 5.
    @Test func curvesLieWhereTheirNumbersSay() {
        #expect(matrix.svg.contains("<polyline points=\"156,104.67 262,84.67\""))
    }
}
