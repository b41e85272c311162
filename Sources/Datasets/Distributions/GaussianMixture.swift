import Tensors
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A mixture of isotropic normal distributions, whose modes are known: what mode coverage is measured on.
///
/// Density p(x) = Σₖ wₖ N(x; cₖ, σₖ² I). The class of a sample is the component it was drawn from.
public struct GaussianMixture: SampleSource {
    /// How it is written in a configuration.
    public let name: String
    /// The mean of each component.
    /// - Shape: `[components][dimension]`
    public let centres: [[Double]]
    /// The standard deviation of each component, along every axis.
    public let deviations: [Double]
    /// The probability of each component; they add up to 1.
    public let weights: [Double]

    private let cumulative: [Double]
    private let modes: RandomStream
    private let noise: RandomStream

    /// - Parameters:
    ///   - deviations: one per centre.
    ///   - weights: in any unit; equal by default.
    public init(centres: [[Double]], deviations: [Double], weights: [Double]? = nil, name: String = "mixture", stream: RandomStream) {
        let weights = weights ?? centres.map { _ in 1 }
        precondition(!centres.isEmpty && centres[0].count > 0 && centres.allSatisfy { $0.count == centres[0].count }, "centres of one dimension, not \(centres)")
        precondition(deviations.count == centres.count && deviations.allSatisfy { $0 >= 0 }, "\(deviations.count) deviations for \(centres.count) centres")
        precondition(weights.count == centres.count && weights.allSatisfy { $0 >= 0 } && weights.contains { $0 > 0 }, "weights \(weights) for \(centres.count) centres")
        let total = weights.reduce(0, +)
        self.centres = centres
        self.deviations = deviations
        self.weights = weights.map { $0 / total }
        self.name = name
        var sum = 0.0
        cumulative = self.weights.map { sum += $0; return sum }
        (modes, noise) = (stream["mode"], stream["noise"])
    }

    /// Numbers per point.
    public var dimension: Int { centres[0].count }

    /// Endless.
    public var count: Int? { nil }

    /// `[dimension]`
    public var shape: [Int] { [dimension] }

    /// The components by number.
    public var classNames: [String]? { centres.indices.map(String.init) }

    /// The component that a sample is drawn from.
    public func label(_ index: Int) -> Int? {
        let place = Double(modes.block(UInt64(index / 4))[index % 4]) * 0x1p-32
        // The sums may end a rounding below 1.
        return cumulative.firstIndex { place < $0 } ?? centres.count - 1
    }

    /// Draws the samples of some indices.
    /// - Shape: `values` is `[indices.count, dimension]`.
    public func read(_ indices: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        precondition(values.count == indices.count * dimension, "\(values.count) values cannot hold \(indices.count) points of \(dimension)")
        var normals = NormalNumbers(noise)
        for (place, index) in indices.enumerated() {
            let component = label(index) ?? 0
            for axis in 0..<dimension {
                values[place * dimension + axis] = Float(centres[component][axis] + deviations[component] * normals[index * dimension + axis])
            }
        }
    }

    /// ln p(x) in nats.
    public func logDensity(_ x: [Double]) -> Double {
        precondition(x.count == dimension, "a point of \(x.count) numbers in \(dimension) dimensions")
        let terms = centres.indices.filter { weights[$0] > 0 }.map { component in
            let squares = zip(x, centres[component]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let variance = deviations[component] * deviations[component]
            return log(weights[component]) - squares / (2 * variance) - Double(dimension) / 2 * log(2 * .pi * variance)
        }
        let largest = terms.max() ?? -.infinity
        return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
    }
}

extension GaussianMixture {
    /// Components evenly on a circle, the first at angle 0, then counter-clockwise.
    ///
    /// Source: Metz et al., "Unrolled generative adversarial networks", 2017, with all its modes; Gulrajani et al., 2017, take radius 2,
    /// deviation 0.02 and divisor √2.
    /// - Parameter divisor: centres and deviations are divided by it.
    public static func ring(
        modes: Int = 8, radius: Double = 2, deviation: Double = 0.1, divisor: Double = 1, name: String = "ring", stream: RandomStream
    ) -> GaussianMixture {
        let centres = (0..<modes).map { mode in
            let (cosine, sine) = PortableMath.cosineAndSine(turns: Double(mode) / Double(modes))
            return [radius * cosine / divisor, radius * sine / divisor]
        }
        return GaussianMixture(centres: centres, deviations: centres.map { _ in deviation / divisor }, name: name, stream: stream)
    }

    /// Components on a square grid around 0, row by row from the lower left.
    ///
    /// Source: Dumoulin et al., "Adversarially learned inference", 2017; Gulrajani et al., 2017, take divisor 2√2.
    public static func grid(
        side: Int = 5, spacing: Double = 2, deviation: Double = 0.05, divisor: Double = 1, name: String = "grid", stream: RandomStream
    ) -> GaussianMixture {
        let places = (0..<side).map { (Double($0) - Double(side - 1) / 2) * spacing / divisor }
        let centres = places.flatMap { y in places.map { x in [x, y] } }
        return GaussianMixture(centres: centres, deviations: centres.map { _ in deviation / divisor }, name: name, stream: stream)
    }

    /// Three components on the line: 0.5 N(−2, 0.5²) + 0.3 N(1, 0.3²) + 0.2 N(3, 0.6²), stretched by `scale`.
    public static func line(scale: Double = 1, name: String = "mixture-1d", stream: RandomStream) -> GaussianMixture {
        GaussianMixture(
            centres: [[-2 * scale], [scale], [3 * scale]], deviations: [0.5 * scale, 0.3 * scale, 0.6 * scale], weights: [0.5, 0.3, 0.2], name: name,
            stream: stream)
    }
}

/// Single elements of a stream's normal numbers; neighbours share a group.
struct NormalNumbers {
    private let stream: RandomStream
    private var group = -1
    private var parts = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())

    init(_ stream: RandomStream) { self.stream = stream }

    subscript(_ index: Int) -> Double {
        mutating get {
            if index / 32 != group { (group, parts) = (index / 32, stream.normalGroup(index / 32)) }
            let lane = index / 4 % 8
            return switch index % 4 {
            case 0: parts.0[lane]
            case 1: parts.1[lane]
            case 2: parts.2[lane]
            default: parts.3[lane]
            }
        }
    }
}
