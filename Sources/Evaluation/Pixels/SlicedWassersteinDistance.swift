import LinearAlgebra

/// The sliced Wasserstein distance of patches, on each level of the images' Laplacian pyramids: how differently the sets are distributed at each scale.
///
///     SWD = 10³ · mean over directions of mean |sort(A·u) − sort(B·u)|,  value = mean over levels
///
/// A and B are 7×7×3 patches at random places, each channel brought to mean 0 and deviation 1 over its set; u are random unit directions, 4 times 128 of them; levels go from the images' own size down to 16 pixels.
/// Source: Karras et al. 2018, *Progressive growing of GANs*, arXiv:1710.10196, and its code: 16 384 images, 128 patches of each.
struct SlicedWassersteinDistance {
    /// Patches of each image and level.
    var patches: Int
    /// How many times 128 directions are drawn.
    var repeats: Int
    /// At most this many images of each set, evenly spaced; the larger set is thinned to the smaller.
    var limit: Int
    /// The pyramid ends with the last level at least this wide and high.
    var smallest: Int
    /// The seed of NumPy's legacy generator for patches and directions.
    var seed: UInt32

    /// The paper's distance with 16 384 images; memory grows by about 75 kB for each image of either set.
    init(patches: Int = 128, repeats: Int = 4, limit: Int = 16_384, smallest: Int = 16, seed: UInt32 = 2020) {
        (self.patches, self.repeats, self.limit, self.smallest, self.seed) = (patches, repeats, limit, smallest, seed)
    }

    private static let side = 7, directions = 128

    func callAsFunction(_ readers: (real: ImageReader, fake: ImageReader), total: (real: Int, fake: Int)) throws(EvaluationError) -> MetricResult {
        let (width, height) = (readers.real.width, readers.real.height)
        let levels = LaplacianPyramid.count(width: width, height: height, smallest: smallest)
        guard levels > 0 else { throw .wrongSize(image: "the first image", expected: "at least \(smallest) x \(smallest)", found: "\(width) x \(height)") }
        let count = min(readers.real.count, readers.fake.count)
        var details: [MetricResult.Detail] = [], plain: [String] = [], sum = 0.0
        // A level at a time: the patches of all would be several times as many.
        for level in 0..<levels {
            let a = try patches(of: readers.real, level: level, of: levels, set: 0), b = try patches(of: readers.fake, level: level, of: levels, set: 1)
            let distance = 1000 * self.distance(a, b, level: level)
            for (name, rows) in [("real", a), ("generated", b)] where !rows.contains(where: { $0 != 0 }) { plain.append(name) }
            details.append(.init("level_\((min(width, height) + (1 << level) - 1) >> level)", distance))
            sum += distance
        }
        var result = MetricResult(metric: "sliced-wasserstein", value: sum / Double(levels), details: details + [.init("images_used", Double(count))], realCount: total.real, fakeCount: total.fake)
        if count < 1000 { result.warnings.append("\(count) images of each set: patches of one image are alike, so the value is mostly noise of small sets; compare only equal numbers of images") }
        for name in ["real", "generated"] where plain.count(where: { $0 == name }) == levels { result.warnings.append("all \(name) images are of one and the same colour: the distance compares patterns, and sees no colours") }
        if max(total.real, total.fake) > count { result.warnings.append("\(count) evenly spaced images of each set were used") }
        return result
    }

    /// Patches of a level of all images, each channel standardised over the set.
    /// - Shape: `[images·patches, 147]`
    private func patches(of reader: ImageReader, level: Int, of levels: Int, set: UInt32) throws(EvaluationError) -> [Float] {
        let side = Self.side, half = side / 2, area = side * side
        var generator = MersenneTwister(seed: seed &+ 1000 * UInt32(level) + set)
        var values: [Float] = []
        values.reserveCapacity(reader.count * patches * 3 * area)
        try reader.forEach { (_: Int, pixels: [UInt8]) throws(EvaluationError) in
            let pyramid = LaplacianPyramid(pixels, width: reader.width, height: reader.height, levels: min(level + 2, levels)).levels[level]
            for _ in 0..<patches {
                let x = half + generator.integer(below: pyramid.width - 2 * half), y = half + generator.integer(below: pyramid.height - 2 * half)
                for c in 0..<3 {
                    for row in y - half...y + half {
                        let start = (c * pyramid.height + row) * pyramid.width
                        values += pyramid.planes[start + x - half...start + x + half]
                    }
                }
            }
        }
        for c in 0..<3 {
            var total = 0.0, squares = 0.0
            let starts = stride(from: c * area, to: values.count, by: 3 * area), n = Double(values.count / 3)
            for start in starts { for k in start..<start + area { total += Double(values[k]) } }
            let mean = total / n
            for start in starts { for k in start..<start + area { squares += (Double(values[k]) - mean) * (Double(values[k]) - mean) } }
            // Constant colours have no pattern, hence no distance.
            let scale = squares > 0 ? 1 / (squares / n).squareRoot() : 0
            for start in starts { for k in start..<start + area { values[k] = Float((Double(values[k]) - mean) * scale) } }
        }
        return values
    }

    /// The mean over directions of the mean difference of sorted projections.
    private func distance(_ a: [Float], _ b: [Float], level: Int) -> Double {
        let width = 3 * Self.side * Self.side, count = a.count / width
        var generator = MersenneTwister(seed: seed &+ 1000 * UInt32(level) + 2), sum = 0.0
        for _ in 0..<repeats * Self.directions {
            var direction = (0..<width).map { _ in generator.standardNormal() }
            let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for k in direction.indices { direction[k] /= norm }
            let unit = direction.map(Float.init)
            let sorted = inParallel(2) { side in Self.projections(side == 0 ? a : b, count, unit).sorted() }
            var difference = 0.0
            for i in 0..<count { difference += Double(abs(sorted[0][i] - sorted[1][i])) }
            sum += difference / Double(count)
        }
        return sum / Double(repeats * Self.directions)
    }

    private static func projections(_ rows: [Float], _ count: Int, _ unit: [Float]) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { target, initialized in
            rows.withUnsafeBufferPointer { rows in
                unit.withUnsafeBufferPointer { unit in multiplyByTransposed(rows, unit, into: target, m: count, n: 1, k: unit.count) }
            }
            initialized = count
        }
    }
}

/// SWD as `gan-eval evaluate --metrics sliced-wasserstein` reports it.
struct SlicedWassersteinMetric: Metric {
    let about = MetricDescription(
        "sliced-wasserstein", "SWD", "difference of patches at each scale of a Laplacian pyramid, ×10³", needs: [.real, .images], better: .smaller, cost: "512·128·N·147",
        paper: "Karras et al. 2018, arXiv:1710.10196")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let distance = SlicedWassersteinDistance(seed: sets.proto.seed)
        let real = try sets.real(for: name).images(for: name), fake = try sets.fake.images(for: name)
        let count = min(real.positions.count, fake.positions.count, distance.limit)
        return try distance(sets.readers(limit: count, for: name), total: (real.positions.count, fake.positions.count))
    }
}
