/// A drawing that a report shows: the same numbers always make the same bytes.
public protocol Figure: Sendable {
    /// The drawing as one SVG file that needs nothing else.
    var svg: String { get }
}
