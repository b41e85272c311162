/// When loops open and close while balls around points grow: persistent homology of a Vietoris–Rips complex in dimension 1, with coefficients in ℤ/2.
///
/// A simplex is there from the largest distance of its points on, but for triangles with the first point, the base, whose times are given. From the time on at which some other point sees all points and has
/// all its triangles with the base, whatever opens closes at once: edges and triangles that come later are left out. Loops are found by cohomology: the columns of edges that merge nothing are reduced from the longest to the shortest, the pivot of a
/// column being the first triangle of its coboundary. Sources: Edelsbrunner and Harer 2010, *Computational topology*, chapter VII; de Silva, Morozov and Vejdemo-Johansson 2011, *Dualities in
/// persistent (co)homology*; Bauer 2021, *Ripser*, arXiv:1908.02518 (coboundaries that are never stored).
struct RipsPersistence {
    /// When each loop opens and closes, but for those that close as they open.
    let loops: [(opens: Float, closes: Float)]

    /// - Parameters:
    ///   - distances: symmetric, 0 on the diagonal, `[points, points]`.
    ///   - meetings: when the triangle of each two points and the base appears, not before its edges, `[points, points]`; 0 where one of the two is the base.
    init(_ distances: [Float], meetings: [Float], points: Int) {
        precondition(distances.count == points * points && meetings.count == distances.count, "\(distances.count) distances of \(points) points")
        var complex = Complex(distances: distances, meetings: meetings, points: points)
        loops = complex.persistence()
    }

    /// A triangle with the time at which it appears; of equals the lower number is first.
    private struct Triangle: Comparable, Hashable {
        let time: Float, number: Int

        static func < (a: Triangle, b: Triangle) -> Bool { a.time != b.time ? a.time < b.time : a.number < b.number }
    }

    private struct Complex {
        let distances: [Float], meetings: [Float], points: Int
        /// The earliest time at which some point but the base sees all others and has all its triangles with the base.
        private let radius: Float
        /// Edges i < j with their times, ascending.
        private var edges: [(time: Float, i: Int, j: Int)] = []
        /// The column whose pivot a triangle is.
        private var owners: [Triangle: Int] = [:]
        /// For a reduced column, which edges' coboundaries were added up; itself alone where absent.
        private var sums: [Int: [Int]] = [:]

        init(distances: [Float], meetings: [Float], points: Int) {
            (self.distances, self.meetings, self.points) = (distances, meetings, points)
            radius = (1..<max(points, 1)).map { point in
                let row = point * points..<(point + 1) * points
                return max(distances[row].max() ?? 0, meetings[row].max() ?? 0)
            }.min() ?? .infinity
        }

        mutating func persistence() -> [(Float, Float)] {
            for j in 0..<points { for i in 0..<j where distances[j * points + i] <= radius { edges.append((distances[j * points + i], i, j)) } }
            edges.sort { ($0.time, $0.j, $0.i) < ($1.time, $1.j, $1.i) }
            var parents = Array(0..<points), columns: [Int] = []
            func root(_ x: Int) -> Int {
                var x = x
                while parents[x] != x {
                    parents[x] = parents[parents[x]]
                    x = parents[x]
                }
                return x
            }
            for (index, edge) in edges.enumerated() {
                let (a, b) = (root(edge.i), root(edge.j))
                if a == b {
                    columns.append(index)
                } else {
                    parents[a] = b
                }
            }
            return columns.reversed().compactMap { loop($0) }
        }

        /// Reduces a column; nil where its loop closes as it opens.
        private mutating func loop(_ column: Int) -> (Float, Float)? {
            guard let first = firstTriangle(column) else { return nil }
            guard owners[first] != nil else {
                owners[first] = column
                return first.time > edges[column].time ? (edges[column].time, first.time) : nil
            }
            var heap = TriangleHeap(), added = [column]
            addCoboundary(of: column, to: &heap)
            while let pivot = heap.pivot() {
                guard let owner = owners[pivot] else {
                    owners[pivot] = column
                    // An edge that was added twice is not there.
                    var odd: Set<Int> = []
                    for edge in added where odd.remove(edge) == nil { odd.insert(edge) }
                    sums[column] = odd.sorted()
                    return pivot.time > edges[column].time ? (edges[column].time, pivot.time) : nil
                }
                for edge in sums[owner] ?? [owner] {
                    added.append(edge)
                    addCoboundary(of: edge, to: &heap)
                }
            }
            return nil
        }

        /// Triangles of an edge come by ascending numbers, so that the first that is as old as the edge is the first of all.
        private func firstTriangle(_ edge: Int) -> Triangle? {
            let time = edges[edge].time
            var first: Triangle?
            forEachTriangle(edge) { triangle in
                first = first.map { min($0, triangle) } ?? triangle
                return triangle.time > time
            }
            return first
        }

        private func addCoboundary(of edge: Int, to heap: inout TriangleHeap) {
            forEachTriangle(edge) { triangle in
                heap.insert(triangle)
                return true
            }
        }

        /// Gives the triangles of an edge while the body wants more.
        @inline(__always) private func forEachTriangle(_ edge: Int, _ body: (Triangle) -> Bool) {
            let (time, i, j) = edges[edge]
            distances.withUnsafeBufferPointer { distances in
                meetings.withUnsafeBufferPointer { meetings in
                    for k in 0..<points where k != i && k != j {
                        let (low, middle, high) = k < i ? (k, i, j) : k < j ? (i, k, j) : (i, j, k)
                        let appears = low == 0 ? meetings[high * points + middle] : max(time, distances[i * points + k], distances[j * points + k])
                        guard appears <= radius else { continue }
                        guard body(Triangle(time: appears, number: (high * points + middle) * points + low)) else { return }
                    }
                }
            }
        }
    }

    /// A sum of triangles in ℤ/2, smallest first.
    private struct TriangleHeap {
        private var elements: [Triangle] = []

        mutating func insert(_ triangle: Triangle) {
            elements.append(triangle)
            var child = elements.count - 1
            while child > 0, elements[child] < elements[(child - 1) / 2] {
                elements.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        private mutating func removeFirst() -> Triangle? {
            guard let first = elements.first else { return nil }
            let last = elements.removeLast()
            guard !elements.isEmpty else { return first }
            elements[0] = last
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < elements.count else { break }
                if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
                guard elements[child] < elements[parent] else { break }
                elements.swapAt(child, parent)
                parent = child
            }
            return first
        }

        /// The smallest triangle of the sum, which stays in it; nil for an empty sum.
        mutating func pivot() -> Triangle? {
            while let first = removeFirst() {
                if elements.first == first {
                    _ = removeFirst()
                } else {
                    insert(first)
                    return first
                }
            }
            return nil
        }
    }
}
