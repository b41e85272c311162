import Archives
import HDF5
import Images
import Tensors
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes samples where other commands read images.
public enum SampleWriter {
    /// Samples that are made together.
    private static let portion = 64

    /// Writes `count` samples to a folder of PNG files, an HDF5 or npz file, a zip, or one PNG grid, as the name of `path` says.
    /// - Parameter make: Makes the samples of a range, `[N, H, W, C]` in −1…1.
    public static func write(_ count: Int, to path: String, labels: [Int]?, make: (Range<Int>, [Int]?) throws -> Tensor) throws {
        let portions = stride(from: 0, to: count, by: portion).map { $0..<min($0 + portion, count) }
        func samples(_ range: Range<Int>) throws -> Tensor {
            let samples = try make(range, labels.map { Array($0[range]) })
            guard samples.shape.rank == 4 else { throw TrainingError.run(folder: path, reason: "the samples are points of shape \(samples.shape), not images; write them as .npz") }
            return samples
        }
        if path.hasSuffix(".png") {
            let all = try Tensor.concatenated(portions.map(samples), axis: 0)
            try SampleGrid.image(all).write(to: path)
        } else if path.hasSuffix(".h5") || path.hasSuffix(".hdf5") {
            let first = try samples(portions[0]), file = try HDF5File(creating: path)
            let images = try file.root.createDataset("images", of: UInt8.self, shape: [0] + first.shape.dimensions.dropFirst(), growing: true, compression: 1)
            for (index, range) in portions.enumerated() { try images.append(SampleGrid.bytes(index == 0 ? first : samples(range))) }
            if let labels { _ = try file.root.write(labels.map { Int64($0) }, shape: [count], as: "labels") }
            try file.commit()
        } else if path.hasSuffix(".npz") {
            var bytes: [UInt8] = [], shape: [Int] = []
            for range in portions {
                let part = try samples(range)
                shape = [count] + part.shape.dimensions.dropFirst()
                bytes += SampleGrid.bytes(part)
            }
            try NumPyArchive.write([("arr_0", NumPyArray.encode(bytes, shape: shape))] + (labels.map { [("arr_1", NumPyArray.encode($0.map { Int64($0) }))] } ?? []), to: path)
        } else if path.hasSuffix(".zip") {
            var entries: [(name: String, bytes: [UInt8])] = []
            for range in portions { entries += try files(samples(range), from: range.lowerBound) }
            if let labels {
                let list = entries.enumerated().map { "[\"\($1.name)\", \(labels[$0])]" }.joined(separator: ", ")
                entries.append(("dataset.json", Array("{\"labels\": [\(list)]}".utf8)))
            }
            try ZipArchive.write(entries, to: path)
        } else {
            do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                throw TrainingError.run(folder: path, reason: "cannot be made: \(error.localizedDescription)")
            }
            for range in portions {
                for (name, bytes) in try files(samples(range), from: range.lowerBound) { try write(bytes, to: path + "/" + name) }
            }
        }
    }

    /// Each sample as a PNG file.
    private static func files(_ samples: Tensor, from first: Int) throws -> [(name: String, bytes: [UInt8])] {
        let size = samples.shape.count / samples.shape[0], bytes = SampleGrid.bytes(samples)
        return try (0..<samples.shape[0]).map { offset in
            let image = Image(width: samples.shape[2], height: samples.shape[1], channels: samples.shape[3], pixels: Array(bytes[offset * size..<(offset + 1) * size]))
            let number = "\(first + offset)"
            return (String(repeating: "0", count: max(6 - number.count, 0)) + number + ".png", try image.pngData())
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        var file = try AtomicFile(path)
        try file.write(bytes)
        try file.commit()
    }
}

extension Image {
    /// Writes the picture as a PNG file that appears in one step.
    public func write(to path: String) throws {
        var file = try AtomicFile(path)
        try file.write(pngData())
        try file.commit()
    }
}
