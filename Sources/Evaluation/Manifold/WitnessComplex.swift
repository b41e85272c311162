/// The weak witness complex of some landmarks up to triangles (de Silva and Carlsson 2004), and when its loops open and close.
///
/// A simplex enters at the least α at which some witness has all its corners at most α farther away than the nearest landmark that is no corner, and not before its faces.
struct WitnessComplex {
    private let landmarks: Int, limit: Float
    /// By corners in ascending order, infinite where the simplex never enters.
    private var edges: [Float], triangles: [Float]

    /// - Parameters:
    ///   - landmarks: At least 3.
    ///   - limit: The largest α.
    init(landmarks: Int, limit: Float) {
        (self.landmarks, self.limit) = (landmarks, limit)
        edges = [Float](repeating: .infinity, count: landmarks * landmarks)
        triangles = [Float](repeating: .infinity, count: landmarks * landmarks * landmarks)
    }

    /// Adds what one witness sees.
    /// - Parameter distances: To each landmark.
    mutating func add(_ distances: UnsafeBufferPointer<Float>) {
        var three = SIMD3<Float>(repeating: .infinity)
        for distance in distances where distance < three.z {
            if distance < three.x { three = [distance, three.x, three.y] } else if distance < three.y { three = [three.x, distance, three.y] } else { three.z = distance }
        }
        // No simplex that this witness adds has a corner farther away.
        var near: [(distance: Float, landmark: Int)] = []
        for (landmark, distance) in distances.enumerated() where distance <= three.z + limit { near.append((distance, landmark)) }
        near.sort { ($0.distance, $0.landmark) < ($1.distance, $1.landmark) }
        for last in 1..<near.count {
            let (distance, c) = near[last]
            for middle in 0..<last {
                let b = near[middle].landmark
                enter(edge: b, c, at: distance, omitting: middle > 0 ? near[0].distance : last > 1 ? near[1].distance : .infinity)
                for first in 0..<middle {
                    enter(triangle: near[first].landmark, b, c, at: distance, omitting: first > 0 ? near[0].distance : middle > 1 ? near[1].distance : last > 2 ? near[2].distance : .infinity)
                }
            }
        }
    }

    private mutating func enter(edge a: Int, _ b: Int, at distance: Float, omitting nearest: Float) {
        let alpha = max(0, distance - nearest)
        guard alpha <= limit else { return }
        let place = min(a, b) * landmarks + max(a, b)
        edges[place] = min(edges[place], alpha)
    }

    private mutating func enter(triangle a: Int, _ b: Int, _ c: Int, at distance: Float, omitting nearest: Float) {
        let alpha = max(0, distance - nearest)
        guard alpha <= limit else { return }
        let low = min(a, min(b, c)), high = max(a, max(b, c)), place = (low * landmarks + (a + b + c - low - high)) * landmarks + high
        triangles[place] = min(triangles[place], alpha)
    }

    /// When loops open and close: homology in dimension 1 over the field of two elements. A loop that is there at the end closes at the limit.
    func loops() -> [(opens: Float, closes: Float)] {
        let sides = edges.indices.filter { edges[$0] <= limit }.sorted { (edges[$0], $0) < (edges[$1], $1) }
        var number = [Int](repeating: -1, count: edges.count), opens: [Float?] = [], parents = Array(0..<landmarks)
        func root(_ landmark: Int) -> Int {
            var at = landmark
            while parents[at] != at { at = parents[at] }
            return at
        }
        for (index, edge) in sides.enumerated() {
            number[edge] = index
            let (a, b) = (root(edge / landmarks), root(edge % landmarks))
            // An edge joins two components or opens a loop.
            opens.append(a == b ? edges[edge] : nil)
            parents[a] = b
        }
        var faces: [(alpha: Float, sides: [Int])] = []
        for triangle in triangles.indices where triangles[triangle] <= limit {
            let (a, b, c) = (triangle / (landmarks * landmarks), triangle / landmarks % landmarks, triangle % landmarks), three = [a * landmarks + b, a * landmarks + c, b * landmarks + c]
            guard three.allSatisfy({ number[$0] >= 0 }) else { continue }
            faces.append((three.reduce(triangles[triangle]) { max($0, edges[$1]) }, three.map { number[$0] }.sorted()))
        }
        faces.sort { $0.alpha < $1.alpha }
        var columns: [Int: [Int]] = [:], loops: [(opens: Float, closes: Float)] = [], open = opens.count { $0 != nil }
        for face in faces where open > 0 {
            var column = face.sides
            while let last = column.last, let other = columns[last] { column = Self.sum(column, other) }
            guard let last = column.last, let start = opens[last] else { continue }
            columns[last] = column
            opens[last] = Float?.none
            open -= 1
            if face.alpha > start { loops.append((start, face.alpha)) }
        }
        return loops + opens.compactMap { $0.map { ($0, limit) } }
    }

    /// The symmetric difference of two ascending lists.
    private static func sum(_ a: [Int], _ b: [Int]) -> [Int] {
        var result: [Int] = [], i = 0, j = 0
        while i < a.count || j < b.count {
            if j == b.count || (i < a.count && a[i] < b[j]) { result.append(a[i]); i += 1 } else if i == a.count || b[j] < a[i] { result.append(b[j]); j += 1 } else { i += 1; j += 1 }
        }
        return result
    }
}
