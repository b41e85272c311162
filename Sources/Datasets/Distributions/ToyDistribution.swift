import Tensors

/// A distribution that is known by name in configurations and commands, with its options.
public struct ToyDistribution: Sendable {
    /// A number that changes the distribution.
    public struct Option: Sendable {
        /// Its key.
        public let name: String
        /// What holds without it.
        public let standard: Double
        /// The values that make sense.
        public let range: ClosedRange<Double>
        /// Whether it must be a whole number.
        public let isWhole: Bool

        static func whole(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) -> Option {
            Option(name: name, standard: Double(standard), range: Double(range.lowerBound)...Double(range.upperBound), isWhole: true)
        }

        static func real(_ name: String, _ standard: Double, _ range: ClosedRange<Double>) -> Option {
            Option(name: name, standard: standard, range: range, isWhole: false)
        }
    }

    /// What a configuration calls it.
    public let name: String
    /// One line about it.
    public let summary: String
    /// What can be set.
    public let options: [Option]
    private let make: @Sendable (_ values: Values, _ name: String, _ stream: RandomStream) -> any SampleSource

    /// The value of every option.
    struct Values {
        let numbers: [String: Double]

        subscript(_ name: String) -> Double {
            guard let value = numbers[name] else { preconditionFailure("no option \(name)") }
            return value
        }

        func whole(_ name: String) -> Int { Int(self[name]) }
    }

    /// Every distribution.
    public static let all = [ring, grid, spiral, swissRoll, twoMoons, mixture1D, shapes]

    /// The distribution with some of its options set.
    /// - Parameters:
    ///   - numbers: values of options that exist, in their ranges.
    ///   - stream: what the samples are drawn from.
    public func source(_ numbers: [String: Double] = [:], stream: RandomStream) -> any SampleSource {
        let known = Set(options.map(\.name))
        precondition(numbers.keys.allSatisfy(known.contains), "\(name) has no such options: \(numbers)")
        let values = Values(numbers: Dictionary(uniqueKeysWithValues: options.map { ($0.name, numbers[$0.name] ?? $0.standard) }))
        let given = options.compactMap { option in numbers[option.name].map { "\(option.name)=\(option.isWhole ? String(Int($0)) : String($0))" } }
        return make(values, given.isEmpty ? name : name + ":" + given.joined(separator: ","), stream)
    }
}

extension ToyDistribution {
    static let ring = ToyDistribution(
        name: "ring", summary: "Gaussians on a circle; the classes are the modes",
        options: [.whole("modes", 8, 1...1000), .real("radius", 2, 0...1e6), .real("deviation", 0.1, 0...1e6), .real("divisor", 1, 1e-6...1e6)]
    ) { GaussianMixture.ring(modes: $0.whole("modes"), radius: $0["radius"], deviation: $0["deviation"], divisor: $0["divisor"], name: $1, stream: $2) }

    static let grid = ToyDistribution(
        name: "grid", summary: "Gaussians on a square grid; the classes are the modes",
        options: [.whole("side", 5, 1...100), .real("spacing", 2, 0...1e6), .real("deviation", 0.05, 0...1e6), .real("divisor", 1, 1e-6...1e6)]
    ) { GaussianMixture.grid(side: $0.whole("side"), spacing: $0["spacing"], deviation: $0["deviation"], divisor: $0["divisor"], name: $1, stream: $2) }

    static let spiral = ToyDistribution(
        name: "spiral", summary: "points on spirals; the classes are the arms",
        options: [.whole("arms", 2, 1...100), .real("turns", 1.5, 0...100), .real("radius", 2, 0...1e6), .real("deviation", 0.05, 0...1e6)]
    ) { NoisyCurve.spiral(arms: $0.whole("arms"), turns: $0["turns"], radius: $0["radius"], deviation: $0["deviation"], name: $1, stream: $2) }

    static let swissRoll = ToyDistribution(
        name: "swiss-roll", summary: "points on a roll of one and a half turns; no classes",
        options: [.real("deviation", 0.25, 0...1e6), .real("divisor", 7.5, 1e-6...1e6)]
    ) { NoisyCurve.swissRoll(deviation: $0["deviation"], divisor: $0["divisor"], name: $1, stream: $2) }

    static let twoMoons = ToyDistribution(
        name: "two-moons", summary: "points on two half circles; the classes are the circles", options: [.real("deviation", 0.1, 0...1e6)]
    ) { NoisyCurve.twoMoons(deviation: $0["deviation"], name: $1, stream: $2) }

    static let mixture1D = ToyDistribution(
        name: "mixture-1d", summary: "three unlike Gaussians on the line; the classes are the components", options: [.real("scale", 1, 1e-6...1e6)]
    ) { GaussianMixture.line(scale: $0["scale"], name: $1, stream: $2) }

    static let shapes = ToyDistribution(
        name: "shapes", summary: "pictures of a circle, a square or a triangle; the classes are the shapes",
        options: [.whole("size", 16, 8...256), .whole("channels", 1, 1...3)]
    ) { ShapeImages(size: $0.whole("size"), channels: $0.whole("channels"), name: $1, stream: $2) }
}
