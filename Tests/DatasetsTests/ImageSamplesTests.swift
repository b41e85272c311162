import Archives
import Datasets
import Foundation
import HDF5
import Images
import Tensors
import TestSupport
import Testing

@Suite struct ImageSamplesTests {
    private func failure(_ body: () throws(DatasetError) -> Void) -> String? {
        do throws(DatasetError) { try body(); return nil } catch { return "\(error)" }
    }

    @Test("Cropping, grey and resizing are Pillow's", arguments: [5, 7, 31], [1, 3])
    func preparation(_ size: Int, _ channels: Int) throws {
        let expected = try NumPyArray(reading: Fixtures.path("datasets/preparation-\(size)-\(channels).npy"))
        let source = try ImageSource.open(Fixtures.path("images/decoding/rgb8.png"))
        let samples = try ImageSamples(source, ImageSettings(size: size, channels: channels))
        #expect(samples.shape == expected.shape)
        #expect(try samples.bytes(0) == expected.read(UInt8.self))
        #expect(try samples.read([0]) == expected.read(UInt8.self).map { Float($0) / 127.5 - 1 })
    }

    @Test("Sets in memory and sets read batch by batch give the same numbers")
    func memory() throws {
        try Temporary.folder(Temporary.allFixtures()) { folder in
            var settings = ImageSettings(size: 9, channels: 3)
            let source = try ImageSource.open(folder), inMemory = try ImageSamples(source, settings)
            settings.memoryLimit = source.count * 9 * 9 * 3 - 1
            let onDisk = try ImageSamples(source, settings)
            #expect(try inMemory.read(Array(0..<67)) == onDisk.read(Array(0..<67)))
            #expect(try inMemory.read([66, 3, 3]) == onDisk.read([66, 3, 3]))
            #expect(try inMemory.bytes(40) == onDisk.bytes(40))
            // Only what was not decoded at the start can still be missing.
            try FileManager.default.removeItem(atPath: folder + "/" + source.name(5))
            #expect(try inMemory.read([5]).count == 243)
            #expect(failure { () throws(DatasetError) in _ = try onDisk.read([4, 5]) } == "\(source.location(5)): cannot be read: No such file or directory")
        }
    }

    @Test func greyIsPillowsLuma() throws {
        // convert('L') of pure and mixed colours, by Pillow 13.
        let image = Image(width: 5, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 200, 30])
        #expect(image.grey.pixels == [76, 150, 29, 255, 124])
        #expect(image.grey.grey == image.grey && image.rgb == image && image.grey.converted(toChannels: 3).pixels.prefix(4) == [76, 76, 76, 150])
        let square = Image(width: 4, height: 2, channels: 1, pixels: [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(square.centredSquare == Image(width: 2, height: 2, channels: 1, pixels: [1, 2, 5, 6]))
        #expect(square.transposed == Image(width: 2, height: 4, channels: 1, pixels: [0, 4, 1, 5, 2, 6, 3, 7]) && square.transposed.transposed == square)
    }

    @Test func imagesThatDifferNeedASizeAndChannels() throws {
        try Temporary.folder(["a.png": "grey8.png", "b.png": "rgb8.png"]) { folder in
            let source = try ImageSource.open(folder)
            #expect(failure { () throws(DatasetError) in _ = try ImageSamples(source, ImageSettings(size: 8)) }
                == "\(folder)/b.png: expected 1 channel as in the first image, found 3; choose 1 or 3 channels for all")
            #expect(try ImageSamples(source, ImageSettings(size: 8, channels: 1)).shape == [8, 8, 1])
        }
        try Temporary.folder(["a.png": "rgb8.png", "b.jpg": "odd-13x7.jpg", "c.jpg": "one-pixel.jpg"]) { folder in
            let source = try ImageSource.open(folder)
            let first = try source.decode(0)
            #expect(failure { () throws(DatasetError) in _ = try ImageSamples(source, ImageSettings(channels: 3)) }?.contains(
                "expected \(first.width) x \(first.height) as the first image, found ") == true)
        }
    }

    @Test("The digits of the fixtures", arguments: [("digits8x8.h5", 1797, 8), ("mnist-1000.h5", 1000, 28)])
    func digits(_ file: String, _ count: Int, _ size: Int) throws {
        let path = Fixtures.path(file), specification = try DataSourceSpecification(parsing: path)
        let samples = try specification.open(labelled: true, stream: RandomStream(seed: 0))
        #expect(samples.count == count && samples.shape == [size, size, 1] && samples.classNames == (0..<10).map(String.init))
        let counts = Dictionary(grouping: (0..<count).compactMap(samples.label)) { $0 }.mapValues(\.count)
        #expect(counts.keys.sorted() == Array(0..<10))
        // scikit-learn's `numpy.bincount(load_digits().target)`.
        #expect((0..<10).compactMap { counts[$0] } == (size == 28 ? Array(repeating: 100, count: 10) : [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]))
        var settings = LoaderSettings(batchSize: 64)
        settings.workers = 2
        let loader = try DataLoader(samples, settings, stream: RandomStream(seed: 3))
        let batch = try loader.batch(at: 1234)
        #expect(batch.shape == [64, size, size, 1] && batch.labels?.count == 64 && batch.values.min() == -1 && batch.values.max() == 1)
        #expect(try samples.read(batch.indices) == batch.values)
    }

    @Test("A summary's numbers are NumPy's")
    func summary() throws {
        let summary = try DatasetSummary(ImageSource.open(Fixtures.path("digits8x8.h5"), labelled: true))
        // images.mean() and images.std() of the file's array.
        #expect(summary.channels.count == 1 && summary.count == 1797)
        #expect(abs(summary.channels[0].mean - 77.8537232192543) < 1e-11 && abs(summary.channels[0].deviation - 95.8509075511633) < 1e-11)
        #expect(summary.sizes.map(\.size) == ["8 x 8"] && summary.greyCount == 1797 && summary.classes?.map(\.count).prefix(2) == [178, 182])
        let mixed = try DatasetSummary(ImageSource.open(Fixtures.path("images/decoding")))
        #expect(mixed.channels.count == 3 && mixed.greyCount > 0 && mixed.greyCount < mixed.count && mixed.classes == nil && mixed.sizes.count > 1)
    }

    @Test("What is written is read back, and the same images give the same bytes", arguments: ["h5", "zip", "npz"])
    func files(_ ending: String) throws {
        let source = ShapeImages(size: 12, channels: 3, stream: RandomStream(seed: 1))
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/shapes." + ending
            var told = 0
            try CollectionFile.write(source, count: 300, to: path) { told = $0 }
            let read = try ImageSamples(ImageSource.open(path, labelled: true))
            #expect(told == 300 && read.count == 300 && read.shape == [12, 12, 3])
            #expect(try read.read(Array(0..<300)) == source.read(Array(0..<300)))
            #expect((0..<300).map { read.label($0) } == (0..<300).map { source.label($0) })
            #expect(read.classNames == (ending == "h5" ? ["circle", "square", "triangle"] : ["0", "1", "2"]))
            let first = try Data(contentsOf: URL(fileURLWithPath: path))
            usleep(1_100_000)
            try CollectionFile.write(source, count: 300, to: path)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
            let grey = ArraySamples([Float](repeating: -1, count: 16), shape: [4, 4, 1])
            try CollectionFile.write(grey, count: 1, to: path)
            #expect(try ImageSource.open(path).decode(0).pixels == [UInt8](repeating: 0, count: 16))
            #expect(throws: DatasetError.self) { try ImageSource.open(path, labelled: true) }
        }
    }

    @Test func pointsAreWrittenAndRead() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/ring.h5", ring = GaussianMixture.ring(stream: RandomStream(seed: 1))
            try SampleFile.write(ring, count: 500, to: path)
            let read = try DataSourceSpecification(parsing: path).open(labelled: true, stream: RandomStream(seed: 2))
            #expect(read.count == 500 && read.shape == [2] && read.classNames?.count == 8 && read.name == path)
            #expect(try read.read([7, 499]) == ring.read([7, 499]) && read.label(499) == ring.label(499))
            for (name, shape) in [("samples", [2, 3]), ("images", [2, 3, 1])] {
                let file = try HDF5File(creating: folder + "/wrong.h5")
                try file.root.write([UInt8](repeating: 1, count: 6), shape: shape, as: name)
                try file.root.write([Int32(0), 1, 0], as: "labels")
                try file.commit()
                #expect(failure { () throws(DatasetError) in _ = try DataSourceSpecification(parsing: folder + "/wrong.h5").open(labelled: true, stream: RandomStream(seed: 0)) }
                    == "\(folder)/wrong.h5: expected 2 labels in /labels, found 3")
            }
            let roll = folder + "/roll.h5"
            try SampleFile.write(NoisyCurve.swissRoll(stream: RandomStream(seed: 1)), count: 5, to: roll)
            #expect(try DataSourceSpecification(parsing: roll).open(stream: RandomStream(seed: 2)).label(0) == nil)
            #expect(throws: DatasetError.self) { try DataSourceSpecification(parsing: roll).open(labelled: true, stream: RandomStream(seed: 2)) }
            #expect(failure { () throws(DatasetError) in _ = try CollectionFile.Kind(path: "x.tar") } == "x.tar: expected a name that ends in .h5, .zip or .npz")
        }
    }
}
