import HDF5

/// The features of every image in an HDF5 file, read by rows so that a pass over them needs no more memory than a batch.
///
/// - `features` `[N, d]` float32; optionally `logits` `[N, classes]` float32, `names` `[N]`, the images' paths, and `labels` `[N]` with `class_names`.
/// - attributes `format`, `format_version`; the group `identity` holds the identity's entries as attributes.
public struct FeaturesFile: Sendable {
    /// Where the file is.
    public let path: String
    /// What the features depend on.
    public let identity: FeatureIdentity
    /// Number of images.
    public let count: Int
    /// Features per image.
    public let dimension: Int
    /// Classes of the logits; nil where the file has none.
    public let classes: Int?
    /// The images' paths; empty where the file has none.
    public let names: [String]
    /// The images' classes; nil where the file has none.
    public let labels: ImageLabels?

    private let featureRows: HDF5Dataset
    private let logitRows: HDF5Dataset?
    private let file: HDF5File

    /// Opens a file.
    /// - Throws: `hdf5`, `wrongFile`, `badShape`.
    public init(reading path: String) throws(EvaluationError) {
        let (file, identity) = try HDF5Format.features.open(path)
        let parts = try withHDF5 { () throws(HDF5Error) in
            let features = try file.root.dataset("features")
            let logits = file.root.contains("logits") ? try file.root.dataset("logits") : nil
            return (
                features: features, shape: try features.shape, logits: logits, logitShape: try logits?.shape,
                names: file.root.contains("names") ? try file.root.dataset("names").readStrings() : [],
                labels: file.root.contains("labels") ? try file.root.dataset("labels").read(Int.self) : nil,
                classNames: file.root.contains("labels") ? try file.root.dataset("class_names").readStrings() : []
            )
        }
        let n = parts.shape.first ?? 0
        guard parts.shape.count == 2, parts.shape[1] >= 1, parts.logitShape.map({ $0.count == 2 && $0[0] == n && $0[1] >= 1 }) ?? true,
            parts.names.isEmpty || parts.names.count == n, parts.labels.map({ $0.count == n }) ?? true
        else {
            throw .badShape(
                what: path, expected: "features [N, d], logits [N, classes], N names, N labels",
                found: "\(parts.shape), \(parts.logitShape.map { "\($0)" } ?? "no logits"), \(parts.names.count) names and \(parts.labels.map { "\($0.count)" } ?? "no") labels")
        }
        labels = try parts.labels.map { labels throws(EvaluationError) in try ImageLabels(labels, classNames: parts.classNames) }
        (self.path, self.identity, self.file) = (path, identity, file)
        (count, dimension, classes, names) = (n, parts.shape[1], parts.logitShape?[1], parts.names)
        (featureRows, logitRows) = (parts.features, parts.logits)
    }

    /// The features of a range of images.
    ///
    /// - Shape: `[range.count, dimension]`
    /// - Throws: `hdf5`, `notFinite`.
    public func features(_ range: Range<Int>) throws(EvaluationError) -> [Float] {
        let rows = try withHDF5 { () throws(HDF5Error) in try featureRows.read(Float.self, rows: range) }
        try checkRows(rows, dimension: dimension, firstRow: range.lowerBound)
        return rows
    }

    /// All features.
    /// - Throws: `hdf5`, `notFinite`.
    public func features() throws(EvaluationError) -> FeatureSet { try FeatureSet(features(0..<count), dimension: dimension) }

    /// All logits.
    /// - Throws: `wrongFile` where there are none; `hdf5`, `notFinite`.
    public func logits() throws(EvaluationError) -> FeatureSet { try logits(0..<count) }

    /// The logits of a range of images.
    ///
    /// - Shape: `[range.count, classes]`
    /// - Throws: `wrongFile` where there are none; `hdf5`, `notFinite`.
    public func logits(_ range: Range<Int>) throws(EvaluationError) -> FeatureSet {
        guard let logitRows, let classes else {
            throw .wrongFile(path: path, expected: "a data set \"logits\"", found: "features only; extract them again with a classifier's logits")
        }
        return try FeatureSet(withHDF5 { () throws(HDF5Error) in try logitRows.read(Float.self, rows: range) }, dimension: classes)
    }

    /// Writes a copy that holds the images' classes as well; it appears under its name only when complete and synced.
    /// - Throws: `badShape` unless there is a label for each image; `hdf5`.
    public func copy(to path: String, labels: ImageLabels) throws(EvaluationError) {
        guard labels.labels.count == count else { throw .badShape(what: path, expected: "\(count) labels", found: "\(labels.labels.count)") }
        var next = 0
        try Self.write(to: path, identity: identity, dimension: dimension, classes: classes, names: names, labels: labels) { () throws(EvaluationError) in
            guard next < count else { return nil }
            let range = next..<min(next + 1024, count)
            next = range.upperBound
            return try withHDF5 { () throws(HDF5Error) in (try featureRows.read(Float.self, rows: range), try logitRows?.read(Float.self, rows: range) ?? []) }
        }
    }

    /// Writes a file from rows given batch by batch; it appears under its name only when complete and synced.
    ///
    /// - Parameters:
    ///   - classes: the width of the logits; nil writes none.
    ///   - nextBatch: features `[n, dimension]` and logits `[n, classes]` of the next images; nil at the end.
    /// - Throws: `hdf5`, and what `nextBatch` throws.
    public static func write(
        to path: String, identity: FeatureIdentity, dimension: Int, classes: Int? = nil, names: [String] = [], labels: ImageLabels? = nil,
        nextBatch: () throws(EvaluationError) -> (features: [Float], logits: [Float])?
    ) throws(EvaluationError) {
        let (file, features, logits) = try withHDF5 { () throws(HDF5Error) in
            let file = try HDF5File(creating: path)
            try HDF5Format.features.write(identity, to: file.root)
            let features = try file.root.createDataset("features", of: Float.self, shape: [0, dimension], growing: true)
            let logits = if let classes { try file.root.createDataset("logits", of: Float.self, shape: [0, classes], growing: true) } else { nil as HDF5Dataset? }
            if !names.isEmpty { try file.root.write(names, as: "names") }
            if let labels {
                try file.root.write(labels.labels.map(Int64.init), as: "labels")
                try file.root.write(labels.classNames, as: "class_names")
            }
            return (file, features, logits)
        }
        while let batch = try nextBatch() {
            try withHDF5 { () throws(HDF5Error) in
                try features.append(batch.features)
                try logits?.append(batch.logits)
            }
        }
        try withHDF5 { () throws(HDF5Error) in try file.commit() }
    }
}
