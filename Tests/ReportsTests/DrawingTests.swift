import Foundation
import Reports
import TestSupport
import Testing

/// Figures as files.
@Suite struct DrawingTests {
    private let chart = LineChart("Distance (σ) – Übergröße 中", x: "step", y: "loss", [Series("a", [.init(x: 0, y: 1, band: 0.5...1.5), .init(x: 1, y: 3, band: 2...4)]), Series("b)(\\", [.init(x: 0, y: 2), .init(x: 1, y: 1)])])

    /// Every object lies where the table says, its stream is as long as it says, and text cannot leave its string.
    @Test func pdfIsWhatItsTableSays() throws {
        let bytes = chart.pdf, text = String(decoding: bytes, as: UTF8.self), lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(bytes == chart.pdf && bytes.allSatisfy { $0 < 128 } && text.hasPrefix("%PDF-1.4\n") && text.hasSuffix("%%EOF\n"))
        let start = try #require(lines.firstIndex(of: "xref")), count = try #require(Int(lines[start + 1].split(separator: " ")[1]))
        let place = try #require(Int(lines[lines.count - 3]))
        #expect(String(decoding: bytes[place..<place + 4], as: UTF8.self) == "xref" && count == 9)
        for object in 1..<count {
            let entry = lines[start + 2 + object]
            #expect(entry.count == 19 && entry.hasSuffix(" 00000 n "))
            let offset = try #require(Int(entry.prefix(10)))
            #expect(String(decoding: bytes[offset..<offset + 6], as: UTF8.self) == "\(object) 0 ob")
        }
        let length = try #require(text.firstMatch(of: /<< \/Length ([0-9]+) >>\nstream\n/)), from = text.utf8.distance(from: text.startIndex, to: length.range.upperBound)
        #expect(String(decoding: bytes[(from + Int(length.1)!)..<(from + Int(length.1)! + 10)], as: UTF8.self) == "\nendstream")
        // σ is of the font Symbol, 中 of none.
        #expect(text.contains("/F2 14 Tf <73> Tj") && chart.drawing(width: 720, titled: true).lettersWithoutPDF == ["中"])
        #expect(!text.contains("(\\") && !text.contains("Date") && !text.contains("/ID"))
    }

    /// Words say how long they are, in Helvetica's widths: here 11 letters of 556 and a space of 278 thousandths of the size. Letters whose widths are not known, and short words, do not.
    @Test func wordsKeepTheirRoom() throws {
        func label(_ text: String) throws -> (size: Double, length: Double?) {
            let svg = BarChart("T", label: text, [.init("a", 3)]).svg, element = try #require(svg.split(separator: "<text").first { $0.contains(">\(text)<") })
            func number(_ name: String) -> Double? { element.range(of: name + "=\"").flatMap { Double(element[$0.upperBound...].prefix { $0 != "\"" }) } }
            return (try #require(number("font-size")), number("textLength"))
        }
        let known = try label("aaaaaa aaaaa")
        #expect(abs((known.length ?? 0) - 6.394 * known.size) < 0.06, "\(known)")
        #expect(try label("aaaaaa aaaa").length == nil && label("ไทยไทยไทยไทย").length == nil)
    }

    /// Long names are cut at their middle, the whole is in a tooltip, and nothing leaves the drawing.
    @Test func longNamesAreCut() throws {
        let long = String(repeating: "very-long-name-", count: 20)
        let bars = BarChart("T", label: long, [.init(long + "1", 3, interval: 2...4), .init(long + "2", .nan, series: 1), .init("short", -1, interval: -2...0.5, series: 2)])
        for width in [720.0, 370] {
            let drawing = try Drawing(bars.drawing(width: width, titled: true).svg)
            #expect(drawing.titles.contains(long + "1") && drawing.texts.contains { $0.contains("…") && $0.hasSuffix("1") })
            #expect(drawing.texts.contains("no number"))
            let boxes = drawing.boxes.filter { !$0.text.contains("…") }
            for (index, a) in boxes.enumerated() { for b in boxes[..<index] { #expect(!a.box.intersects(b.box), "\(a.text) lies on \(b.text)") } }
            for (text, box) in boxes { #expect(box.minX >= 0 && box.maxX <= width, "\(text) leaves \(width)") }
        }
    }

    /// The same point for the same numbers in both forms.
    @Test func barsBeginAtZero() throws {
        let drawing = try Drawing(BarChart("", label: "", [.init("a", 2), .init("b", -1, series: 1)]).svg)
        let bars = drawing.elements("polygon").filter { $0["class"]?.hasPrefix("f-s") == true }.map { Drawing.points($0["points"]) }
        #expect(bars.count == 2)
        // The first goes right from where the second comes from, and is twice as long.
        #expect(abs(bars[0][0].x - bars[1][1].x) < 0.02 && abs((bars[0][1].x - bars[0][0].x) - 2 * (bars[1][1].x - bars[1][0].x)) < 0.05)
    }

    @Test func scattersHaveASignForEachSubject() throws {
        let dots = (0..<8).map { ScatterChart.Dot("subject \($0)", x: Double($0) / 10, y: 0.9 - Double($0) / 10, xInterval: (Double($0) / 10 - 0.01)...(Double($0) / 10 + 0.01), series: $0) }
        let drawing = try Drawing(ScatterChart("Precision and recall", x: "recall", y: "precision", dots + [.init("no number", x: .nan, y: 1, series: 8)]).svg)
        #expect(drawing.titles.filter { $0.hasPrefix("subject ") }.count == 8 && !drawing.source.contains("nan"))
        #expect(drawing.titles.contains("subject 2: recall 0.2, precision 0.7") && drawing.texts.contains("no number"))
    }
}
