import Datasets
import Foundation
import Images
import Tensors
import TestSupport
import Testing

@Suite struct DataLoaderTests {
    /// Twelve 2 × 3 pictures whose every value tells which picture, row and column it belongs to.
    private static let pictures = ArraySamples((0..<12 * 6).map(Float.init), shape: [2, 3, 1], labels: (0..<12).map { $0 % 4 })

    private func loader(
        _ source: any SampleSource = pictures, seed: UInt64 = 1, size: Int = 5, _ change: (inout LoaderSettings) -> Void = { _ in }
    ) throws -> DataLoader {
        var settings = LoaderSettings(batchSize: size)
        change(&settings)
        return try DataLoader(source, settings, stream: RandomStream(seed: seed))
    }

    @Test("An epoch holds each sample at most once, and every epoch has an order of its own")
    func epochs() throws {
        let loader = try loader()
        #expect(loader.batchesPerEpoch == 2)
        var orders: Set<[Int]> = []
        for epoch in 0..<20 {
            let batches = try (0..<2).map { try loader.batch(at: epoch * 2 + $0) }
            #expect(batches.allSatisfy { $0.epoch == epoch && $0.count == 5 && $0.shape == [5, 2, 3, 1] })
            let indices = batches.flatMap(\.indices)
            #expect(Set(indices).count == 10 && indices.allSatisfy { (0..<12).contains($0) })
            orders.insert(indices)
            for batch in batches {
                #expect(batch.values == batch.indices.flatMap { index in (0..<6).map { Float(index * 6 + $0) } })
                #expect(batch.labels == batch.indices.map { $0 % 4 })
            }
        }
        #expect(orders.count == 20)
        // Over many epochs the samples left out change: each is seen about equally often, 10/12 of 400 times with deviation 7.5.
        let seen = try (0..<800).flatMap { try loader.batch(at: $0).indices }
        for index in 0..<12 { #expect(abs(seen.count { $0 == index } - 333) < 45) }
    }

    @Test("A batch is a function of the seed and its number: any order of asking, any number of workers, ahead or not")
    func randomAccess() throws {
        func all(_ change: (inout LoaderSettings) -> Void, _ numbers: [Int]) throws -> [Int: Minibatch] {
            let loader = try loader { $0.flips = true; change(&$0) }
            return Dictionary(uniqueKeysWithValues: try numbers.map { ($0, try loader.batch(at: $0)) })
        }
        let numbers = Array(0..<40) + [1234, 1235]
        let expected = try all({ $0.prefetch = 0 }, numbers)
        for workers in [1, 3] {
            for prefetch in [1, 2, 5] {
                for order in [numbers, numbers.reversed(), RandomStream(seed: 9).permutation(42).map { numbers[$0] }] {
                    let found = try all({ $0.prefetch = prefetch; $0.workers = workers }, order)
                    for number in numbers {
                        #expect(found[number]?.values == expected[number]?.values && found[number]?.indices == expected[number]?.indices)
                    }
                }
            }
        }
        let resumed = try loader { $0.flips = true }
        #expect(try resumed.batch(at: 1234).values == expected[1234]?.values)
        #expect(try resumed.batch(at: 1234).values == expected[1234]?.values, "a batch can be asked for again")
        #expect(try loader(seed: 2).batch(at: 0).indices != loader(seed: 1).batch(at: 0).indices)
    }

    @Test func severalReadersMayAskForDifferentBatches() async throws {
        let loader = try loader { $0.workers = 2 }, expected = try self.loader { $0.prefetch = 0 }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for reader in 0..<6 {
                group.addTask {
                    for step in 0..<50 {
                        let number = (reader * 37 + step * (reader + 1)) % 60
                        guard try loader.batch(at: number).values == expected.batch(at: number).values else { return false }
                    }
                    return true
                }
            }
            for try await equal in group { #expect(equal) }
        }
    }

    @Test func withoutShufflingEpochsRepeatTheSource() throws {
        let loader = try loader { $0.shuffles = false }
        #expect(try (0..<4).map { try loader.batch(at: $0).indices } == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 1, 2, 3, 4], [5, 6, 7, 8, 9]])
    }

    @Test("Half of the images are mirrored, anew in each epoch, and nothing else happens to them")
    func flips() throws {
        let plain = try loader(), flipping = try loader { $0.flips = true }
        var (mirrored, changes) = (0, Set<Int>())
        var last: [Int: Bool] = [:]
        for number in 0..<400 {
            let (before, after) = (try plain.batch(at: number), try flipping.batch(at: number))
            #expect(before.indices == after.indices)
            for place in 0..<5 {
                let image = Array(before.values[place * 6..<place * 6 + 6]), result = Array(after.values[place * 6..<place * 6 + 6])
                let mirror = [2, 1, 0, 5, 4, 3].map { image[$0] }
                #expect(result == image || result == mirror)
                if result == mirror { mirrored += 1 }
                if let previous = last.updateValue(result == mirror, forKey: before.indices[place]), previous != (result == mirror) { changes.insert(before.indices[place]) }
            }
        }
        // 2 000 fair coins: standard deviation 22.4.
        #expect(abs(mirrored - 1000) < 100)
        #expect(changes.count == 12)
    }

    @Test func channelsStayTogetherInAMirroredImage() throws {
        let source = ArraySamples((0..<6).map(Float.init), shape: [1, 2, 3])
        let loader = try loader(source, size: 1) { $0.flips = true }
        let seen = Set(try (0..<30).map { try loader.batch(at: $0).values })
        #expect(seen == [[0, 1, 2, 3, 4, 5], [3, 4, 5, 0, 1, 2]])
    }

    @Test func whatCannotBeLoadedSaysSo() throws {
        func failure(_ body: () throws -> DataLoader) -> String? {
            do { _ = try body(); return nil } catch { return "\(error)" }
        }
        #expect(failure { try loader(size: 13) } == "array: expected at least one batch of 13 samples, found 12; choose a smaller batch")
        let ring = GaussianMixture.ring(stream: RandomStream(seed: 0))
        #expect(failure { try loader(ring) { $0.flips = true } } == "ring: expected images to flip, found points of shape [2]; turn flips off")
    }

    @Test("A loader that is let go of leaves no thread behind")
    func ends() throws {
        for number in 0..<50 { _ = try loader { $0.workers = 3; $0.prefetch = 4 }.batch(at: number) }
        for _ in 0..<50 { _ = try loader { $0.workers = 3; $0.prefetch = 4 } }
    }

    @Test func distributionsGoOnWithoutEnd() throws {
        let ring = GaussianMixture.ring(stream: RandomStream(seed: 0))
        let loader = try loader(ring, size: 7)
        #expect(loader.batchesPerEpoch == nil)
        let batch = try loader.batch(at: 100_000)
        #expect(batch.indices == Array(700_000..<700_007) && batch.shape == [7, 2] && batch.epoch == 0)
        #expect(try batch.values == ring.read(batch.indices))
        #expect(batch.labels == batch.indices.compactMap { ring.label($0) })
        #expect(batch.tensor(on: ReferenceBackend()).shape == [7, 2])
        #expect(batch.tensor(on: ReferenceBackend()).floats == batch.values)
    }

    /// Fails for one index, as a file that vanished would.
    private struct Broken: SampleSource {
        let name = "broken", shape = [1]
        let count: Int? = 8, classNames: [String]? = nil
        func label(_ index: Int) -> Int? { nil }
        func read(_ indices: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
            if indices.contains(5) { throw DatasetError(path: "5.png", .unreadable("gone")) }
            values.update(repeating: 1)
        }
    }

    @Test("An error belongs to the batch it happened in, however far ahead that was made", arguments: [0, 1, 4])
    func errors(_ prefetch: Int) throws {
        let loader = try loader(Broken(), size: 2) { $0.shuffles = false; $0.prefetch = prefetch }
        for number in 0..<8 {
            if number % 4 == 2 {
                #expect(throws: DatasetError(path: "5.png", .unreadable("gone"))) { try loader.batch(at: number) }
            } else {
                #expect(try loader.batch(at: number).labels == nil)
            }
        }
    }

    @Test("Two domains come side by side, independent of each other, each draw a function of its index")
    func unpaired() throws {
        let first = ArraySamples((0..<8).flatMap { n in [Float](repeating: Float(n), count: 4) }, shape: [2, 2, 1])
        let second = ArraySamples((0..<4).flatMap { n in [Float](repeating: Float(100 + n), count: 4) }, shape: [2, 2, 1])
        let both = try UnpairedSamples(first, second, stream: RandomStream(seed: 3))
        #expect(both.shape == [2, 2, 2] && both.count == nil && both.label(0) == nil)
        let values = try both.read(Array(0..<3200))
        var counts: [[Float]: Int] = [:]
        for sample in 0..<3200 {
            let own = Array(values[sample * 8..<sample * 8 + 8])
            #expect(own == [Float](repeating: 0, count: 4).flatMap { _ in [own[0], own[1]] })
            counts[[own[0], own[1]], default: 0] += 1
        }
        // 32 pairs, 100 expected of each, standard deviation 9.8.
        #expect(counts.count == 32 && counts.values.allSatisfy { abs($0 - 100) < 50 })
        #expect(try both.read([77, 5]) == both.read([77]) + both.read([5]))
        #expect(throws: DatasetError.self) { try UnpairedSamples(first, ArraySamples([0, 0], shape: [1, 2, 1]), stream: RandomStream(seed: 3)) }
    }
}
