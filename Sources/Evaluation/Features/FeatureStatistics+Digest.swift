import Archives
import Crypto

extension FeatureStatistics {
    /// SHA-256 of mean and covariance, by which statistics are told apart that do not say of which images they are.
    var digest: String {
        var hash = SHA256()
        mean.withUnsafeBytes { hash.update(bufferPointer: $0) }
        covariance.elements.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().hexadecimal
    }
}
