/// Everything about a normalisation but its numbers.
///
/// - Shape: input `[outer, rows, channels]`; statistics `[outer, channels]`, each over the rows; scale and shift `[channels]`.
///   Batch norm has one outer element; instance norm has one for each image.
public struct NormalisationGeometry: Hashable, Sendable {
    /// Parts that are normalised separately.
    public var outer: Int
    /// Elements over which a statistic is taken.
    public var rows: Int
    /// Statistics of each part.
    public var channels: Int
    /// Added to the variance.
    public var eps: Double
    /// What a rectifier behind the normalisation multiplies negative numbers by; 1 without one.
    public var slope: Double
}
