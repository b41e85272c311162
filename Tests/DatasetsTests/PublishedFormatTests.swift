import Archives
import Datasets
import Foundation
import TestSupport
import Testing

/// MNIST's and CIFAR's formats; made and read by others in Fixtures/datasets/make_formats.py.
@Suite struct PublishedFormatTests {
    private func path(_ name: String) -> String { Fixtures.path("datasets/" + name) }

    private func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    private func pixels(_ source: ImageSource) throws -> [UInt8] { try (0..<source.count).flatMap { try source.decode($0).pixels } }

    private func failure(_ path: String, labelled: Bool = false) -> String? {
        do throws(DatasetError) { _ = try ImageSource.open(path, labelled: labelled); return nil } catch { return "\(error)" }
    }

    private func write(_ bytes: some Sequence<UInt8>, to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    @Test("idx files, plain and gzipped, hold what torchvision reads from them", arguments: ["tiny-images-idx3-ubyte", "packed-images-idx3-ubyte.gz"])
    func idx(_ file: String) throws {
        let source = try ImageSource.open(path(file), labelled: true), expected = try NumPyArray(reading: path("tiny.npy"))
        #expect(expected.shape == [5, 4, 3])
        #expect(try pixels(source) == expected.read(UInt8.self))
        #expect(try source.decode(0).height == 4 && source.decode(0).channels == 1)
        #expect((0..<5).map { source.label($0) } == [3, 0, 9, 1, 3] && source.classNames?.count == 10)
        #expect(try source.contentDigest() == ImageSource.open(path("tiny.npy")).contentDigest())
    }

    @Test func idxFilesThatDoNotFitSaySo() throws {
        try Fixtures.withTemporaryFolder { folder in
            let images = folder + "/x-images-idx3-ubyte", labels = folder + "/x-labels-idx1-ubyte", whole = try bytes("tiny-images-idx3-ubyte")
            try write(whole, to: images)
            #expect(failure(images, labelled: true) == "\(images): no class labels: expected them in x-labels-idx1-ubyte, which does not exist")
            #expect(failure(images) == nil)
            try write(bytes("tiny-labels-idx1-ubyte"), to: labels)
            #expect(failure(images, labelled: true) == nil)
            #expect(failure(labels) == "\(labels): expected images, an idx file of 3 axes (00 00 08 03), found labels; name the file of images")
            try write([0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4], to: labels)
            #expect(failure(images, labelled: true) == "\(images): expected 5 labels in x-labels-idx1-ubyte, found [4]")
            try write([0, 0, 8, 1, 0, 0, 0, 5, 1, 2], to: labels)
            #expect(failure(images, labelled: true) == "\(labels): expected 13 bytes of an idx file of [5], found 10")
            for count in 4..<whole.count {
                try write(whole.prefix(count), to: images)
                let wanted = count < 16 ? "expected 16 bytes of idx head, found \(count)" : "expected 76 bytes of an idx file of [5, 4, 3], found \(count)"
                #expect(failure(images) == "\(images): \(wanted)")
            }
            try write(whole + [0], to: images)
            #expect(failure(images)?.hasSuffix("found 77") == true)
            try write([0, 0, 13, 3] + whole.dropFirst(4), to: images)
            #expect(failure(images) == "\(images): expected an idx file of unsigned bytes (00 00 08 …), found 00 00 0d 03")
            try write([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), to: images)
            #expect(failure(images)?.contains("idx file of [4294967295, 4294967295, 4294967295], found 16") == true)
            try write([0, 0, 8, 3] + [UInt8](repeating: 0, count: 12), to: images)
            #expect(failure(images)?.hasSuffix("expected images, found an array of [0, 0, 0]") == true)
        }
    }

    @Test func damagedGzipFilesAreErrors() throws {
        let packed = try bytes("packed-images-idx3-ubyte.gz")
        try Fixtures.withTemporaryFolder { folder in
            let file = folder + "/images.gz"
            for count in 2..<packed.count {
                try write(packed.prefix(count), to: file)
                #expect(failure(file)?.hasPrefix("\(file): expected a gzip file, found ") == true, "\(count) bytes")
            }
            // A changed byte is found by length or checksum, wherever it is beyond the head; the time and the name in the head mean nothing.
            let head = 10 + "tiny-images-idx3-ubyte".utf8.count + 1
            // So does padding behind the last symbol, where the result is the same.
            let whole = try bytes("tiny-images-idx3-ubyte")
            var found = 0
            for position in head..<packed.count {
                var changed = packed
                changed[position] ^= 0x10
                do {
                    #expect(try Gzip.decompress(changed, name: file) == whole, "byte \(position)")
                } catch { found += 1 }
            }
            #expect(found >= packed.count - head - 1)
            try write(packed + bytes("packed-labels-idx1-ubyte.gz"), to: file)
            #expect(failure(file)?.contains("expected a gzip file") == true)
        }
        // All of a head's optional fields: extra, name, comment, checksum of the head.
        let stream = Array(packed[33...])
        var full: [UInt8] = [0x1F, 0x8B, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3]
        for field: [UInt8] in [[3, 0, 1, 0, 2], [110, 0], [99, 99, 0], [7, 7], stream] { full += field }
        #expect(try Gzip.decompress(full, name: "x") == bytes("tiny-images-idx3-ubyte"))
    }

    @Test("CIFAR's binary files hold what torchvision reads from its own", arguments: ["cifar-10.bin", "cifar-100.bin"])
    func cifar(_ file: String) throws {
        let source = try ImageSource.open(path(file), labelled: true)
        #expect(source.count == 3)
        #expect(try pixels(source) == NumPyArray(reading: path("cifar.npy")).read(UInt8.self))
        #expect((0..<3).map { source.label($0) } == (file == "cifar-10.bin" ? [6, 0, 9] : [99, 0, 42]))
        #expect(source.classNames?.count == (file == "cifar-10.bin" ? 10 : 100))
    }

    @Test func aFolderOfCIFARBatchesIsOneSet() throws {
        let batch = try bytes("cifar-10.bin")
        try Fixtures.withTemporaryFolder { folder in
            let names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
            try write(batch, to: folder + "/data_batch_1.bin")
            try write(batch.prefix(2 * 3073), to: folder + "/data_batch_2.bin")
            try write(batch, to: folder + "/test_batch.bin")
            try write(Array((names.joined(separator: "\n") + "\n\n").utf8), to: folder + "/batches.meta.txt")
            let source = try ImageSource.open(folder, labelled: true)
            #expect(source.count == 5 && source.classNames == names)
            #expect((0..<5).map { source.label($0) } == [6, 0, 9, 6, 0])
            #expect(try source.decode(3) == source.decode(0) && source.decode(4) == source.decode(1))

            try write(batch.dropLast(), to: folder + "/data_batch_2.bin")
            #expect(failure(folder) == "\(folder)/data_batch_2.bin: expected a multiple of 3073 bytes (CIFAR-10), found 9218; is it cut off?")
            try write([10] + batch.dropFirst(), to: folder + "/data_batch_2.bin")
            #expect(failure(folder) == "\(folder)/data_batch_2.bin: expected CIFAR-10, found a label that it does not have")
            try write([10] + batch.dropFirst(), to: folder + "/data_batch_1.bin")
            #expect(failure(folder) == "\(folder)/data_batch_1.bin: expected records of CIFAR-10 (3073 bytes) or CIFAR-100 (3074 bytes), found other bytes")

            let long = (0..<5).flatMap { _ in batch }
            try write(long.dropLast(100), to: folder + "/long")
            #expect(failure(folder + "/long") == "\(folder)/long: expected a multiple of 3073 bytes (CIFAR-10), found 45995; is it cut off?")
            try write(batch.dropLast(100), to: folder + "/short")
            #expect(failure(folder + "/short")?.contains("expected a folder of images") == true)
        }
    }
}
