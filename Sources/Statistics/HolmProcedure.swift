/// Holm's step-down procedure: several tests at once, so that the chance that any of them rejects wrongly is at most the level, however the tests depend on each other.
///
/// Metrics of one case see the same images and a drift sees tonight's number again, so nothing that needs independent tests would do.
/// Source: Holm 1979, *A simple sequentially rejective multiple test procedure*.
public enum HolmProcedure {
    /// p-values that may be compared with the level of the whole family: the i-th smallest of m becomes the largest of (m − j + 1)·p over j ≤ i, at most 1.
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        var result = pValues, largest = 0.0
        for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
            largest = max(largest, Double(pValues.count - rank) * pValues[index])
            result[index] = min(1, largest)
        }
        return result
    }
}
