import Tensors

/// Points along one or more curves in the plane, with normal noise; the class of a sample is its curve.
public struct NoisyCurve: SampleSource {
    /// How it is written in a configuration.
    public let name: String
    /// The number of curves, each equally likely.
    public let arms: Int
    /// The standard deviation of the noise along each axis.
    public let deviation: Double

    private let curve: @Sendable (_ position: Double, _ arm: Int) -> SIMD2<Double>
    private let places: RandomStream
    private let noise: RandomStream

    /// - Parameter curve: the point at a position in 0..<1, drawn uniformly, of an arm.
    public init(
        name: String, arms: Int = 1, deviation: Double, stream: RandomStream, curve: @escaping @Sendable (_ position: Double, _ arm: Int) -> SIMD2<Double>
    ) {
        precondition(arms > 0 && deviation >= 0, "\(arms) arms with deviation \(deviation)")
        (self.name, self.arms, self.deviation, self.curve) = (name, arms, deviation, curve)
        (places, noise) = (stream["place"], stream["noise"])
    }

    /// Endless.
    public var count: Int? { nil }

    /// `[2]`
    public var shape: [Int] { [2] }

    /// The arms by number, nil where there is but one.
    public var classNames: [String]? { arms > 1 ? (0..<arms).map(String.init) : nil }

    /// The arm that a sample lies on.
    public func label(_ index: Int) -> Int? { arms > 1 ? arm(places.block(UInt64(index))) : nil }

    /// Draws the samples of some indices.
    /// - Shape: `values` is `[indices.count, 2]`.
    public func read(_ indices: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        precondition(values.count == indices.count * 2, "\(values.count) values cannot hold \(indices.count) points of 2")
        var normals = NormalNumbers(noise)
        for (place, index) in indices.enumerated() {
            let words = places.block(UInt64(index))
            let point = curve(Double(words.x) * 0x1p-32, arm(words))
            for axis in 0..<2 { values[place * 2 + axis] = Float(point[axis] + deviation * normals[index * 2 + axis]) }
        }
    }

    private func arm(_ words: SIMD4<UInt32>) -> Int { Int((UInt64(words.y) * UInt64(arms)) >> 32) }
}

extension NoisyCurve {
    /// Archimedean spirals from the centre out to `radius`, evenly rotated, with points dense alike along them: at position u the radius is
    /// R √u and the angle 2π · turns · √u.
    public static func spiral(
        arms: Int = 2, turns: Double = 1.5, radius: Double = 2, deviation: Double = 0.05, name: String = "spiral", stream: RandomStream
    ) -> NoisyCurve {
        NoisyCurve(name: name, arms: arms, deviation: deviation, stream: stream) { position, arm in
            let root = position.squareRoot()
            return radius * root * direction(turns: turns * root + Double(arm) / Double(arms))
        }
    }

    /// (t cos t, t sin t) for t uniform in 1.5π … 4.5π, divided by `divisor` with its noise.
    ///
    /// Source: scikit-learn's `make_swiss_roll` without its second axis; deviation 0.25 and divisor 7.5 are those of Gulrajani et al., 2017.
    public static func swissRoll(deviation: Double = 0.25, divisor: Double = 7.5, name: String = "swiss-roll", stream: RandomStream) -> NoisyCurve {
        NoisyCurve(name: name, deviation: deviation / divisor, stream: stream) { position, _ in
            let turns = 0.75 + 1.5 * position
            return turns * 2 * .pi / divisor * direction(turns: turns)
        }
    }

    /// Two half circles of radius 1 that reach into each other: (cos θ, sin θ) and (1 − cos θ, ½ − sin θ), θ uniform in 0 … π.
    ///
    /// Source: scikit-learn's `make_moons`.
    public static func twoMoons(deviation: Double = 0.1, name: String = "two-moons", stream: RandomStream) -> NoisyCurve {
        NoisyCurve(name: name, arms: 2, deviation: deviation, stream: stream) { position, arm in
            let point = direction(turns: position / 2)
            return arm == 0 ? point : SIMD2(1 - point.x, 0.5 - point.y)
        }
    }

    private static func direction(turns: Double) -> SIMD2<Double> {
        let (cosine, sine) = PortableMath.cosineAndSine(turns: turns - turns.rounded(.down))
        return SIMD2(cosine, sine)
    }
}
