/// Four channels of one pixel, the widest vector of every processor that the package is built for.
typealias FourChannels = SIMD4<Float>

/// The five numbers of a row or column of a tile, and the one-dimensional maps of F(4, 2) between them and four results or two weights.
///
/// `y = Aᵀ((G g) ⊙ (Bᵀ d))` with the points 0, 1, −1, 2 and ∞.
/// Source: Winograd, *Arithmetic complexity of computations*, 1980; Lavin, Gray, *Fast algorithms for convolutional neural networks*, CVPR 2016, arXiv:1509.09308.
struct WinogradTile {
    let a, b, c, d, e: FourChannels

    @inline(__always)
    init(_ a: FourChannels, _ b: FourChannels, _ c: FourChannels, _ d: FourChannels, _ e: FourChannels) { (self.a, self.b, self.c, self.d, self.e) = (a, b, c, d, e) }

    /// `Bᵀ d`: what the five pixels are at the five points.
    @inline(__always)
    var evaluatedInput: WinogradTile {
        let rise = d - b
        return WinogradTile(2 * (a - c) + rise, rise - b - c, rise + 3 * (b - c), rise, e - c - 2 * rise)
    }

    /// `B t`, the adjoint of `evaluatedInput`.
    @inline(__always)
    var inputGradient: WinogradTile {
        WinogradTile(2 * a, 2 * (c - b + e) - a - d, -(2 * a + b + 3 * c + e), a + b + c + d - 2 * e, e)
    }

    /// `Aᵀ m`: four results from their products at the five points.
    @inline(__always)
    var results: WinogradRow {
        let sum = b + c, difference = b - c
        return WinogradRow(a + sum + d, difference + 2 * d, sum + 4 * d, difference + 8 * d + e)
    }

    /// `Gᵀ u`: the derivative of the two weights.
    @inline(__always)
    var weightGradient: WinogradPair {
        let slope = (d - c) * FourChannels(repeating: 1 / 6)
        return WinogradPair(0.5 * (a - b) + slope, e - 0.5 * b + (c + 2 * d) * FourChannels(repeating: 1 / 6))
    }
}

/// Four results of a row or column.
struct WinogradRow {
    let a, b, c, d: FourChannels

    @inline(__always)
    init(_ a: FourChannels, _ b: FourChannels, _ c: FourChannels, _ d: FourChannels) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }

    /// `A y`, the adjoint of `WinogradTile.results`.
    @inline(__always)
    var evaluated: WinogradTile {
        let even = a + c, odd = b + d
        return WinogradTile(a, even + odd, even - odd, a + 4 * c + 2 * (b + 4 * d), d)
    }
}

/// Two weights of a phase's row or column.
struct WinogradPair {
    let a, b: FourChannels

    @inline(__always)
    init(_ a: FourChannels, _ b: FourChannels) { (self.a, self.b) = (a, b) }

    /// `G g`: what the two weights are at the five points.
    @inline(__always)
    var evaluated: WinogradTile {
        WinogradTile(0.5 * a, -0.5 * (a + b), (b - a) * FourChannels(repeating: 1 / 6), (a + 2 * b) * FourChannels(repeating: 1 / 6), b)
    }
}

extension UnsafeMutablePointer<Float> {
    @inline(__always)
    var lanes: FourChannels {
        get { UnsafeRawPointer(self).loadUnaligned(as: FourChannels.self) }
        nonmutating set { UnsafeMutableRawPointer(self).storeBytes(of: newValue, as: FourChannels.self) }
    }
}
