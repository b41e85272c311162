/// FID∞ as `gan-eval evaluate --metrics fid-infinity` reports it: ``FrechetExtrapolation`` as a metric of its own.
struct FrechetInfinityMetric: Metric {
    let about = MetricDescription(
        "fid-infinity", "FID∞", "FID of infinitely many images, extrapolated", needs: [.real, .features], better: .smaller, cost: "N·d² + 5·d³", paper: "Chong & Forsyth 2020, arXiv:1911.07023")

    /// Whether there are enough images is known before any metric computes.
    func announce(to sets: EvaluatedSets) throws(EvaluationError) {
        let real = try sets.real(for: name).file(for: name), fake = try sets.fake.file(for: name), few = min(real.count, fake.count), needed = max(2 * real.dimension, 8)
        guard few >= needed else { throw .tooFewImages(metric: name, set: real.count == few ? "real" : "generated", needed: needed, found: few) }
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let convention = sets.proto.frechet.convention
        // The quarters are cut from features in memory, whatever their number.
        let real = try sets.real(for: name).file(for: name).features(), fake = try sets.fake.file(for: name).features()
        let frechet = try FrechetInceptionDistance(convention: convention, extrapolationLimit: .max, seed: sets.proto.frechet.seed)(
            real: .features(real), fake: .features(fake), confidence: sets.confidence)
        guard let limit = frechet[detail: "fid_infinity"], let bias = frechet[detail: "bias"] else {
            let few = min(real.count, fake.count)
            throw .tooFewImages(metric: name, set: real.count == few ? "real" : "generated", needed: max(2 * real.dimension, 8), found: few)
        }
        var result = MetricResult(metric: name, value: limit, details: [.init("fid", frechet.value), .init("bias", bias)], realCount: real.count, fakeCount: fake.count, warnings: frechet.warnings)
        if limit < 0 { result.warnings.append("below zero: the sets are alike as far as so many images can tell") }
        if let error = frechet.standardError { result.addInterval(standardError: error, sets.confidence) }
        return result
    }
}
