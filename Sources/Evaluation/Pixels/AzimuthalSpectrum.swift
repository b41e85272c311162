#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The azimuthally averaged power spectra of a set of images: for each image and each whole spatial frequency k the mean of |F|² over the frequencies whose distance from zero rounds down to k.
///
/// Source: Durall et al. 2020, *Watch your up-convolution: CNN based generative deep neural networks are failing to reproduce spectral distributions*, arXiv:2003.01826.
struct AzimuthalSpectrum {
    /// The mean power at frequencies 1…⌊side/2⌋ cycles per image, one row for each image.
    /// - Shape: `[images, bins]`
    let profiles: [[Double]]
    /// Their mean.
    let mean: [Double]

    /// Number of frequencies.
    var bins: Int { mean.count }

    /// - Throws: as ``ImageReader``; `wrongSize` for images that are not square or smaller than 8 pixels.
    init(_ reader: ImageReader) throws(EvaluationError) {
        let side = reader.width
        guard reader.height == side, side >= 8 else { throw .wrongSize(image: "the first image", expected: "a square of at least 8 x 8", found: "\(reader.width) x \(reader.height)") }
        let bins = side / 2, spectrum = PowerSpectrum(width: side, height: side)
        // The bin of each frequency, and how many frequencies a bin has. Frequency zero, the brightness, has none.
        var bin = [Int](repeating: 0, count: side * side), members = [Double](repeating: 0, count: bins + 1)
        for v in 0..<side {
            for u in 0..<side {
                let (y, x) = (v <= (side - 1) / 2 ? v : v - side, u <= (side - 1) / 2 ? u : u - side)
                let distance = Int(Double(x * x + y * y).squareRoot())
                bin[v * side + u] = distance <= bins ? distance : 0
                if distance <= bins { members[distance] += 1 }
            }
        }
        var profiles: [[Double]] = [], mean = [Double](repeating: 0, count: bins)
        try reader.forEachLuminance { (_: Int, image: [Double]) throws(EvaluationError) in
            var sums = [Double](repeating: 0, count: bins + 1)
            for (place, power) in spectrum(image).enumerated() where bin[place] > 0 { sums[bin[place]] += power }
            let profile = (1...bins).map { sums[$0] / members[$0] }
            for k in 0..<bins { mean[k] += profile[k] }
            profiles.append(profile)
        }
        self.profiles = profiles
        self.mean = mean.map { $0 / Double(profiles.count) }
    }

    /// The mean power in decibels, 10·log₁₀; nothing for powers of zero, which blank images have.
    var decibels: [Double]? { mean.allSatisfy { $0 > 0 } ? mean.map { 10 * log10($0) } : nil }

    /// Σ_k weights_k·ln P_k of the mean spectrum, and its squared standard error over images.
    func logLinear(_ weights: [Double]) -> (value: Double, variance: Double) {
        let value = zip(weights, mean).reduce(0) { $0 + $1.0 * log($1.1) }
        return (value, varianceOfMean(profiles.map { profile in (0..<bins).reduce(0) { $0 + weights[$1] * profile[$1] / mean[$1] } }))
    }

    /// The spectrum as a curve: decibels over cycles per image.
    func curve(_ name: String) -> MetricResult.Curve {
        MetricResult.Curve(name, x: "cycles per image", y: "mean power in dB", (decibels ?? []).enumerated().map { SIMD2(Double($0 + 1), $1) })
    }
}

/// The spectra of both sets of an evaluation, computed once for all metrics of them.
private struct Spectra {
    let real: AzimuthalSpectrum, fake: AzimuthalSpectrum

    static func of(_ sets: EvaluatedSets, for metric: String) throws(EvaluationError) -> Spectra {
        try sets.work.value { () throws(EvaluationError) in
            let readers = try sets.readers(for: metric)
            return Spectra(real: try AzimuthalSpectrum(readers.real), fake: try AzimuthalSpectrum(readers.fake))
        }
    }
}

/// The distance of mean azimuthally averaged power spectra, the root of the mean squared difference in decibels over the frequencies 1…⌊side/2⌋:
///
///     √(1/K Σ_k (10·log₁₀ P_real(k) − 10·log₁₀ P_fake(k))²)
///
/// Durall et al. show the spectra and train a classifier on them; this is the plain distance between what they plot. Generators that sample up by transposed convolution show at the high frequencies.
struct SpectrumDistanceMetric: Metric {
    let about = MetricDescription(
        "spectrum-distance", "Power spectrum distance", "difference of azimuthally averaged power spectra, in dB", needs: [.real, .images], better: .smaller, cost: "N·pixels·log(side)",
        paper: "Durall et al. 2020, arXiv:2003.01826")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let spectra = try Spectra.of(sets, for: name), (real, fake) = (spectra.real, spectra.fake)
        let counts = (real.profiles.count, fake.profiles.count)
        guard let a = real.decibels, let b = fake.decibels else {
            var result = MetricResult(metric: name, value: .infinity, realCount: counts.0, fakeCount: counts.1)
            result.warnings.append("the images of a set have no power at some frequency (all of one colour?): the distance is infinite")
            return result
        }
        let differences = zip(a, b).map { $0 - $1 }, k = Double(differences.count)
        let value = (differences.reduce(0) { $0 + $1 * $1 } / k).squareRoot()
        let high = differences[(differences.count * 3 / 4)...]
        var result = MetricResult(metric: name, value: value, details: [.init("high_frequency_excess", -high.reduce(0, +) / Double(high.count)), .init("frequencies", k)], realCount: counts.0, fakeCount: counts.1)
        result.curves = [real.curve("real"), fake.curve("generated")]
        if min(counts.0, counts.1) < 50 { result.warnings.append("\(min(counts.0, counts.1)) images are few: spectra of single images vary by several dB") }
        guard value > 0 else { return result }
        // ∂D/∂ ln P(k) = 10/ln 10 · difference/(K·D).
        let weights = differences.map { 10 / log(10) * $0 / (k * value) }
        result.addInterval(standardError: (real.logLinear(weights).variance + fake.logLinear(weights).variance).squareRoot(), sets.confidence)
        return result
    }
}

/// The slope of the power spectrum, α in P(k) ∝ 1/k^α, by least squares of ln P on ln k over the frequencies 1…⌊side/2⌋. Natural images have about 2.
///
/// Sources: Field 1987, *Relations between the statistics of natural images and the response properties of cortical cells*; Borji 2018, arXiv:1802.03446, measure 23, after Zeng et al. 2017, *Statistics of deep generated images*,
/// arXiv:1708.02688.
struct SpectralSlopeMetric: Metric {
    let about = MetricDescription(
        "spectral-slope", "Spectral slope", "how steeply power falls with spatial frequency", needs: [.real, .images], better: .asReal, cost: "N·pixels·log(side)", paper: "Zeng et al. 2017, arXiv:1708.02688")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let spectra = try Spectra.of(sets, for: name), (real, fake) = (spectra.real, spectra.fake)
        var result = MetricResult(metric: name, value: .nan, realCount: real.profiles.count, fakeCount: fake.profiles.count)
        guard real.decibels != nil, fake.decibels != nil else {
            result.warnings.append("the images of a set have no power at some frequency (all of one colour?): there is no slope")
            return result
        }
        let logs = (1...fake.bins).map { log(Double($0)) }, centre = logs.reduce(0, +) / Double(logs.count)
        let squares = logs.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        let weights = logs.map { -($0 - centre) / squares }
        let (slope, truth) = (fake.logLinear(weights), real.logLinear(weights))
        result = MetricResult(metric: name, value: slope.value, details: [.init("real_slope", truth.value), .init("real_slope_standard_error", truth.variance.squareRoot())],
                              realCount: real.profiles.count, fakeCount: fake.profiles.count)
        result.addInterval(standardError: slope.variance.squareRoot(), sets.confidence)
        return result
    }
}
