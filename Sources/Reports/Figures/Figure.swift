/// A drawing that a report shows: the same numbers always make the same bytes.
public protocol Figure: Sendable {
    /// What stands above it.
    var title: String { get }
    /// The drawing at a width in pixels; narrow ones are for phones.
    /// - Parameter titled: Whether its title stands in it, for where nothing else says it.
    func drawing(width: Double, titled: Bool) -> Drawing
}

extension Figure {
    /// The drawing as one SVG file that needs nothing else.
    public var svg: String { drawing(width: 720, titled: true).svg }
    /// The drawing as one page of PDF.
    public var pdf: [UInt8] { drawing(width: 720, titled: true).pdf }
}
