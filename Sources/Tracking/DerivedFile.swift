/// What stands for a run outside its folder, so that evaluations of it are evaluations of the run.
public enum DerivedFile: String, Sendable, CaseIterable {
    /// Images that its generator drew.
    case samples = "drawn samples"
    /// Features of such images.
    case features
    /// Mean and covariance of such features.
    case statistics
}
