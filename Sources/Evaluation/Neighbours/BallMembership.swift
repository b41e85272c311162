/// Which points lie in which balls.
struct BallMembership: Sendable {
    /// In how many balls each point lies.
    private(set) var balls: [Int]
    /// How many points lie in each ball.
    private(set) var points: [Int]
    /// For each ball, one of the points in it: the only one where there is one.
    private(set) var aPoint: [Int]

    /// Counts, with the memory of a few blocks of distances.
    /// - Parameters:
    ///   - squaredRadii: One for each centre.
    ///   - isClosed: Whether a point on the sphere lies in its ball.
    /// - Throws: what reading the rows throws.
    init(centres: FeatureRows, squaredRadii: [Double], isClosed: Bool, points set: FeatureRows) throws(EvaluationError) {
        var (balls, points, aPoint) = ([Int](repeating: 0, count: set.count), [Int](repeating: 0, count: centres.count), [Int](repeating: 0, count: centres.count))
        try DistanceBlock.forEach(centres, set, sameSet: false) { block in
            for row in 0..<block.rows.count {
                let i = block.rows.lowerBound + row, radius = squaredRadii[i]
                for column in 0..<block.columns.count {
                    let (lower, upper) = block.bounds(row, column)
                    if lower > radius { continue }
                    if !(upper < radius) {
                        let distance = block.exact(row, column)
                        guard distance < radius || (isClosed && distance == radius) else { continue }
                    }
                    let j = block.columns.lowerBound + column
                    balls[j] += 1
                    points[i] += 1
                    aPoint[i] = j
                }
            }
        }
        (self.balls, self.points, self.aPoint) = (balls, points, aPoint)
    }
}
