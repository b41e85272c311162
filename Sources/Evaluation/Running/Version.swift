/// The version of this package, which every identity carries.
public enum Version {
    /// Semantic version.
    public static let current = "0.1.0"
}
