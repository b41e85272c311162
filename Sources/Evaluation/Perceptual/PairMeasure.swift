/// A number for two pictures of one size. What one picture contributes is computed once, however many pairs it stands in.
public protocol PairMeasure: SendableMetatype {
    /// What a picture becomes, once.
    associatedtype Prepared: Sendable
    /// Key on the command line and in machine-readable output.
    var name: String { get }
    /// How tables call it.
    var title: String { get }
    /// Whether more means more alike.
    var isBetterLarger: Bool { get }
    /// The fewest rows and columns that it is defined for.
    var smallestSide: Int { get }
    /// Everything that decides its numbers beside the pictures.
    var identity: [String: String] { get }
    /// What the reader must know whatever the pictures.
    var warnings: [String] { get }

    /// Prepares pictures of any sizes from `smallestSide` on.
    func prepare(_ pictures: [Picture], workers: Int) -> [Prepared]
    /// Compares two prepared pictures of one size; called from several threads at once.
    static func compare(_ a: Prepared, _ b: Prepared) -> Double
    /// Memory that a prepared picture takes.
    static func byteCount(_ prepared: Prepared) -> Int
}

extension PairMeasure {
    /// None.
    public var warnings: [String] { [] }

    /// The numbers of pairs, one for each.
    /// - Precondition: the pictures of a pair have one size.
    public func values(_ pairs: [(Picture, Picture)], workers: Int = 1) -> [Double] {
        let prepared = prepare(pairs.map(\.0) + pairs.map(\.1), workers: workers)
        return concurrentMap(pairs.count, workers: workers) { Self.compare(prepared[$0], prepared[pairs.count + $0]) }
    }
}
