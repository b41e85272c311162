import HDF5
import Tensors

/// A data set as a configuration names it: a path, or a distribution with options such as `ring:modes=8,deviation=0.02`.
///
/// A name with a slash is always a path.
public struct DataSourceSpecification: Hashable, Sendable, CustomStringConvertible {
    private enum Content: Hashable { case path, distribution(String, [String: Double]) }

    /// What was written.
    public let description: String
    private let content: Content

    /// Whether it names a distribution and no file.
    public var isDistribution: Bool { content != .path }

    /// Reads a name. Whether a path exists is asked when it is opened.
    /// - Throws: `DatasetError` naming the option that a distribution does not have, or whose value is out of range.
    public init(parsing text: String) throws(DatasetError) {
        description = text
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let distribution = ToyDistribution.all.first(where: { $0.name == name }) else {
            content = .path
            return
        }
        var values: [String: Double] = [:]
        for part in parts.count > 1 ? parts[1].split(separator: ",", omittingEmptySubsequences: false) : [] {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else {
                throw DatasetError(path: text, .badSpecification("expected option=number after \(name):, found '\(part)'"))
            }
            guard let option = distribution.options.first(where: { $0.name == pair[0] }) else {
                let names = distribution.options.map(\.name)
                throw DatasetError(path: text, .badSpecification("\(name) has no option '\(pair[0])'" + suggestion(pair[0], names)))
            }
            guard let value = Double(pair[1]), option.accepts(value) else {
                throw DatasetError(path: text, .badSpecification("expected \(option.name) = \(option.rangeText), found '\(pair[1])'"))
            }
            guard values.updateValue(value, forKey: option.name) == nil else {
                throw DatasetError(path: text, .badSpecification("\(option.name) is given twice"))
            }
        }
        content = .distribution(distribution.name, values)
    }

    /// Opens what is named: images in any collection that `ImageSource` knows, samples that `SampleFile` wrote, or a distribution.
    /// - Parameters:
    ///   - settings: how images become samples of one size.
    ///   - labelled: whether classes are wanted; distributions tell them in any case.
    ///   - stream: what a distribution draws from.
    /// - Throws: `DatasetError` if nothing is there, it holds no samples, or classes are wanted and missing.
    public func open(_ settings: ImageSettings = ImageSettings(), labelled: Bool = false, stream: RandomStream) throws(DatasetError) -> any SampleSource {
        switch content {
        case .distribution(let name, let values):
            guard let distribution = ToyDistribution.all.first(where: { $0.name == name }) else { preconditionFailure("no distribution \(name)") }
            let source = distribution.source(values, stream: stream)
            if labelled && source.classNames == nil { throw DatasetError(path: description, .noLabels("\(name) has none")) }
            return source
        case .path:
            if SampleFile.isSampleFile(description) { return try SampleFile.read(description, labelled: labelled) }
            do throws(DatasetError) {
                return try ImageSamples(ImageSource.open(description, labelled: labelled), settings)
            } catch {
                guard case .unreadable(let words) = error.reason, error.path == description, !description.contains("/") else { throw error }
                let names = ToyDistribution.all.map(\.name), name = String(description.prefix { $0 != ":" })
                throw DatasetError(path: description, .badSpecification("neither a file (\(words)) nor a distribution" + suggestion(name, names)))
            }
        }
    }
}

extension ToyDistribution.Option {
    /// Whether a value can be used.
    func accepts(_ value: Double) -> Bool { range.contains(value) && (!isWhole || value == value.rounded()) && (name != "channels" || value != 2) }

    /// The values that can be used, in words.
    var rangeText: String {
        if name == "channels" { return "1 or 3" }
        return isWhole ? "a whole number in \(Int(range.lowerBound))…\(Int(range.upperBound))" : "a number in \(range.lowerBound)…\(range.upperBound)"
    }
}

/// The name that was probably meant, and all that there are.
func suggestion(_ name: String, _ names: [String]) -> String {
    let all = names.joined(separator: ", ")
    guard let nearest = names.min(by: { name.distance(to: $0) < name.distance(to: $1) }), name.distance(to: nearest) <= max(2, nearest.count / 3) else {
        return "; expected one of \(all)"
    }
    return "; did you mean \(nearest)? (\(all))"
}
