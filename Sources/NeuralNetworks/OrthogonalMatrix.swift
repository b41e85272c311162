import Tensors

/// Random matrices with orthonormal rows or columns, in arithmetic that rounds alike on every machine.
enum OrthogonalMatrix {
    /// `[rows, columns]`, row-major.
    ///
    /// Gram and Schmidt's method, twice for each vector (Giraud et al., 2005), on the shorter side: its R has a positive diagonal.
    static func random(rows: Int, columns: Int, _ stream: RandomStream) -> [Double] {
        let isTall = rows > columns, length = max(rows, columns), count = min(rows, columns)
        let normals = stream.normals(rows * columns)
        // Vectors lie one after another: the matrix's rows, or its columns where those are fewer.
        var q = isTall ? (0..<count).flatMap { column in (0..<length).map { normals[$0 * columns + column] } } : normals
        q.withUnsafeMutableBufferPointer { q in
            guard let q = q.baseAddress else { return }
            for index in 0..<count {
                let vector = q + index * length
                for _ in 0..<2 {
                    for earlier in 0..<index { subtractProjection(of: vector, on: q + earlier * length, length) }
                }
                let scale = 1 / dot(vector, vector, length).squareRoot()
                for i in 0..<length { vector[i] *= scale }
            }
        }
        return isTall ? (0..<rows).flatMap { row in (0..<columns).map { q[$0 * length + row] } } : q
    }

    private static func subtractProjection(of vector: UnsafeMutablePointer<Double>, on unit: UnsafeMutablePointer<Double>, _ length: Int) {
        let share = dot(vector, unit, length)
        for i in 0..<length { vector[i] -= share * unit[i] }
    }

    /// Eight interleaved partial sums: fast, and the same order everywhere.
    private static func dot(_ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ length: Int) -> Double {
        var partial = SIMD8<Double>(repeating: 0), i = 0
        while i + 8 <= length {
            for lane in 0..<8 { partial[lane] += a[i + lane] * b[i + lane] }
            i += 8
        }
        var sum = 0.0
        for lane in 0..<8 { sum += partial[lane] }
        while i < length { sum += a[i] * b[i]; i += 1 }
        return sum
    }
}
