import HDF5

/// Samples that are no images, in an HDF5 file: a dataset `samples` of float32, `[N] + shape`, and the classes in `labels`.
public enum SampleFile {
    /// Whether a path is such a file.
    public static func isSampleFile(_ path: String) -> Bool {
        guard HDF5File.isHDF5(path), let root = try? HDF5File(reading: path).root else { return false }
        return root.contains("samples") && !root.contains("images")
    }

    /// Whether such a file tells the samples' classes.
    public static func hasClasses(_ path: String) -> Bool { (try? HDF5File(reading: path).root.contains("labels")) ?? false }

    /// Reads all samples into memory.
    /// - Throws: `DatasetError` if they are malformed, or classes are wanted and missing.
    public static func read(_ path: String, labelled: Bool = false) throws(DatasetError) -> ArraySamples {
        if labelled && !hasClasses(path) { throw DatasetError(path: path, .noLabels("there is no dataset labels")) }
        let (values, shape, numbers) = try DatasetError.about { () throws(HDF5Error) in
            let root = try HDF5File(reading: path).root
            let samples = try root.dataset("samples")
            return (try samples.read(Float.self), try samples.shape, try labelled ? root.dataset("labels").read(Int.self) : nil)
        }
        guard shape.count > 1, !values.isEmpty else {
            throw DatasetError(path: path, .malformed("expected samples [N, …], found \(shape)"))
        }
        if let numbers, numbers.count != shape[0] {
            throw DatasetError(path: path, .malformed("expected \(shape[0]) labels in /labels, found \(numbers.count)"))
        }
        let labels = try numbers.map { (numbers) throws(DatasetError) in try ClassLabels(numbers: numbers, in: path) }
        return ArraySamples(values, shape: Array(shape.dropFirst()), labels: labels?.labels, name: path)
    }

    /// Writes the first `count` samples of a source.
    /// - Throws: `DatasetError` of the source, or naming the file that cannot be written.
    public static func write(_ source: any SampleSource, count: Int, to path: String) throws(DatasetError) {
        let indices = Array(0..<count)
        let values = try source.read(indices)
        try DatasetError.about { () throws(HDF5Error) in
            let file = try HDF5File(creating: path)
            try file.root.write(values, shape: [count] + source.shape, as: "samples", compression: 4)
            if source.classNames != nil { try file.root.write(indices.map { Int32(source.label($0) ?? 0) }, as: "labels", compression: 4) }
            try file.root.attributes.set("source", .string(source.name))
            try file.commit()
        }
    }
}
