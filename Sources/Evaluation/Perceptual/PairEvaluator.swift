import Archives
import Datasets
import Images

/// Compares pairs of images under one or more measures.
public struct PairEvaluator {
    /// How pictures become one size; nil takes them as they are.
    public var resizing: PictureResizing?
    /// Threads that decode and compare.
    public var workers = 2
    /// Fraction of repetitions that intervals cover.
    public var confidence = 0.95
    /// Memory for what pictures of a set have become while they are compared with the others.
    public var memory = 512 << 20
    /// Called with the measure's title and the number of pairs done and of all.
    public var progress: (String, Int, Int) -> Void = { _, _, _ in }
    /// Asked now and then.
    public var isCancelled: () -> Bool = { false }
    /// Told the value of each pair: the measure's position, the images' positions, the value. Pairs come in no particular order.
    public var observe: (_ measure: Int, _ first: Int, _ second: Int, Double) -> Void = { _, _, _, _ in }

    /// An evaluator with the defaults.
    public init() {}

    /// The mean of each measure over the pairs.
    /// - Throws: `ImageError` naming the file; ``EvaluationError`` for pictures of different or too small sizes, and where it is cancelled.
    public func evaluate(_ measures: [any PairMeasure], _ pairing: ImagePairing) throws -> EvaluationReport {
        guard 0 < confidence, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        var timing = ExtractionTiming.zero
        let results = try timing.measure(\.seconds) { _ in
            try measures.enumerated().map { index, measure in
                let statistics = pairing.second == nil ? try within(measure, index, pairing) : try between(measure, index, pairing)
                return result(of: measure, statistics, pairing)
            }
        }
        return EvaluationReport(results: results, titles: measures.map(\.title), identity: try identity(of: measures, pairing), realCount: pairing.second.map { _ in pairing.first.count },
                                fakeCount: pairing.second?.count ?? pairing.first.count, warnings: warnings(pairing), timing: timing)
    }

    /// Where two images differ, by LPIPS.
    /// - Throws: as ``evaluate(_:_:)``; `badOption` unless there is exactly one pair.
    public func map(_ measure: LPIPS, _ pairing: ImagePairing) throws -> HeatMap {
        guard case let .listed(pairs) = pairing.pairs, pairs.count == 1 else {
            throw EvaluationError.badOption(name: "--map", value: "of \(pairing.count) pairs", expected: "two image files")
        }
        let second = pairing.second ?? pairing.first
        let pictures = try PictureReader(resizing, workers).read([(pairing.first, pairs[0].0), (second, pairs[0].1)])
        try check([(pictures[0], pictures[1])], measure) { _ in (pairing.first.location(pairs[0].0), second.location(pairs[0].1)) }
        let values = measure.map(pictures[0], pictures[1])
        if let value = values.first(where: { !$0.isFinite }) { throw notANumber(measure, Double(value), second.location(pairs[0].1)) }
        return HeatMap(values, width: pictures[0].width)
    }

    // MARK: - Two sources

    private func between(_ measure: some PairMeasure, _ index: Int, _ pairing: ImagePairing) throws -> PairStatistics {
        guard case let .listed(pairs) = pairing.pairs, let second = pairing.second else { preconditionFailure("pairs of two sources are listed") }
        var statistics = PairStatistics(.independent, images: 0)
        let reader = PictureReader(resizing, workers)
        var start = 0, chunk = 1
        progress(measure.title, 0, pairs.count)
        while start < pairs.count {
            let part = pairs[start..<min(start + chunk, pairs.count)]
            let pictures = try reader.read(part.map { (pairing.first, $0.0) } + part.map { (second, $0.1) })
            let pictured = part.indices.map { (pictures[$0 - start], pictures[part.count + $0 - start]) }
            try check(pictured, measure) { (pairing.first.location(pairs[start + $0].0), second.location(pairs[start + $0].1)) }
            for (pair, value) in zip(part, measure.values(pictured, workers: workers)) {
                guard !value.isNaN else { throw notANumber(measure, value, second.location(pair.1)) }
                statistics.add(value, pair.0, pair.1)
                observe(index, pair.0, pair.1, value)
            }
            start += part.count
            // So many that all cores have work, so few that activations of all of them fit in little memory.
            chunk = max(1, min(32, 512 * 512 / (pictured[0].0.height * pictured[0].0.width)))
            progress(measure.title, start, pairs.count)
            if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
        }
        return statistics
    }

    // MARK: - One source

    /// Blocks of prepared pictures stay in memory while all later ones pass by.
    private func within<Measure: PairMeasure>(_ measure: Measure, _ index: Int, _ pairing: ImagePairing) throws -> PairStatistics {
        let source = pairing.first, reader = PictureReader(resizing, workers)
        let wanted = PairTable(pairing)
        var statistics = PairStatistics(wanted.design, images: source.count)
        let images = wanted.images
        var model: (picture: Picture, index: Int)?

        /// The next few of `images`, prepared.
        func prepare(_ places: Range<Int>) throws -> [Measure.Prepared] {
            let pictures = try reader.read(images[places].map { (source, $0) })
            let first = model ?? (pictures[0], images[places.lowerBound])
            model = first
            try check(pictures.map { (first.picture, $0) }, measure) { (source.location(first.index), source.location(images[places.lowerBound + $0])) }
            return measure.prepare(pictures, workers: workers)
        }

        progress(measure.title, 0, pairing.count)
        let sample = try prepare(0..<1)
        let blockSize = max(1, memory / max(1, Measure.byteCount(sample[0])))
        let chunk = max(1, min(32, blockSize, 512 * 512 / ((model?.picture.height ?? 1) * (model?.picture.width ?? 1))))
        for blockStart in stride(from: 0, to: images.count, by: blockSize) {
            var block: [Measure.Prepared] = []
            for start in stride(from: blockStart, to: images.count, by: chunk) {
                let places = start..<min(start + chunk, images.count)
                let isInBlock = start < blockStart + blockSize
                let pairs = places.flatMap { place in wanted.partners(of: images[place], among: images, blockStart..<min(blockStart + blockSize, place)).map { ($0, place) } }
                // Later pictures that nothing in the block is compared with need not be read.
                guard isInBlock || !pairs.isEmpty else { continue }
                let prepared = try prepare(places)
                if isInBlock { block += prepared.prefix(blockStart + blockSize - start) }
                let (held, passing) = (block, prepared)
                let values = concurrentMap(pairs.count, workers: workers) { Measure.compare(held[pairs[$0].0 - blockStart], passing[pairs[$0].1 - start]) }
                for (pair, value) in zip(pairs, values) {
                    guard !value.isNaN else { throw notANumber(measure, value, source.location(images[pair.1])) }
                    statistics.add(value, images[pair.0], images[pair.1])
                    observe(index, images[pair.0], images[pair.1], value)
                }
                progress(measure.title, statistics.count, pairing.count)
                if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
            }
        }
        return statistics
    }

    // MARK: - What is said about it

    /// Pictures of a pair have one size, and not too small a one.
    private func check(_ pairs: [(Picture, Picture)], _ measure: some PairMeasure, locations: (Int) -> (String, String)) throws(EvaluationError) {
        for (index, (a, b)) in pairs.enumerated() {
            guard a.hasSize(of: b) else {
                let (first, second) = locations(index)
                throw .wrongFile(path: second, expected: "\(a.size) pixels as in \(first)", found: "\(b.size); --size N makes all pictures N x N")
            }
            guard min(a.height, a.width) >= measure.smallestSide else {
                throw .wrongFile(path: locations(index).1, expected: "at least \(measure.smallestSide) x \(measure.smallestSide) pixels for \(measure.title)",
                                 found: "\(b.size); --size N makes all pictures N x N")
            }
        }
    }

    /// Only broken weights make one.
    private func notANumber(_ measure: some PairMeasure, _ value: Double, _ path: String) -> EvaluationError {
        .wrongFile(path: path, expected: "a number for its \(measure.title)", found: "\(value); check the network's weights")
    }

    private func result(of measure: some PairMeasure, _ statistics: PairStatistics, _ pairing: ImagePairing) -> MetricResult {
        var details = [MetricResult.Detail("pairs", Double(statistics.count)), .init("lowest", statistics.lowest), .init("highest", statistics.highest)]
        if let deviation = statistics.deviation { details.append(.init("std_over_pairs", deviation)) }
        var warnings = measure.warnings
        if statistics.highest == .infinity { warnings.append("at least one pair of pictures is equal, whose \(measure.title) is infinite") }
        return MetricResult(metric: measure.name, value: statistics.average, standardError: statistics.standardError?.value, interval: statistics.interval(confidence), details: details,
                            realCount: pairing.second.map { _ in pairing.first.count }, fakeCount: pairing.second?.count ?? pairing.first.count, warnings: warnings)
    }

    private func identity(of measures: [any PairMeasure], _ pairing: ImagePairing) throws -> FeatureIdentity {
        var identity = FeatureIdentity(["pairs": pairing.rule, "resize": resizing?.description ?? "none", "version": Version.current])
        for measure in measures { identity.entries.merge(measure.identity) { first, _ in first } }
        for (name, source) in [("real_images_sha256", pairing.second == nil ? nil : pairing.first), ("fake_images_sha256", pairing.second ?? pairing.first)] {
            identity[name] = try source.map { source in try source.contentDigest(workers: workers).hexadecimal }
        }
        return identity
    }

    private func warnings(_ pairing: ImagePairing) -> [String] {
        [(pairing.first.path, pairing.unmatchedFirst), (pairing.second?.path ?? "", pairing.unmatchedSecond)].compactMap { path, names in
            guard let first = names.first else { return nil }
            return "\(path): \(names.count) \(names.count == 1 ? "image has" : "images have") no partner and \(names.count == 1 ? "is" : "are") left out: \(first)" + (names.count > 1 ? ", …" : "")
        }
    }
}
