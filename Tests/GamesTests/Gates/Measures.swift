import LinearAlgebra
import Tensors

/// Mean deviation of numbers within their class.
func spread(_ samples: Tensor, _ labels: [Int]) -> Double {
    let rows = samples.flattened.floats, size = samples.shape.count / samples.shape[0]
    var total = 0.0
    let classes = Set(labels)
    for label in classes {
        let members = labels.indices.filter { labels[$0] == label }
        for pixel in 0..<size {
            let values = members.map { Double(rows[$0 * size + pixel]) }, mean = values.reduce(0, +) / Double(values.count)
            total += (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
    }
    return total / Double(classes.count * size)
}

/// `2 E |x − y| − E |x − x'| − E |y − y'|` of points of the plane.
func energyDistance(_ x: [Float], _ y: [Float]) -> Double {
    func mean(_ a: [Float], _ b: [Float]) -> Double {
        var sum = 0.0
        for i in stride(from: 0, to: a.count, by: 2) {
            for j in stride(from: 0, to: b.count, by: 2) { sum += Double(((a[i] - b[j]) * (a[i] - b[j]) + (a[i + 1] - b[j + 1]) * (a[i + 1] - b[j + 1])).squareRoot()) }
        }
        return sum / Double(a.count / 2 * (b.count / 2))
    }
    return 2 * mean(x, y) - mean(x, x) - mean(y, y)
}

/// `|μ₁ − μ₂|² + tr(S₁ + S₂ − 2 (S₁ S₂)^½)` of rows.
func frechetDistance(_ a: Tensor, _ b: Tensor) throws -> Double {
    func moments(_ rows: Tensor) -> (mean: [Double], covariance: Matrix) {
        let (count, width) = (rows.shape[0], rows.shape[1])
        let mean = rows.reduced(.mean, axes: 0).doubles
        let centred = zip(rows.doubles, (0..<count).flatMap { _ in mean }).map { $0 - $1 }
        let matrix = Matrix(rows: count, columns: width, elements: centred)
        return (mean, Matrix.product(matrix, matrix, transposingFirst: true).scaled(by: 1 / Double(count - 1)))
    }
    let (first, second) = (moments(a), moments(b))
    let eigen = try SymmetricEigen(first.covariance), width = first.mean.count
    // Rows √λ q: R with RᵀR = S₁; the eigenvalues of R S₂ Rᵀ are those of S₁ S₂.
    let root = Matrix(rows: width, columns: width, elements: (0..<width).flatMap { row in (0..<width).map { eigen.vectors[row, $0] * max(eigen.values[row], 0).squareRoot() } })
    let inner = Matrix.product(Matrix.product(root, second.covariance), root, transposingSecond: true)
    let trace = try SymmetricEigen.values(of: inner).reduce(0) { $0 + max($1, 0).squareRoot() }
    return zip(first.mean, second.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } + first.covariance.trace + second.covariance.trace - 2 * trace
}
