/// What running images through a network took.
public struct ExtractionTiming: Sendable, Equatable {
    /// Wall time from the first image to the last.
    public internal(set) var seconds = 0.0
    /// How much of it the network stood waiting for images to be read, decoded and resized; the rest of that work was hidden behind it.
    public internal(set) var exposedDecodingSeconds = 0.0

    /// Nothing was run.
    public static let zero = ExtractionTiming()

    /// Adds the times of another set.
    public static func + (a: ExtractionTiming, b: ExtractionTiming) -> ExtractionTiming {
        var sum = a
        sum.seconds += b.seconds
        sum.exposedDecodingSeconds += b.exposedDecodingSeconds
        return sum
    }

    /// Adds the wall time of `body` to one of the numbers.
    mutating func measure<Result>(_ part: WritableKeyPath<ExtractionTiming, Double>, _ body: (inout ExtractionTiming) throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { self[keyPath: part] += (ContinuousClock.now - start) / .seconds(1) }
        return try body(&self)
    }
}
