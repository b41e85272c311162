/// How far each image's nearest others of its own set are: the radii of the balls that precision, recall, density and coverage take for the set's manifold.
struct NearestNeighbours: Sendable {
    /// How many neighbours of each image are known.
    let count: Int
    /// - Shape: `[images, count]`, squared, in ascending order.
    private let squaredDistances: [Double]

    /// Finds them, with the memory of a few blocks of distances.
    /// - Throws: what reading the rows throws.
    init(in set: FeatureRows, count: Int) throws(EvaluationError) {
        precondition(0 < count && count < set.count, "\(count) neighbours among \(set.count) images")
        var lists = [Double](repeating: .infinity, count: set.count * count)
        try DistanceBlock.forEach(set, set, sameSet: true) { block in
            lists.withUnsafeMutableBufferPointer { lists in
                func take(_ distance: Double, _ image: Int) {
                    var place = image * count + count - 1
                    guard distance < lists[place] else { return }
                    while place > image * count, lists[place - 1] > distance {
                        lists[place] = lists[place - 1]
                        place -= 1
                    }
                    lists[place] = distance
                }
                for row in 0..<block.rows.count {
                    let i = block.rows.lowerBound + row
                    // A block on the diagonal holds each pair twice.
                    let width = block.rows == block.columns ? row : block.columns.count
                    for column in 0..<width {
                        let j = block.columns.lowerBound + column, lower = block.bounds(row, column).lower
                        if lower >= lists[(i + 1) * count - 1], lower >= lists[(j + 1) * count - 1] { continue }
                        let distance = block.exact(row, column)
                        take(distance, i)
                        take(distance, j)
                    }
                }
            }
        }
        (self.count, squaredDistances) = (count, lists)
    }

    /// The squared distance of each image to its k-th nearest other.
    func squaredRadii(_ k: Int) -> [Double] { stride(from: k - 1, to: squaredDistances.count, by: count).map { squaredDistances[$0] } }
}

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
