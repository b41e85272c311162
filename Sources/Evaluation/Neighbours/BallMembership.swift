/// Which images of one of two sets lie in the balls around those of the other.
struct BallMembership: Sendable {
    /// The balls around one of the sets.
    struct Balls {
        /// Around which set: the rows' or the columns'.
        let isAroundRows: Bool
        /// One for each centre.
        let squaredRadii: [Double]
        /// Whether a point on the sphere lies in its ball.
        let isClosed: Bool
    }

    /// In how many balls each point lies.
    private(set) var balls: [Int]
    /// How many points lie in each ball.
    private(set) var points: [Int]
    /// For each ball, one of the points in it: the only one where there is one.
    private(set) var aPoint: [Int]

    /// Nothing counted yet.
    private init(points count: Int, balls: Int) {
        self.balls = [Int](repeating: 0, count: count)
        (points, aPoint) = ([Int](repeating: 0, count: balls), [Int](repeating: 0, count: balls))
    }

    private mutating func count(_ point: Int, inBallAround centre: Int) {
        balls[point] += 1
        points[centre] += 1
        aPoint[centre] = point
    }

    /// Counts for several kinds of balls in one pass, with the memory of a few blocks of distances.
    /// - Throws: what reading the rows throws.
    static func counting(_ questions: [Balls], rows: FeatureRows, columns: FeatureRows) throws(EvaluationError) -> [BallMembership] {
        var answers = questions.map { BallMembership(points: ($0.isAroundRows ? columns : rows).count, balls: $0.squaredRadii.count) }
        // Of an image's balls, only the widest says which pairs need a look.
        var rowLimits = [Double](repeating: -1, count: rows.count), columnLimits = [Double](repeating: -1, count: columns.count)
        for balls in questions {
            for (centre, radius) in balls.squaredRadii.enumerated() {
                if balls.isAroundRows { rowLimits[centre] = max(rowLimits[centre], radius) } else { columnLimits[centre] = max(columnLimits[centre], radius) }
            }
        }
        try DistanceBlock.forEach(rows, columns, sameSet: false) { block in
            rowLimits.withUnsafeBufferPointer { rowLimits in
                columnLimits.withUnsafeBufferPointer { columnLimits in
                    guard let rowLimits = rowLimits.baseAddress, let columnLimits = columnLimits.baseAddress else { return }
                    let (top, left) = (block.rows.lowerBound, block.columns.lowerBound)
                    for row in 0..<block.rows.count {
                        block.forEachNear(row: row, count: block.columns.count, rowLimit: rowLimits + top + row, columnLimits: columnLimits + left) { column in
                            let (i, j) = (top + row, left + column), (lower, upper) = block.bounds(row, column)
                            for (question, balls) in questions.enumerated() {
                                let (centre, point) = balls.isAroundRows ? (i, j) : (j, i), radius = balls.squaredRadii[centre]
                                if lower > radius { continue }
                                if !(upper < radius) {
                                    let distance = block.exact(row, column)
                                    guard distance < radius || (balls.isClosed && distance == radius) else { continue }
                                }
                                answers[question].count(point, inBallAround: centre)
                            }
                        }
                    }
                }
            }
        }
        return answers
    }
}
