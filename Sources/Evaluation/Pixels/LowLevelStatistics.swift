#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A histogram of numbers in equal bins over a range; what lies outside counts in the first or last bin.
struct Histogram {
    private(set) var counts: [Double]
    private let range: ClosedRange<Double>

    init(bins: Int, over range: ClosedRange<Double>) { (counts, self.range) = ([Double](repeating: 0, count: bins), range) }

    mutating func add(_ value: Double) {
        let place = (value - range.lowerBound) / (range.upperBound - range.lowerBound) * Double(counts.count)
        counts[max(0, min(counts.count - 1, place.isFinite ? Int(place.rounded(.down)) : 0))] += 1
    }

    /// KL(self‖other) in nats of the two distributions with one observation added to the whole, spread evenly, so that an empty bin makes it large and not infinite.
    func divergence(from other: Histogram) -> Double {
        func shares(_ counts: [Double]) -> [Double] {
            let total = counts.reduce(0, +) + 1
            return counts.map { ($0 + 1 / Double(counts.count)) / total }
        }
        return zip(shares(counts), shares(other.counts)).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
    }
}

/// What is counted in the images of one set for `contrast-divergence` and `filter-divergence`.
private struct LowLevelCounts {
    var luminance = 0.0
    /// The root-mean-square contrast of each image: the deviation of its luminance over its mean.
    var contrasts: [Double] = []
    var contrast = Histogram(bins: 50, over: 0...2)
    var responses = Histogram(bins: 101, over: -101...101)
    /// Sums of responses to the second and fourth power.
    var second = 0.0, fourth = 0.0, responseCount = 0.0

    /// Kurtosis of the filters' responses, 3 for normal ones and larger for natural images.
    var kurtosis: Double { second > 0 ? fourth * responseCount / (second * second) : .nan }
    var meanContrast: Double { contrasts.reduce(0, +) / Double(contrasts.count) }

    init(_ reader: ImageReader, seed: UInt32) throws(EvaluationError) {
        let (width, height) = (reader.width, reader.height), filters = RandomFilters(seed: seed)
        guard min(width, height) >= RandomFilters.side else { throw .wrongSize(image: "the first image", expected: "at least \(RandomFilters.side) x \(RandomFilters.side)", found: "\(width) x \(height)") }
        var (luminance, contrasts, contrast, responses, second, fourth, count) = (0.0, [Double](), self.contrast, self.responses, 0.0, 0.0, 0.0)
        try reader.forEachLuminance { (_: Int, image: [Double]) throws(EvaluationError) in
            let n = Double(image.count), mean = image.reduce(0, +) / n
            let deviation = (image.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
            luminance += mean
            contrasts.append(mean > 0 ? deviation / mean : 0)
            contrast.add(mean > 0 ? deviation / mean : 0)
            filters.forEachResponse(image, width, height) { value in
                responses.add(value)
                second += value * value
                fourth += value * value * value * value
                count += 1
            }
        }
        (self.luminance, self.contrasts, self.contrast, self.responses) = (luminance / Double(reader.count), contrasts, contrast, responses)
        (self.second, self.fourth, responseCount) = (second, fourth, count)
    }
}

/// Eight random 8×8 filters with mean zero and unit length, applied without overlap of the places: every eighth pixel.
private struct RandomFilters {
    static let side = 8, count = 8
    /// - Shape: `[8, 64]`
    private let weights: [[Double]]

    init(seed: UInt32) {
        var generator = MersenneTwister(seed: seed)
        weights = (0..<Self.count).map { _ in
            let draws = (0..<Self.side * Self.side).map { _ in generator.standardNormal() }
            let mean = draws.reduce(0, +) / Double(draws.count), centred = draws.map { $0 - mean }
            let norm = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return centred.map { $0 / norm }
        }
    }

    func forEachResponse(_ image: [Double], _ width: Int, _ height: Int, _ body: (Double) -> Void) {
        let side = Self.side
        for top in stride(from: 0, through: height - side, by: side) {
            for left in stride(from: 0, through: width - side, by: side) {
                for filter in weights {
                    var sum = 0.0
                    for y in 0..<side { for x in 0..<side { sum += filter[y * side + x] * image[(top + y) * width + left + x] } }
                    body(sum)
                }
            }
        }
    }
}

/// The counts of both sets, made once for both metrics.
private struct LowLevelPair {
    let real: LowLevelCounts, fake: LowLevelCounts
    let counts: (real: Int, fake: Int)

    static func of(_ sets: EvaluatedSets, for metric: String) throws(EvaluationError) -> LowLevelPair {
        try sets.work.value { () throws(EvaluationError) in
            let readers = try sets.readers(for: metric)
            return LowLevelPair(real: try LowLevelCounts(readers.real, seed: sets.proto.seed), fake: try LowLevelCounts(readers.fake, seed: sets.proto.seed), counts: (readers.real.count, readers.fake.count))
        }
    }

    func result(_ metric: String, _ divergence: Double, _ details: [MetricResult.Detail]) -> MetricResult {
        var result = MetricResult(metric: metric, value: divergence, details: details, realCount: counts.real, fakeCount: counts.fake)
        if min(counts.real, counts.fake) < 500 { result.warnings.append("\(min(counts.real, counts.fake)) images fill the histogram thinly: alike sets have a divergence of about bins/(2·images)") }
        return result
    }
}

/// The divergence of the images' contrasts: KL(real ‖ generated) of histograms of the deviation of an image's luminance over its mean, in 50 bins from 0 to 2.
///
/// Sources: Borji 2018, arXiv:1802.03446, measure 23, after Zeng et al. 2017, *Statistics of deep generated images*, arXiv:1708.02688.
struct ContrastDivergenceMetric: Metric {
    let about = MetricDescription(
        "contrast-divergence", "Contrast divergence", "how differently contrast is distributed over images, in nats", needs: [.real, .images], better: .smaller, cost: "N·pixels", paper: "Zeng et al. 2017, arXiv:1708.02688")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let pair = try LowLevelPair.of(sets, for: name)
        return pair.result(name, pair.real.contrast.divergence(from: pair.fake.contrast), [
            .init("real_contrast", pair.real.meanContrast), .init("generated_contrast", pair.fake.meanContrast), .init("real_luminance", pair.real.luminance), .init("generated_luminance", pair.fake.luminance)])
    }
}

/// The divergence of the responses of random filters: KL(real ‖ generated) of histograms of what eight random 8×8 filters of mean zero and unit length answer, in 101 bins of 2 grey levels. Natural images have many weak
/// and few strong responses; the kurtoses of both sets are details.
///
/// Sources: Borji 2018, arXiv:1802.03446, measure 23, after Zeng et al. 2017, arXiv:1708.02688.
struct FilterDivergenceMetric: Metric {
    let about = MetricDescription(
        "filter-divergence", "Filter response divergence", "how differently random filters respond, in nats", needs: [.real, .images], better: .smaller, cost: "8·N·pixels", paper: "Zeng et al. 2017, arXiv:1708.02688")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let pair = try LowLevelPair.of(sets, for: name)
        return pair.result(name, pair.real.responses.divergence(from: pair.fake.responses), [.init("real_kurtosis", pair.real.kurtosis), .init("generated_kurtosis", pair.fake.kurtosis)])
    }
}
