import Tensors
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many of the data's modes a generator reaches, and how evenly: on mixtures with known centres, or on anything that a classifier or clustering can label.
///
/// A sample belongs to its nearest mode and is of high quality within three deviations of that mode's centre. A mode is found when its high-quality samples are at least
/// 20 % of its fair share. Sources: Srivastava et al. 2017, *VEEGAN*; Lin et al. 2018, *PacGAN*, section 4.1, whose modes count from one high-quality sample on.
public struct ModeCoverage: Hashable, Sendable {
    /// How the modes are covered.
    public enum Verdict: String, Sendable, CaseIterable {
        /// Every mode is found.
        case complete
        /// Some mode is missing.
        case partial
        /// The samples are no more even than if half of the modes were gone: the reverse divergence is at least ln 2.
        case collapsed
    }

    /// Samples of each mode, whatever their quality.
    public let counts: [Int]
    /// High-quality samples of each mode.
    public let highQualityCounts: [Int]
    /// Share of the data that each mode has.
    public let shares: [Double]

    /// Counts that were made elsewhere.
    ///
    /// - Parameters:
    ///   - counts: Samples of each mode; not all 0.
    ///   - highQualityCounts: How many of them are of high quality; all when nil.
    ///   - shares: Weight of each mode in the data, positive; all alike when nil. They need not add up to 1.
    public init(counts: [Int], highQualityCounts: [Int]? = nil, shares: [Double]? = nil) {
        let good = highQualityCounts ?? counts, weights = shares ?? counts.map { _ in 1 }
        precondition(good.count == counts.count && weights.count == counts.count, "\(counts.count) modes, \(good.count) counts of quality, \(weights.count) shares")
        precondition(counts.contains { $0 > 0 } && zip(good, counts).allSatisfy { 0 <= $0 && $0 <= $1 }, "counts \(counts), of high quality \(good)")
        precondition(weights.allSatisfy { $0 > 0 }, "shares \(weights): the data has every mode")
        let sum = weights.reduce(0, +)
        (self.counts, self.highQualityCounts, self.shares) = (counts, good, weights.map { $0 / sum })
    }

    /// Samples in the space of a mixture of round normal distributions.
    ///
    /// - Shape: samples `[N, d]`, centres `modes × d`.
    /// - Parameters:
    ///   - deviation: Standard deviation of each coordinate within a mode; a sample further than three of them from every centre is not of high quality. Real ones are: 98.9 % in the plane.
    ///   - shares: Weight of each mode in the data; all alike when nil.
    public init(samples: Tensor, centres: [[Double]], deviation: Double, shares: [Double]? = nil) {
        let values = samples.doubles, width = samples.shape.rank == 2 ? samples.shape[1] : 0
        precondition(samples.shape.rank == 2 && !centres.isEmpty && centres.allSatisfy { $0.count == width }, "samples \(samples.shape) and \(centres.count) centres of \(centres.first?.count ?? 0) coordinates")
        var counts = [Int](repeating: 0, count: centres.count), good = counts
        for row in stride(from: 0, to: values.count, by: width) {
            var (nearest, least) = (0, Double.infinity)
            for (mode, centre) in centres.enumerated() {
                let square = (0..<width).reduce(0) { $0 + (values[row + $1] - centre[$1]) * (values[row + $1] - centre[$1]) }
                if square < least { (nearest, least) = (mode, square) }
            }
            counts[nearest] += 1
            if least <= 9 * deviation * deviation { good[nearest] += 1 }
        }
        self.init(counts: counts, highQualityCounts: good, shares: shares)
    }

    /// Samples that a classifier or clustering has labelled `0..<modes`.
    public init(labels: [Int], modes: Int, shares: [Double]? = nil) {
        var counts = [Int](repeating: 0, count: modes)
        for label in labels {
            precondition(0..<modes ~= label, "label \(label) of \(modes) modes")
            counts[label] += 1
        }
        self.init(counts: counts, shares: shares)
    }

    /// Samples altogether.
    public var sampleCount: Int { counts.reduce(0, +) }

    /// Modes, in order, that have less than 20 % of their fair share in high-quality samples.
    public var missingModes: [Int] {
        let total = Double(sampleCount)
        return counts.indices.filter { Double(highQualityCounts[$0]) < 0.2 * shares[$0] * total }
    }

    /// Number of modes that are found.
    public var modesFound: Int { counts.count - missingModes.count }

    /// Share of samples within three deviations of a centre.
    public var highQualityShare: Double { Double(highQualityCounts.reduce(0, +)) / Double(sampleCount) }

    /// `KL(histogram ‖ shares) = Σ h ln(h / share)` in nats: 0 when every mode has its share, ln k when one of k even modes has everything.
    public var reverseDivergence: Double {
        let total = Double(sampleCount)
        return zip(counts, shares).reduce(0) { sum, mode in
            let share = Double(mode.0) / total
            return share > 0 ? sum + share * log(share / mode.1) : sum
        }
    }

    /// How the modes are covered.
    public var verdict: Verdict {
        if reverseDivergence >= log(2) - 1e-12 { .collapsed } else if missingModes.isEmpty { .complete } else { .partial }
    }
}

extension ModeCoverage: CustomStringConvertible {
    /// `5 of 8 modes (without 1, 4, 6), 88.0 % of high quality, reverse divergence 0.452: partial`.
    public var description: String {
        let without = missingModes.isEmpty ? "" : " (without \(missingModes.map(String.init).joined(separator: ", ")))"
        let quality = (highQualityShare * 1000).rounded() / 10, divergence = (reverseDivergence * 1000).rounded() / 1000
        return "\(modesFound) of \(counts.count) modes\(without), \(quality) % of high quality, reverse divergence \(divergence): \(verdict.rawValue)"
    }
}
