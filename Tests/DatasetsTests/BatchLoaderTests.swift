import Datasets
import Foundation
import Images
import Testing

@Suite struct BatchLoaderTests {
    private func options(batchSize: Int = 5, workers: Int = 3, skips: Bool = false) -> LoadingOptions {
        var options = LoadingOptions(width: 21, height: 18, resampler: .pillowBicubic)
        options.batchSize = batchSize
        options.workers = workers
        options.skipsUnreadable = skips
        return options
    }

    /// All that a loader gives, in one array.
    private func everything(_ source: ImageSource, _ options: LoadingOptions) throws -> (indices: [Int], pixels: [Float], counts: [Int]) {
        let loader = BatchLoader(source, options)
        var (indices, pixels, counts): ([Int], [Float], [Int]) = ([], [], [])
        while let batch = try loader.next() {
            #expect(batch.pixels.count == batch.count * 21 * 18 * 3)
            indices += batch.indices
            pixels += batch.pixels
            counts.append(batch.count)
        }
        #expect(try loader.next() == nil)
        return (indices, pixels, counts)
    }

    private func directly(_ source: ImageSource, _ indices: some Sequence<Int>) throws -> [Float] {
        var resizer = Resizer(.pillowBicubic, width: 21, height: 18)
        return try indices.flatMap { try resizer.resize(source.decode($0)) }
    }

    @Test("Images of all kinds and sizes arrive in order, whatever the workers and the batch size")
    func equalsDirectReading() throws {
        try Temporary.folder(Temporary.allFixtures()) { folder in
            let source = try ImageSource.open(folder).shuffled(seed: 3)
            let expected = try directly(source, 0..<source.count)
            #expect(source.count == 67)
            for workers in [1, 2, 7] {
                for size in [1, 5, 67, 100] {
                    let loaded = try everything(source, options(batchSize: size, workers: workers))
                    #expect(loaded.indices == Array(0..<67))
                    #expect(loaded.pixels == expected, "\(workers) workers, batches of \(size)")
                    #expect(loaded.counts.dropLast().allSatisfy { $0 == size })
                }
            }
            #expect(try everything(source.limited(to: 0), options()).indices == [])
        }
    }

    @Test func theFirstBadImageInOrderIsNamed() throws {
        var files = try Temporary.allFixtures()
        files["rgb8-one-pixel.png"] = nil
        let bad = ["m.png": "not a picture", "n.png": "", "zz.png": "neither"]
        try Temporary.folder(files, texts: bad) { folder in
            let source = try ImageSource.open(folder)
            for workers in [1, 4] {
                let loader = BatchLoader(source, options(batchSize: 4, workers: workers))
                var read = 0
                let error = #expect(throws: ImageError.self) { while let batch = try loader.next() { read += batch.count } }
                #expect(error == ImageError(path: folder + "/m.png", .notAnImage))
                let before = (0..<source.count).count { source.name($0).utf8.lexicographicallyPrecedes("m.png".utf8) }
                #expect(read == before / 4 * 4)
                #expect(try loader.next() == nil, "a loader that threw has stopped")
            }
        }
    }

    @Test func unreadableImagesAreSkippedCountedAndNamed() throws {
        let files = try Temporary.allFixtures()
        let bad = ["0.png": "x", "1.png": "x", "2.png": "", "m.png": "x", "zz.png": "x"]
        try Temporary.folder(files, texts: bad) { folder in
            let source = try ImageSource.open(folder)
            let good = (0..<source.count).filter { bad[source.name($0)] == nil }
            for size in [1, 2, 6] {
                let loader = BatchLoader(source, options(batchSize: size, skips: true))
                var (indices, pixels): ([Int], [Float]) = ([], [])
                while let batch = try loader.next() {
                    indices += batch.indices
                    pixels += batch.pixels
                }
                #expect(indices == good)
                #expect(try pixels == directly(source, good))
                #expect(loader.skipped.map(\.path) == bad.keys.sorted().map { folder + "/" + $0 })
                #expect(loader.skipped[2].reason == .empty)
            }
        }
        try Temporary.folder([:], texts: bad) { folder in
            let loader = BatchLoader(try ImageSource.open(folder), options(skips: true))
            #expect(try loader.next() == nil)
            #expect(loader.skipped.count == 5)
        }
    }

    @Test func digestsComeAlong() throws {
        try Temporary.folder(Temporary.allFixtures(), texts: ["bad.png": "x"]) { folder in
            let source = try ImageSource.open(folder)
            var options = options(skips: true)
            options.computesDigests = true
            let loader = BatchLoader(source, options)
            while let batch = try loader.next() {
                #expect(try batch.digests == batch.indices.map { try source.contentDigest($0) })
            }
        }
    }

    @Test func itCanBeStoppedAtAnyTime() throws {
        try Temporary.folder(Temporary.allFixtures()) { folder in
            let source = try ImageSource.open(folder)
            for batches in 0..<4 {
                let loader = BatchLoader(source, options(batchSize: 3, workers: 4))
                for _ in 0..<batches { #expect(try loader.next() != nil) }
                loader.stop()
                #expect(try loader.next() == nil)
            }
            for _ in 0..<50 { _ = BatchLoader(source, options(batchSize: 3, workers: 4)) }
        }
    }

    @Test func aBatchStaysUntouchedUntilTheNext() throws {
        try Temporary.folder(Temporary.allFixtures()) { folder in
            var options = options(batchSize: 2, workers: 4)
            options.buffers = 2
            let loader = BatchLoader(try ImageSource.open(folder), options)
            while let batch = try loader.next() {
                let before = Array(batch.pixels)
                usleep(2000)
                #expect(Array(batch.pixels) == before)
            }
        }
    }
}
