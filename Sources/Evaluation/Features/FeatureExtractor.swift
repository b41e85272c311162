import Archives
import Crypto
import Datasets
import FeatureNetworks
import Images

/// How images are run through a network.
public struct ExtractionOptions: Sendable {
    /// Images that are decoded, run and stored together. Affects speed and the steps of resumption only.
    public var batchSize = 32
    /// Threads that decode and resize beside the network.
    public var workers = 2
    /// Leave out what cannot be read or decoded, and report it, instead of failing.
    public var skipsUnreadable = false
    /// Folder of finished and interrupted extractions; nil keeps nothing.
    public var cache: String?
    /// Where features are read; nil takes the network's default.
    public var tap: String?
    /// Whether class scores are kept as well, for the Inception Score.
    public var keepsLogits = false

    /// The defaults.
    public init() {}
}

/// Features of one set of images, on disk so that memory does not grow with their number.
public struct ExtractedFeatures {
    /// The rows and their identity.
    public let file: FeaturesFile
    /// For each row, its image's position in the source.
    public let images: [Int]
    /// Images that were left out, each with its reason.
    public let skipped: [ImageError]
    /// Whether nothing had to be computed.
    public let isFromCache: Bool
    /// One line about what was left out; nil if nothing was.
    public func skippedNote(_ path: String) -> String? {
        skipped.first.map { "\(path): \(skipped.count) unreadable \(skipped.count == 1 ? "image" : "images") left out, first \($0)" }
    }

    /// What the extraction took; zero where nothing had to be computed.
    public let timing: ExtractionTiming

    /// Holds a temporary folder that goes when the features do.
    private let folder: TemporaryFolder?

    init(file: FeaturesFile, images: [Int], skipped: [ImageError], isFromCache: Bool, timing: ExtractionTiming = .zero, folder: TemporaryFolder?) {
        (self.file, self.images, self.skipped, self.isFromCache, self.timing, self.folder) = (file, images, skipped, isFromCache, timing, folder)
    }

    /// The rows' classes, as `source` knows them; nil if it was opened without labels.
    public func labels(from source: ImageSource) throws(EvaluationError) -> ImageLabels? {
        guard let names = source.classNames else { return nil }
        return try ImageLabels(images.compactMap(source.label), classNames: names)
    }
}

/// Runs every image of a source through a network once: decoding and resizing on workers, the network on the calling thread.
///
/// Rows go to a journal batch by batch, so a killed extraction resumes where it stopped; the finished file appears under its name in one step.
public final class FeatureExtractor {
    private let network: LoadedNetwork
    private let proto: EvaluationProtocol

    /// An extractor for one network under one protocol.
    public init(_ network: LoadedNetwork, _ proto: EvaluationProtocol) { (self.network, self.proto) = (network, proto) }

    /// What features under these settings depend on, the images excepted.
    /// - Parameter tap: nil for the network's default.
    /// - Throws: ``FeatureNetworkError`` for an unknown tap.
    public func identity(tap name: String?) throws -> FeatureIdentity { identity(try feature(named: name)) }

    private func identity(_ tap: FeatureTap) -> FeatureIdentity {
        var identity = FeatureIdentity([
            "network": network.network.name, "weights_sha256": network.weightsDigest, "tap": tap.name,
            "resampler": proto.resampler.rawValue, "clips": String(proto.clips), "normalisation": proto.normalisation(for: network.network).description,
            "input_side": String(network.network.inputSide), "precision": network.precision.rawValue, "arithmetic": network.backend.name, "version": Version.current])
        // The name of a network of the catalogue says what it computes; that of a described one does not.
        identity["architecture_sha256"] = network.network.architectureDigest
        return identity
    }

    /// Extracts, or finds finished work in the cache.
    ///
    /// - Parameters:
    ///   - progress: called after each batch with the number of images done and of all.
    ///   - isCancelled: asked after each batch; true ends the extraction with `cancelled`, whose rows a later one resumes.
    /// - Throws: `ImageError` naming the file; ``EvaluationError``; ``FeatureNetworkError`` for an unknown tap.
    public func extract(_ source: ImageSource, _ options: ExtractionOptions, progress: (Int, Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }) throws -> ExtractedFeatures {
        let tap = try feature(named: options.tap)
        if options.keepsLogits && network.network.classTap.isEmpty { throw FeatureNetworkError.noClassScores(network: network.network.name) }
        let scores = options.keepsLogits ? try feature(named: network.network.classTap) : nil
        var identity = identity(tap)
        identity["images_sha256"] = try Self.digest(of: source, options)
        identity["names_sha256"] = Self.digestOfNames(source)
        let folder = options.cache == nil ? try TemporaryFolder() : nil
        let cache = FeatureCache(folder: options.cache ?? folder?.path ?? "")
        try cache.prepare()
        identity["logits"] = network.network.classTap
        if let finished = finished(identity, of: source, options, in: cache) { return finished }
        if scores == nil {
            // Features with class scores beside them would have done; now those without.
            identity["logits"] = nil
            if let finished = finished(identity, of: source, options, in: cache) { return finished }
        }

        // Each row begins with its image's number: skipped images leave gaps, and a resumed extraction must know where to go on.
        let journal = try FeatureJournal(path: cache.journalPath(identity), identity: identity, width: 1 + tap.dimension + (scores?.dimension ?? 0))
        var first = try nextImage(journal)
        if first != journal.count && !options.skipsUnreadable {
            try journal.restart()
            first = 0
        }
        let skippedBefore = first == journal.count ? [] : skipped(source, before: first, besides: try journal.images())
        var timing = ExtractionTiming.zero
        let skipped = try timing.measure(\.seconds) { try run(source, from: first, tap, scores, options, journal, &$0, progress, isCancelled) }
        let images = try journal.images()
        try finish(journal, images, source, identity, tap, scores, to: cache.featuresPath(identity))
        let file = try FeaturesFile(reading: cache.featuresPath(identity))
        return ExtractedFeatures(file: file, images: images, skipped: skippedBefore + skipped, isFromCache: false, timing: timing, folder: folder)
    }

    private func run(_ source: ImageSource, from first: Int, _ tap: FeatureTap, _ scores: FeatureTap?, _ options: ExtractionOptions, _ journal: FeatureJournal,
                     _ timing: inout ExtractionTiming, _ progress: (Int, Int) -> Void, _ isCancelled: () -> Bool) throws -> [ImageError] {
        guard first < source.count else { return [] }
        let side = network.network.inputSide
        var loading = LoadingOptions(width: side, height: side, resampler: proto.resampler)
        (loading.clips, loading.batchSize, loading.workers, loading.skipsUnreadable) = (proto.clips, options.batchSize, options.workers, options.skipsUnreadable)
        let loader = BatchLoader(source.dropping(first: first), loading)
        defer { loader.stop() }
        let wanted = Set([tap.name, scores?.name].compactMap(\.self))
        let normalisation = proto.normalisation(for: network.network)
        progress(first, source.count)
        while let batch = try timing.measure(\.exposedDecodingSeconds, { _ in try loader.next() }) {
            let found = network.features(of: batch.pixels, normalisation: normalisation, at: wanted)
            guard let features = found[tap.name] else { preconditionFailure("\(network.network.name) computed no \(tap.name)") }
            let logits = scores.flatMap { found[$0.name] }
            var rows: [Float] = []
            rows.reserveCapacity(batch.count * journal.width)
            for (row, index) in batch.indices.enumerated() {
                rows.append(Float(first + index))
                rows += features[row * tap.dimension..<(row + 1) * tap.dimension]
                if let scores, let logits { rows += logits[row * scores.dimension..<(row + 1) * scores.dimension] }
            }
            try journal.append(rows)
            progress(first + (batch.indices.last ?? 0) + 1, source.count)
            if isCancelled() { throw EvaluationError.cancelled(isKept: options.cache != nil) }
        }
        return loader.skipped
    }

    /// Moves the journal's rows into a features file and removes the journal.
    private func finish(_ journal: FeatureJournal, _ images: [Int], _ source: ImageSource, _ identity: FeatureIdentity, _ tap: FeatureTap, _ scores: FeatureTap?, to path: String) throws {
        guard journal.count > 0 else { throw EvaluationError.wrongFile(path: source.path, expected: "at least one readable image", found: "none in \(source.count)") }
        var next = 0
        try FeaturesFile.write(to: path, identity: identity, dimension: tap.dimension, classes: scores?.dimension, names: images.map(source.name)) { () throws(EvaluationError) in
            guard next < journal.batches else { return nil }
            let rows = try journal.batch(next)
            next += 1
            let starts = stride(from: 0, to: rows.count, by: journal.width)
            return (starts.flatMap { rows[$0 + 1..<$0 + 1 + tap.dimension] }, starts.flatMap { rows[$0 + 1 + tap.dimension..<$0 + journal.width] })
        }
        journal.remove()
    }

    private static func digestOfNames(_ source: ImageSource) -> String {
        var hash = SHA256()
        for index in 0..<source.count { hash.update(data: Array(source.name(index).utf8) + [0]) }
        return hash.finalize().hexadecimal
    }

    /// The digest of the images' contents in order, in hexadecimal. Where unreadable images may be left out, each counts as its name.
    static func digest(of source: ImageSource, _ options: ExtractionOptions) throws -> String {
        do throws(ImageError) { return try source.contentDigest(workers: options.workers).hexadecimal } catch {
            guard options.skipsUnreadable else { throw error }
        }
        var hash = SHA256()
        for index in 0..<source.count {
            do throws(ImageError) { try source.contentDigest(index).withUnsafeBytes { hash.update(bufferPointer: $0) } } catch {
                hash.update(data: Array("unreadable \(source.name(index))\0".utf8))
            }
        }
        return hash.finalize().hexadecimal
    }

    /// Finished features of this identity. An earlier run may have left out images; that is no answer for one that must not, and one that may has to say so again.
    private func finished(_ identity: FeatureIdentity, of source: ImageSource, _ options: ExtractionOptions, in cache: FeatureCache) -> ExtractedFeatures? {
        guard let file = cache.features(identity), file.count == source.count || options.skipsUnreadable else { return nil }
        // The rows' names are the source's, in its order, with gaps.
        var images: [Int] = []
        for index in 0..<source.count where images.count < file.count {
            if file.count == source.count || file.names.indices.contains(images.count) && file.names[images.count] == source.name(index) { images.append(index) }
        }
        guard images.count == file.count else { return nil }
        return ExtractedFeatures(file: file, images: images, skipped: skipped(source, before: source.count, besides: images), isFromCache: true, folder: nil)
    }

    /// Why the images before `end` that have no row could not be read or decoded.
    private func skipped(_ source: ImageSource, before end: Int, besides images: [Int]) -> [ImageError] {
        let kept = Set(images)
        return (0..<end).filter { !kept.contains($0) }.compactMap { index in
            do throws(ImageError) { _ = try source.decode(index) } catch { return error }
            return nil
        }
    }

    /// Where an extraction goes on: behind the last image in the journal.
    private func nextImage(_ journal: FeatureJournal) throws -> Int {
        guard journal.batches > 0 else { return 0 }
        let rows = try journal.batch(journal.batches - 1)
        return Int(rows[rows.count - journal.width]) + 1
    }

    /// The vector of a name, the network's default without one.
    /// - Throws: ``FeatureNetworkError`` with the known ones.
    private func feature(named name: String?) throws -> FeatureTap {
        let name = name ?? network.network.defaultTap
        let vectors = network.network.taps.filter { !$0.isSpatial }
        guard let tap = vectors.first(where: { $0.name == name }) else {
            throw FeatureNetworkError.unknownTap(name, network: network.network.name, known: vectors.map(\.name))
        }
        return tap
    }
}

extension FeatureJournal {
    /// The number of its image, with which an extraction begins each row.
    fileprivate func images() throws(EvaluationError) -> [Int] {
        var images: [Int] = []
        for batch in 0..<batches {
            let rows = try self.batch(batch)
            for row in stride(from: 0, to: rows.count, by: width) { images.append(Int(rows[row])) }
        }
        return images
    }
}
