#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Colours that people with any colour vision tell apart (Okabe and Ito, 2008), on white and, lightened, on black; strokes and signs that tell series apart without colour.
enum Palette {
    /// Of lines and areas on white.
    static let light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b87d00", "#3a9bd9", "#6f6f6f"]
    /// The same on black.
    static let dark = ["#5aaee0", "#f58a42", "#3cc79f", "#e3a3c7", "#f0b93a", "#9ad4f7", "#b5b5b5"]
    /// Strokes tell series of one colour apart once all colours are used.
    static let dashes: [[Double]] = [[], [7, 3], [2, 2.5], [8, 3, 2, 3]]

    /// What the meanings of ``Drawing/Ink`` are on a light page and on a dark one.
    static let plain: [(ink: Drawing.Ink, name: String, light: String, dark: String)] = [
        (.text, "text", "#1d1d1b", "#e8e6e1"), (.muted, "muted", "#62605a", "#a5a29a"), (.grid, "grid", "#e4e1da", "#37363a"), (.frame, "frame", "#8f8c84", "#7d7b76"),
        (.emphasis, "emphasis", "#a33b00", "#ff9a55"), (.paper, "paper", "#fffefb", "#161618"),
    ]

    static func dash(_ series: Int) -> [Double] { dashes[series / light.count % dashes.count] }

    /// The class of an ink in style sheets.
    static func name(_ ink: Drawing.Ink) -> String {
        if case let .series(index) = ink { return "s\(index % light.count)" }
        return plain.first { $0.ink == ink }?.name ?? "text"
    }

    /// Red, green and blue of an ink on white, from 0 to 1.
    static func components(_ ink: Drawing.Ink) -> [Double] {
        let colour: String
        if case let .series(index) = ink { colour = light[index % light.count] } else { colour = plain.first { $0.ink == ink }?.light ?? "#000000" }
        let value = Int(colour.dropFirst(), radix: 16) ?? 0
        return [value >> 16 & 255, value >> 8 & 255, value & 255].map { Double($0) / 255 }
    }

    /// Circle, square, triangle, diamond, triangle on its tip, pentagon, cross: of about equal weight.
    static func sign(_ series: Int, at centre: SIMD2<Double>, radius r: Double) -> Drawing.Shape {
        func polygon(_ corners: Int, turned: Double, _ scale: Double) -> Drawing.Shape {
            .polygon((0..<corners).map { corner in
                let angle = turned + 2 * .pi * Double(corner) / Double(corners)
                return centre + SIMD2(sin(angle), -cos(angle)) * (r * scale)
            })
        }
        // With each round of the colours the signs move on by one.
        switch (series + series / light.count) % 7 {
        case 0: return .circle(centre, radius: r)
        case 1: return polygon(4, turned: .pi / 4, 1.2)
        case 2: return polygon(3, turned: 0, 1.35)
        case 3: return polygon(4, turned: 0, 1.3)
        case 4: return polygon(3, turned: .pi, 1.35)
        case 5: return polygon(5, turned: 0, 1.15)
        default:
            let a = r * 1.15, b = r * 0.4
            let corners: [SIMD2<Double>] = [[-b, -a], [b, -a], [b, -b], [a, -b], [a, b], [b, b], [b, a], [-b, a], [-b, b], [-a, b], [-a, -b], [-b, -b]]
            return .polygon(corners.map { centre + $0 })
        }
    }

    /// Custom properties for both kinds of page, and the classes of strokes and fills: `l-…` and `f-…`.
    static let sheet: String = {
        let inks = plain.map { ($0.name, $0.light, $0.dark) } + light.indices.map { ("s\($0)", light[$0], dark[$0]) }
        let day = inks.map { "--\($0.0):\($0.1)" }.joined(separator: ";"), night = inks.map { "--\($0.0):\($0.2)" }.joined(separator: ";")
        // Programs without custom properties (librsvg, Inkscape) skip the second value and keep the first.
        let classes = inks.map { ".l-\($0.0){stroke:\($0.1);stroke:var(--\($0.0))}.f-\($0.0){fill:\($0.1);fill:var(--\($0.0))}" }.joined()
        return ":root{color-scheme:light dark;\(day)}@media screen and (prefers-color-scheme:dark){:root{\(night)}}"
            + "svg.fig{font-family:Helvetica,Arial,'Liberation Sans',sans-serif}svg.fig .l{fill:none}svg.fig .b{font-weight:700}\(classes)"
    }()
}
