/// How many pairs of a set's images are no farther apart than a threshold.
struct ClosePairs {
    /// Pairs at most that far apart.
    private(set) var count = 0
    /// Pairs with equal features.
    private(set) var identical = 0

    /// Counts, with the memory of a few blocks of distances.
    /// - Throws: what reading throws.
    init(in set: FeatureRows, squaredThreshold: Double) throws(EvaluationError) {
        var (close, same) = (0, 0)
        // Nothing is near a column for its own sake.
        let never = [Double](repeating: -1, count: set.count)
        try DistanceBlock.forEach(set, set, sameSet: true) { block in
            for row in 0..<block.rows.count {
                // A block on the diagonal holds each pair twice.
                block.forEachNear(row: row, count: block.rows == block.columns ? row : block.columns.count, rowLimit: [squaredThreshold], columnLimits: never) { column in
                    let distance = block.exact(row, column)
                    if distance <= squaredThreshold { close += 1 }
                    if distance == 0 { same += 1 }
                }
            }
        }
        (count, identical) = (close, same)
    }
}
