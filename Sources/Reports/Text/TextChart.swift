/// A curve in characters: each holds two by four dots of Braille.
public struct TextChart: Hashable, Sendable {
    /// Points in ascending order of x; what is not finite, beyond 1e300, or before its predecessor is left out.
    public var points: [SIMD2<Double>]
    /// Extents in characters, without the numbers at the left.
    public var width: Int, height: Int

    /// A curve of points.
    public init(_ points: [SIMD2<Double>], width: Int, height: Int) { (self.points, self.width, self.height) = (points, max(width, 1), max(height, 1)) }

    /// The lines from the top; empty without a finite point.
    public var lines: [String] {
        var finite: [SIMD2<Double>] = []
        for point in points where abs(point.x) <= 1e300 && abs(point.y) <= 1e300 && finite.last.map({ $0.x <= point.x }) ?? true { finite.append(point) }
        guard let first = finite.first, let last = finite.last, let low = finite.map(\.y).min(), let high = finite.map(\.y).max() else { return [] }
        let columns = width * 2, rows = height * 4
        var dots = [[Bool]](repeating: Array(repeating: false, count: columns), count: rows)
        func column(_ x: Double) -> Int { last.x > first.x ? min(columns - 1, Int((x - first.x) / (last.x - first.x) * Double(columns - 1) + 0.5)) : 0 }
        func row(_ y: Double) -> Int { high > low ? min(rows - 1, Int((high - y) / (high - low) * Double(rows - 1) + 0.5)) : rows / 2 }
        dots[row(first.y)][column(first.x)] = true
        for (a, b) in zip(finite, finite.dropFirst()) {
            let (from, to) = ((column(a.x), row(a.y)), (column(b.x), row(b.y))), steps = max(abs(to.0 - from.0), abs(to.1 - from.1), 1)
            for step in 0...steps { dots[from.1 + (to.1 - from.1) * step / steps][from.0 + (to.0 - from.0) * step / steps] = true }
        }
        return (0..<height).map { line in
            String(String.UnicodeScalarView((0..<width).compactMap { character in
                let bits: [UInt32] = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80]
                let code = (0..<8).reduce(UInt32(0x2800)) { dots[line * 4 + $1 % 4][character * 2 + $1 / 4] ? $0 | bits[$1] : $0 }
                return Unicode.Scalar(code)
            }))
        }
    }
}
