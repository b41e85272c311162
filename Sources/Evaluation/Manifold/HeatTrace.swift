#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import LinearAlgebra

/// The graph of a set's nearest neighbours, two images being joined where either is among the k nearest others of the other, and the trace of its heat kernel.
struct NeighbourGraph {
    /// For each image, those that it is joined to, ascending, in one list.
    private let neighbours: [Int], starts: [Int]
    /// 1/√degree.
    private let scales: [Double]

    /// Number of images.
    var count: Int { scales.count }

    init(_ lists: NearestNeighbours, k: Int) {
        let count = lists.indices.count / lists.count
        var joined = [[Int]](repeating: [], count: count)
        for image in 0..<count {
            for other in lists.indices[image * lists.count..<image * lists.count + k] {
                joined[image].append(other)
                joined[other].append(image)
            }
        }
        var neighbours: [Int] = [], starts = [0], scales: [Double] = []
        for list in joined {
            let start = neighbours.count
            for other in list.sorted() where neighbours.count == start || neighbours[neighbours.count - 1] != other { neighbours.append(other) }
            scales.append(1 / Double(neighbours.count - start).squareRoot())
            starts.append(neighbours.count)
        }
        (self.neighbours, self.starts, self.scales) = (neighbours, starts, scales)
    }

    /// L·v with the normalised Laplacian L = I − D^(−½)·A·D^(−½).
    func laplacian(_ v: [Double]) -> [Double] {
        let scaled = zip(v, scales).map { $0 * $1 }
        return (0..<count).map { image in
            var sum = 0.0
            for place in starts[image]..<starts[image + 1] { sum += scaled[neighbours[place]] }
            return v[image] - scales[image] * sum
        }
    }

    /// tr exp(−t·L)/N for each t, by stochastic Lanczos quadrature (Ubaru, Chen and Saad 2017) from normal starting vectors, with the trace of the first-order term, which is known, in place of its estimate.
    ///
    /// - Parameter starts: ⟨vector, image⟩ in row-major order, `[count, vectors]`, as NumPy's `randn(count, vectors)`.
    /// - Throws: `numericalFailure`.
    func heatTraces(_ temperatures: [Double], steps: Int, startingFrom starts: [Double]) throws(EvaluationError) -> [Double] {
        let vectors = starts.count / count
        var traces = [Double](repeating: 0, count: temperatures.count)
        for vector in 0..<vectors {
            let (values, weights) = try quadrature((0..<count).map { starts[$0 * vectors + vector] }, steps: steps)
            let first = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
            for (index, t) in temperatures.enumerated() {
                // E vᵀLv = tr L/N = 1 for unit vectors: the estimate of the linear term, times e^(−t), is exchanged for it.
                traces[index] += zip(values, weights).reduce(0) { $0 + exp(-t * $1.0) * $1.1 } + t * exp(-t) * (first - 1)
            }
        }
        return traces.map { $0 / Double(vectors) }
    }

    /// Nodes and weights of the Gauss quadrature that Lanczos' tridiagonal matrix gives.
    private func quadrature(_ start: [Double], steps: Int) throws(EvaluationError) -> (values: [Double], weights: [Double]) {
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let norm = dot(start, start).squareRoot()
        var basis = [start.map { $0 / norm }], diagonal: [Double] = [], beside: [Double] = []
        while true {
            let last = basis[basis.count - 1]
            var next = laplacian(last)
            diagonal.append(dot(next, last))
            guard diagonal.count < min(steps, count) else { break }
            // Twice is enough to keep the basis orthogonal (Parlett 1998).
            for _ in 0..<2 {
                for vector in basis {
                    let part = dot(next, vector)
                    for index in next.indices { next[index] -= part * vector[index] }
                }
            }
            let length = dot(next, next).squareRoot()
            // An invariant subspace: the quadrature is exact.
            guard length > 1e-10 else { break }
            beside.append(length)
            basis.append(next.map { $0 / length })
        }
        var matrix = Matrix(diagonal: diagonal)
        for (index, value) in beside.enumerated() { (matrix[index, index + 1], matrix[index + 1, index]) = (value, value) }
        do {
            let eigen = try SymmetricEigen(matrix)
            return (eigen.values, eigen.values.indices.map { eigen.vectors[$0, 0] * eigen.vectors[$0, 0] })
        } catch { throw .numericalFailure(error) }
    }
}
