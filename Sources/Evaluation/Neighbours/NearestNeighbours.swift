/// The nearest images of each image of a set, gathered block by block: in growing distance, of equally far ones the first of their set, whatever the order of blocks.
struct NearestNeighbours: Sendable {
    /// How many of each are known.
    let count: Int
    /// - Shape: `[images, count]`, squared, in ascending order; infinite until so many were seen.
    private(set) var squaredDistances: [Double]
    /// Which images they are.
    /// - Shape: `[images, count]`
    private(set) var indices: [Int]
    /// The squared distance beyond which nothing enters an image's list.
    private var limits: [Double]

    /// Nothing seen yet.
    init(images: Int, count: Int) {
        self.count = count
        limits = [Double](repeating: .infinity, count: images)
        squaredDistances = [Double](repeating: .infinity, count: images * count)
        indices = [Int](repeating: .max, count: images * count)
    }

    /// The squared distance of each image to its k-th nearest.
    func squaredRadii(_ k: Int) -> [Double] { stride(from: k - 1, to: squaredDistances.count, by: count).map { squaredDistances[$0] } }

    /// The nearest of an image.
    func nearest(_ image: Int) -> (index: Int, squaredDistance: Double) { (indices[image * count], squaredDistances[image * count]) }

    /// Changes lists in place, without checks for each element.
    struct Writer {
        fileprivate let count: Int
        fileprivate let squaredDistances: UnsafeMutableBufferPointer<Double>, indices: UnsafeMutableBufferPointer<Int>
        /// For each image the squared distance beyond which nothing enters its list.
        let limits: UnsafeMutablePointer<Double>

        /// Enters another image if it is near enough.
        @inline(__always) func take(_ other: Int, at distance: Double, of image: Int) {
            let start = image * count
            var place = start + count - 1
            guard distance < squaredDistances[place] || (distance == squaredDistances[place] && other < indices[place]) else { return }
            while place > start, squaredDistances[place - 1] > distance || (squaredDistances[place - 1] == distance && indices[place - 1] > other) {
                squaredDistances[place] = squaredDistances[place - 1]
                indices[place] = indices[place - 1]
                place -= 1
            }
            squaredDistances[place] = distance
            indices[place] = other
            limits[image] = squaredDistances[start + count - 1]
        }
    }

    mutating func write(_ body: (Writer) -> Void) {
        squaredDistances.withUnsafeMutableBufferPointer { distances in
            indices.withUnsafeMutableBufferPointer { indices in
                limits.withUnsafeMutableBufferPointer { limits in
                    guard let limits = limits.baseAddress else { return }
                    body(Writer(count: count, squaredDistances: distances, indices: indices, limits: limits))
                }
            }
        }
    }
}

extension NearestNeighbours {
    /// The nearest others within a set, with the memory of a few blocks of distances.
    /// - Throws: what reading the rows throws.
    init(in set: FeatureRows, count: Int) throws(EvaluationError) {
        precondition(0 < count && count < set.count, "\(count) neighbours among \(set.count) images")
        var lists = NearestNeighbours(images: set.count, count: count)
        try DistanceBlock.forEach(set, set, sameSet: true) { block in
            lists.write { lists in
                for row in 0..<block.rows.count {
                    let i = block.rows.lowerBound + row, first = block.columns.lowerBound
                    // A block on the diagonal holds each pair twice.
                    let width = block.rows == block.columns ? row : block.columns.count
                    block.forEachNear(row: row, count: width, rowLimit: lists.limits + i, columnLimits: lists.limits + first) { column in
                        let distance = block.exact(row, column)
                        lists.take(first + column, at: distance, of: i)
                        lists.take(i, at: distance, of: first + column)
                    }
                }
            }
        }
        self = lists
    }

    /// The nearest of one set to each of another, both ways in one pass.
    /// - Throws: what reading the rows throws.
    static func between(_ first: FeatureRows, _ second: FeatureRows, ofFirst firstCount: Int, ofSecond secondCount: Int) throws(EvaluationError) -> (first: NearestNeighbours, second: NearestNeighbours) {
        precondition(0 < firstCount && firstCount <= second.count && 0 < secondCount && secondCount <= first.count, "\(firstCount) of \(second.count) and \(secondCount) of \(first.count) images")
        var one = NearestNeighbours(images: first.count, count: firstCount), other = NearestNeighbours(images: second.count, count: secondCount)
        try DistanceBlock.forEach(first, second, sameSet: false) { block in
            one.write { one in
                other.write { other in
                    for row in 0..<block.rows.count {
                        let i = block.rows.lowerBound + row, first = block.columns.lowerBound
                        block.forEachNear(row: row, count: block.columns.count, rowLimit: one.limits + i, columnLimits: other.limits + first) { column in
                            let distance = block.exact(row, column)
                            one.take(first + column, at: distance, of: i)
                            other.take(i, at: distance, of: first + column)
                        }
                    }
                }
            }
        }
        return (one, other)
    }
}
