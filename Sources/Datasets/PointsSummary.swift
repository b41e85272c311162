/// What a set of points holds, for people.
public struct PointsSummary: Sendable, CustomStringConvertible {
    /// The number of points.
    public let count: Int
    /// The extents of a point.
    public let shape: [Int]
    /// Of each of a point's numbers.
    public let means: [Double]
    /// Of each of a point's numbers: of the values themselves, divided by their number.
    public let deviations: [Double]
    /// How many points each class has; nil without labels.
    public let classes: [(name: String, count: Int)]?

    /// Looks at every point.
    public init(_ samples: ArraySamples) {
        let size = samples.sampleSize, count = samples.values.count / size
        (self.count, shape) = (count, samples.shape)
        let means = (0..<size).map { axis in
            stride(from: axis, to: samples.values.count, by: size).reduce(0.0) { $0 + Double(samples.values[$1]) } / Double(count)
        }
        deviations = (0..<size).map { axis in
            let squares = stride(from: axis, to: samples.values.count, by: size).reduce(0.0) { sum, index in
                let difference = Double(samples.values[index]) - means[axis]
                return sum + difference * difference
            }
            return (squares / Double(count)).squareRoot()
        }
        self.means = means
        classes = samples.classNames.map { names in
            var counts = [Int](repeating: 0, count: names.count)
            for index in 0..<count { if let label = samples.label(index) { counts[label] += 1 } }
            return zip(names, counts).map { ($0, $1) }
        }
    }

    /// Several lines, without an end of line.
    public var description: String {
        func list(_ values: [Double]) -> String {
            values.prefix(8).map { String(($0 * 10000).rounded() / 10000) }.joined(separator: " ") + (values.count > 8 ? " …" : "")
        }
        return (["points    \(count)", "shape     \(shape)", "mean      \(list(means))", "deviation \(list(deviations))"] + classLines(classes)).joined(separator: "\n")
    }
}

/// A heading and a line per class.
func classLines(_ classes: [(name: String, count: Int)]?) -> [String] {
    guard let classes else { return ["classes   none"] }
    let width = classes.map(\.name.count).max() ?? 0
    return ["classes   \(classes.count)"] + classes.map { "  \($0.name)" + String(repeating: " ", count: width - $0.name.count) + "  \($0.count)" }
}
