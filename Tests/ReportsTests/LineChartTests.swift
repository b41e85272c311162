import Foundation
#if canImport(FoundationXML)
import FoundationXML
#endif
import Reports
import Testing

@Suite struct LineChartTests {
    private func points(_ values: [Double]) -> [Series.Point] { values.enumerated().map { Series.Point(x: Double($0.offset), y: $0.element) } }

    @Test func theSameNumbersMakeTheSameBytesAndEveryPointIsInsideTheFrame() throws {
        let chart = LineChart("Losses", x: "step", y: "loss", [Series("critic", points([3, 1, 2])), Series("generator", points([-1, 0, 0.5]))])
        #expect(chart.svg == chart.svg)
        let drawing = try Drawing(chart.svg), lines = drawing.curves
        #expect(lines.count == 2 && lines.allSatisfy { $0.count == 3 })
        for (x, y) in lines.joined() { #expect((0...720).contains(x) && (0...drawing.height).contains(y)) }
        // Larger numbers lie higher, and equal steps are equally wide.
        let critic = lines[0]
        #expect(critic[0].y < critic[2].y && critic[2].y < critic[1].y && abs(critic[1].x * 2 - critic[0].x - critic[2].x) < 0.02)
        #expect(drawing.texts.contains("critic") && drawing.texts.contains("generator") && drawing.texts.contains("Losses"))
        #expect(drawing.titles.contains("critic, step 1: 1") && drawing.description.contains("generator ends at 0.5"))
    }

    @Test func textOfUsersIsNeverMarkup() throws {
        let evil = "<script>alert(\"1\")</script>&'\u{1}"
        let drawing = try Drawing(LineChart(evil, x: evil, y: evil, [Series(evil, points([1, 2])), Series("b", points([1, 2]))]).svg)
        #expect(drawing.elements("script").isEmpty && drawing.texts.filter { $0.contains("<script>alert(\"1\")</script>&'") }.count == 4)
    }

    @Test func missingNumbersInterruptTheLine() throws {
        let drawing = try Drawing(LineChart("", x: "", y: "", [Series("a", points([1, 2, .nan, 3, .infinity, 4]))]).svg)
        #expect(drawing.curves.map(\.count) == [2, 1, 1] && !drawing.source.contains("nan") && !drawing.source.contains("inf"))
        let logarithmic = try Drawing(LineChart("", x: "", y: "", scale: .logarithmic, [Series("a", points([1, -2, 0, 3, 5]))]).svg)
        #expect(logarithmic.curves.map(\.count) == [1, 2])
        #expect(try Drawing(LineChart("empty", x: "", y: "", []).svg).curves.isEmpty)
    }

    @Test(arguments: [1, 2, 7, 30], [720.0, 350]) func writtenNumbersAndNamesDoNotOverlap(_ count: Int, _ width: Double) throws {
        let series = (0..<count).map { index in Series("a rather long name of a curve \(index)", (0...100).map { .init(x: Double($0 * 12_345), y: Double($0 * (index + 1)) * 1e-3) }) }
        let boxes = try Drawing(LineChart("A title", x: "step", y: "number", series).drawing(width: width, titled: true).svg).boxes
        for (index, a) in boxes.enumerated() { for b in boxes[..<index] { #expect(!a.box.intersects(b.box), "\(a.text) lies on \(b.text)") } }
        for (text, box) in boxes { #expect(box.minX >= 0 && box.maxX <= width, "\(text) is cut off") }
    }

    @Test func thinningKeepsMeansAndExtremes() {
        let thin = Series("a", points([1, 3, 5, 9, .nan, 2])).thinned(to: 3)
        #expect(thin.points.map(\.x) == [0.5, 2.5, 4.5] && thin.points[0].y == 2 && thin.points[1].y == 7 && thin.points[2].y.isNaN)
        #expect(thin.points.map(\.band) == [1...3, 5...9, 2...2])
        #expect(Series("a", points([1, 2])).thinned(to: 3).points.map(\.y) == [1, 2])
    }
}

/// An SVG file, parsed by Foundation.
struct Drawing {
    let source: String
    private let root: XMLElement

    init(_ svg: String) throws {
        source = svg
        root = try #require(XMLDocument(xmlString: svg).rootElement())
    }

    private var all: [XMLElement] {
        var found = [root], next = 0
        while next < found.count {
            found += (found[next].children ?? []).compactMap { $0 as? XMLElement }
            next += 1
        }
        return found
    }

    func elements(_ name: String) -> [[String: String]] { all.filter { $0.name == name }.map(Self.attributes) }

    private static func attributes(of element: XMLElement) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (element.attributes ?? []).map { ($0.name ?? "", $0.stringValue ?? "") })
    }

    /// What the file says its height is.
    var height: Double { Double(Self.attributes(of: root)["height"] ?? "") ?? 0 }

    /// The lines of curves: those of a series' colour that are wider than whiskers and no part of a legend, which has 22 pixels of a line.
    var curves: [[(x: Double, y: Double)]] {
        elements("polyline").filter { $0["class"]?.hasPrefix("l-s") == true && $0["stroke-width"] == "1.7" }.map { Self.points($0["points"]) }
    }

    var texts: [String] { all.filter { $0.name == "text" }.map { $0.stringValue ?? "" } }
    var titles: [String] { all.filter { $0.name == "title" }.map { $0.stringValue ?? "" } }
    var description: String { all.first { $0.name == "desc" }?.stringValue ?? "" }

    /// The rectangles of level texts, at 6.2 pixels a character and 10 a line.
    var boxes: [(text: String, box: CGRect)] {
        all.filter { $0.name == "text" }.map { ($0.stringValue ?? "", Self.attributes(of: $0)) }.filter { $0.1["transform"] == nil }.map { text, attributes in
            func number(_ name: String) -> Double { Double(attributes[name] ?? "") ?? .nan }
            let width = 6.2 * Double(text.count), share = (["start": 0, "middle": 0.5, "end": 1] as [String: Double])[attributes["text-anchor"] ?? "start"] ?? 0
            return (text, CGRect(x: number("x") - share * width, y: number("y") - 10, width: width, height: 10))
        }
    }

    static func points(_ text: String?) -> [(x: Double, y: Double)] {
        (text ?? "").split(separator: " ").map { pair in
            let numbers = pair.split(separator: ",").compactMap { Double($0) }
            return (numbers[0], numbers[1])
        }
    }
}
