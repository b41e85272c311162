/// The classes of a set's images.
public struct ImageLabels: Sendable, Equatable {
    /// One per image, a position in `classNames`.
    public let labels: [Int]
    /// The classes' names.
    public let classNames: [String]

    /// Labels already at hand.
    /// - Throws: `badShape` where a label is no position in `classNames`.
    public init(_ labels: [Int], classNames: [String]) throws(EvaluationError) {
        if let odd = labels.first(where: { !classNames.indices.contains($0) }) {
            throw .badShape(what: "labels", expected: "classes from 0 to \(classNames.count - 1), one for each name", found: "\(odd)")
        }
        (self.labels, self.classNames) = (labels, classNames)
    }
}
