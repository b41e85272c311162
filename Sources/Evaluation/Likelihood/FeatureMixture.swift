#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A mixture of round Gaussians in feature space, one around each of some images, with a width for each that makes other images most likely.
///
///     ln p(x) = ln 1/M · Σⱼ N(x; yⱼ, σⱼ²·I)
struct FeatureMixture {
    /// The centres.
    let centres: FeatureSet
    /// ln σⱼ².
    private(set) var logVariances: [Double]

    /// How the widths are found by Adam (Kingma and Ba 2015; β = 0.9 and 0.999).
    struct Fitting {
        /// Most passes over the images.
        var rounds: Int
        /// Images in a step.
        var batch: Int
        /// Step sizes by round.
        var rate: (Int) -> Double
        /// What ln σ² is kept within.
        var limits: ClosedRange<Double>
        /// Whether it starts where each Gaussian would make its nearest image most likely; otherwise at 0.
        var startsAtNearest: Bool
        /// Whether a Gaussian around the images' mean, with distances shrunk to 0.9, bears what lies far from every centre, and rounds end where the loss rests.
        var hasOrigin: Bool
    }

    /// Fits the widths to images.
    init(around centres: FeatureSet, fittedTo images: FeatureSet, _ fitting: Fitting) throws(EvaluationError) {
        let m = centres.count, n = images.count, dimension = Double(centres.dimension)
        let distances = try DistanceBlock.all(.memory(images), .memory(centres))
        let origin = fitting.hasOrigin ? Self.originDistances(images) : []
        var parameters = [Double](repeating: 0, count: m + (fitting.hasOrigin ? 1 : 0))
        if fitting.startsAtNearest {
            for centre in 0..<m {
                var least = Float.infinity
                for image in 0..<n { least = min(least, distances[image * m + centre]) }
                parameters[centre] = log((Double(least) + 1e-3) / dimension)
            }
        }
        var first = [Double](repeating: 0, count: parameters.count), second = first, step = 0, losses: [Double] = []
        for round in 0..<fitting.rounds {
            var total = 0.0, batches = 0.0
            for start in stride(from: 0, to: n, by: fitting.batch) {
                let rows = start..<min(start + fitting.batch, n)
                let (loss, gradient) = Self.loss(distances, rows, parameters, centres: m, dimension: dimension, origin: origin)
                step += 1
                let (one, two) = (1 - pow(0.9, Double(step)), 1 - pow(0.999, Double(step))), rate = fitting.rate(round)
                for index in parameters.indices {
                    first[index] = 0.9 * first[index] + 0.1 * gradient[index]
                    second[index] = 0.999 * second[index] + 0.001 * gradient[index] * gradient[index]
                    parameters[index] -= rate * (first[index] / one) / ((second[index] / two).squareRoot() + 1e-8)
                    if index < m { parameters[index] = min(max(parameters[index], fitting.limits.lowerBound), fitting.limits.upperBound) }
                }
                total += loss
                batches += 1
            }
            losses.append(total / batches)
            if fitting.hasOrigin, round > 5, losses.suffix(5).dropLast().allSatisfy({ abs($0 - losses[round]) < 5e-4 }) { break }
        }
        (self.centres, logVariances) = (centres, Array(parameters[..<m]))
    }

    /// −ln p of each image, divided by the number of features.
    func negativeLogLikelihoods(_ images: FeatureSet) throws(EvaluationError) -> [Double] {
        let distances = try DistanceBlock.all(.memory(images), .memory(centres)), m = centres.count, dimension = Double(centres.dimension)
        let (scales, offsets) = Self.terms(logVariances, dimension)
        return distances.withUnsafeBufferPointer { distances in
            (0..<images.count).map { image in
                let row = UnsafeBufferPointer(rebasing: distances[image * m..<(image + 1) * m])
                let largest = Self.largest(row, scales, offsets)
                var sum = 0.0
                for centre in 0..<m { sum += exp(offsets[centre] - scales[centre] * Double(row[centre]) - largest) }
                return (log(Double(m)) - largest - log(sum)) / dimension
            }
        }
    }

    /// 1/(2σ²) and −(d/2)·ln(2πσ²) of each Gaussian.
    private static func terms(_ logVariances: [Double], _ dimension: Double) -> (scales: [Double], offsets: [Double]) {
        (logVariances.map { 0.5 * exp(-$0) }, logVariances.map { -0.5 * dimension * ($0 + log(2 * Double.pi)) })
    }

    private static func largest(_ distances: UnsafeBufferPointer<Float>, _ scales: [Double], _ offsets: [Double]) -> Double {
        var largest = -Double.infinity
        for centre in distances.indices { largest = max(largest, offsets[centre] - scales[centre] * Double(distances[centre])) }
        return largest
    }

    /// The mean of −ln p/d over some images and its derivative with respect to each ln σ², the origin's last.
    private static func loss(
        _ distances: [Float], _ rows: Range<Int>, _ parameters: [Double], centres m: Int, dimension: Double, origin: [Double]
    ) -> (loss: Double, gradient: [Double]) {
        let (scales, offsets) = terms(parameters, dimension), share = log(Double(m))
        var gradient = [Double](repeating: 0, count: parameters.count), loss = 0.0
        distances.withUnsafeBufferPointer { distances in
            for image in rows {
                let row = UnsafeBufferPointer(rebasing: distances[image * m..<(image + 1) * m])
                var far = -Double.infinity
                // The origin's Gaussian has weight 1, each of the others 1/M.
                if !origin.isEmpty { far = offsets[m] - scales[m] * origin[image] + share }
                let largest = max(Self.largest(row, scales, offsets), far)
                var sum = origin.isEmpty ? 0 : exp(far - largest), near: [(centre: Int, weight: Double)] = []
                for centre in 0..<m {
                    let exponent = offsets[centre] - scales[centre] * Double(row[centre]) - largest
                    // What is smaller by e⁴⁰ changes no digit.
                    guard exponent > -40 else { continue }
                    let weight = exp(exponent)
                    sum += weight
                    near.append((centre, weight))
                }
                for (centre, weight) in near { gradient[centre] -= weight / sum * (scales[centre] * Double(row[centre]) - dimension / 2) }
                if !origin.isEmpty { gradient[m] -= exp(far - largest) / sum * (scales[m] * origin[image] - dimension / 2) }
                loss += share - largest - log(sum)
            }
        }
        let scale = 1 / (Double(rows.count) * dimension)
        return (loss * scale, gradient.map { $0 * scale })
    }

    /// (0.9·‖x − mean‖)² of each image.
    private static func originDistances(_ images: FeatureSet) -> [Double] {
        var mean = [Double](repeating: 0, count: images.dimension)
        for (index, value) in images.values.enumerated() { mean[index % images.dimension] += Double(value) / Double(images.count) }
        return (0..<images.count).map { image in
            0.81 * (0..<images.dimension).reduce(0.0) { sum, column in
                let difference = Double(images.values[image * images.dimension + column]) - mean[column]
                return sum + difference * difference
            }
        }
    }
}
