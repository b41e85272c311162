/// Numbers of one name over the steps of a run.
public struct MetricSeries: Sendable, Hashable {
    /// What a curve is called and how its numbers were made.
    public struct Name: Sendable, Hashable {
        /// `losses`, `measurement`, …
        public var kind: String
        /// `generator loss`, `fid`, …
        public var name: String
        /// What decides the numbers: two curves that differ in it are never one.
        public var identity: [String: String]

        /// A curve's name.
        public init(kind: String, name: String, identity: [String: String] = [:]) { (self.kind, self.name, self.identity) = (kind, name, identity) }
    }

    /// What it is called.
    public var name: Name
    /// In ascending order of steps.
    public var points: [MetricPoint]

    /// A curve.
    public init(_ name: Name, _ points: [MetricPoint] = []) { (self.name, self.points) = (name, points) }
}
