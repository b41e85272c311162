#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The discrete Fourier transform X_k = Σ_n x_n e^{−2πi kn/N} of a fixed length: radix 2 for powers of two, else by Bluestein's convolution.
///
/// Sources: Cooley & Tukey 1965; Bluestein 1970, *A linear filtering approach to the computation of the discrete Fourier transform*.
struct FourierTransform {
    /// N.
    let length: Int
    /// e^{−2πi k/size} for k < size/2, `size` being the power of two that is computed with.
    private let roots: [SIMD2<Double>]
    private let size: Int
    /// e^{−πi n²/N}, and the transform of its conjugate, where N is no power of two.
    private let chirp: [SIMD2<Double>]
    private let chirpTransform: [SIMD2<Double>]

    /// A transform of `length` numbers.
    init(length: Int) {
        precondition(length > 0, "nothing to transform")
        self.length = length
        let isPower = length & (length - 1) == 0
        var size = 1
        while size < (isPower ? length : 2 * length - 1) { size *= 2 }
        self.size = size
        roots = (0..<max(size / 2, 1)).map { Self.root(Double($0) / Double(size)) }
        guard !isPower else {
            (chirp, chirpTransform) = ([], [])
            return
        }
        // n² modulo 2N keeps the angle small, hence exact.
        chirp = (0..<length).map { Self.root(Double($0 * $0 % (2 * length)) / Double(2 * length)) }
        var padded = [SIMD2<Double>](repeating: .zero, count: size)
        for (n, c) in chirp.enumerated() {
            let conjugate = SIMD2(c.x, -c.y)
            padded[n] = conjugate
            if n > 0 { padded[size - n] = conjugate }
        }
        Self.radix2(&padded, roots)
        chirpTransform = padded
    }

    /// Transforms complex numbers (real part, imaginary part) in place.
    func callAsFunction(_ x: inout [SIMD2<Double>]) {
        precondition(x.count == length, "\(x.count) numbers for a transform of \(length)")
        guard !chirp.isEmpty else { return Self.radix2(&x, roots) }
        var padded = [SIMD2<Double>](repeating: .zero, count: size)
        for n in 0..<length { padded[n] = Self.product(x[n], chirp[n]) }
        Self.radix2(&padded, roots)
        // The inverse transform by conjugation.
        for k in 0..<size {
            let value = Self.product(padded[k], chirpTransform[k])
            padded[k] = SIMD2(value.x, -value.y)
        }
        Self.radix2(&padded, roots)
        for n in 0..<length { x[n] = Self.product(SIMD2(padded[n].x, -padded[n].y) / Double(size), chirp[n]) }
    }

    /// e^{−2πi·turn}.
    private static func root(_ turn: Double) -> SIMD2<Double> { SIMD2(cos(2 * .pi * turn), -sin(2 * .pi * turn)) }

    @inline(__always) private static func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> { SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x) }

    private static func radix2(_ x: inout [SIMD2<Double>], _ roots: [SIMD2<Double>]) {
        let n = x.count
        x.withUnsafeMutableBufferPointer { x in
            var j = 0
            for i in 1..<max(n, 1) {
                var bit = n >> 1
                while j & bit != 0 {
                    j ^= bit
                    bit >>= 1
                }
                j |= bit
                if i < j { x.swapAt(i, j) }
            }
            var width = 2
            while width <= n {
                let half = width / 2, stride = n / width
                var start = 0
                while start < n {
                    for k in 0..<half {
                        let odd = product(x[start + half + k], roots[k * stride]), even = x[start + k]
                        x[start + k] = even + odd
                        x[start + half + k] = even - odd
                    }
                    start += width
                }
                width *= 2
            }
        }
    }
}

/// |X|² of the two-dimensional transform of real images of one size.
struct PowerSpectrum {
    private let rows: FourierTransform, columns: FourierTransform
    private let width: Int, height: Int

    /// A spectrum of images of this size.
    init(width: Int, height: Int) {
        (rows, columns) = (FourierTransform(length: width), FourierTransform(length: height))
        (self.width, self.height) = (width, height)
    }

    /// |X_{v,u}|², frequency zero first.
    /// - Shape: `[height, width]` for both.
    func callAsFunction(_ image: [Double]) -> [Double] {
        precondition(image.count == width * height, "\(image.count) values for an image of \(width) x \(height)")
        var values = image.map { SIMD2($0, 0) }
        var row = [SIMD2<Double>](repeating: .zero, count: width)
        for v in 0..<height {
            for u in 0..<width { row[u] = values[v * width + u] }
            rows(&row)
            for u in 0..<width { values[v * width + u] = row[u] }
        }
        var column = [SIMD2<Double>](repeating: .zero, count: height)
        for u in 0..<width {
            for v in 0..<height { column[v] = values[v * width + u] }
            columns(&column)
            for v in 0..<height { values[v * width + u] = column[v] }
        }
        return values.map { $0.x * $0.x + $0.y * $0.y }
    }
}
