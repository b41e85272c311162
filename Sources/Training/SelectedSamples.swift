import Datasets

/// Some samples of a source, as a source of their own.
struct SelectedSamples: SampleSource {
    /// Where they come from.
    let source: any SampleSource
    private let indices: [Int]

    init(_ source: any SampleSource, _ indices: [Int]) { (self.source, self.indices) = (source, indices) }

    var name: String { source.name }
    var count: Int? { indices.count }
    var shape: [Int] { source.shape }
    var classNames: [String]? { source.classNames }
    func label(_ index: Int) -> Int? { source.label(indices[index]) }
    func read(_ wanted: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        try source.read(wanted.map { indices[$0] }, into: values)
    }
}

extension SampleSource {
    /// Indices of a part of `count` samples from all over the source: files are often ordered by class. The first ones of a distribution.
    public func spacedOut(_ part: Range<Int>, of count: Int) -> [Int] { part.map { index in self.count.map { index * $0 / count } ?? index } }
}
