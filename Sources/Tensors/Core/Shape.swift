/// The extents of a tensor's axes; activations are `[N, H, W, C]`, weights `[out, in, kH, kW]` or `[out, in]`.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Extent of each axis, outermost first.
    public let dimensions: [Int]

    /// A shape with these extents, none negative.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
        self.dimensions = dimensions
    }

    /// A shape written as a list.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// Number of axes.
    public var rank: Int { dimensions.count }

    /// Number of elements.
    public var count: Int { dimensions.reduce(1, *) }

    /// Row-major strides in elements.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * dimensions[axis + 1] }
        return strides
    }

    /// Extent of one axis; negative numbers count from the end.
    public subscript(_ axis: Int) -> Int { dimensions[axis < 0 ? rank + axis : axis] }

    /// `[2, 3, 4]`.
    public var description: String { "\(dimensions)" }

    /// The shape that both sides stretch to (NumPy's rule), or nil when they do not match.
    public static func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
        let rank = max(a.rank, b.rank)
        var result = [Int](repeating: 1, count: rank)
        for axis in 1...max(rank, 1) where rank > 0 {
            let x = axis <= a.rank ? a[-axis] : 1, y = axis <= b.rank ? b[-axis] : 1
            guard x == y || x == 1 || y == 1 else { return nil }
            result[rank - axis] = x == 1 ? y : x
        }
        return Shape(result)
    }
}
