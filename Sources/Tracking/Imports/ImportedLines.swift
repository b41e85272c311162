#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A JSON object a line.
struct ImportedLines {
    let series: [MetricSeries]

    /// What a value in a line can be.
    private indirect enum Value: Decodable {
        case number(Double), object([String: Value]), other

        init(from decoder: any Decoder) throws {
            let content = try decoder.singleValueContainer()
            if content.decodeNil() { self = .number(.nan) } else if let number = try? content.decode(Double.self) { self = .number(number) } else if let object = try? content.decode([String: Value].self) {
                self = .object(object)
            } else { self = .other }
        }
    }

    init(_ lines: [Substring], file: String) throws(TrackingError) {
        var numbers = ImportedNumbers()
        for (place, line) in lines.enumerated() {
            guard let object = try? JSONDecoder().decode([String: Value].self, from: Data(line.utf8)) else {
                // The last line of a log that is still written may be half there.
                if place == lines.count - 1 && place > 0 { break }
                throw .badImport(file: file, line: place + 1, expected: "a JSON object", found: "\(line.prefix(60))")
            }
            var flat: [String: Double] = [:]
            Self.flatten(.object(object), "", into: &flat)
            let step = Self.take(ImportedNumbers.steps, from: &flat) ?? Self.styleGANStep(flat, line)
            guard let step, abs(step) < 1e15, step == step.rounded() else { throw .badImport(file: file, line: place + 1, expected: "a whole number named " + ImportedNumbers.steps.prefix(4).joined(separator: ", "), found: "\(line.prefix(60))") }
            let time = Self.take(ImportedNumbers.times, from: &flat)
            for (name, value) in flat.sorted(by: { $0.key < $1.key }) { numbers.add(name, MetricPoint(step: Int(step), time: time, value: value)) }
        }
        guard !numbers.series.isEmpty else { throw .badImport(file: file, line: nil, expected: "at least one number beside the step", found: "none") }
        series = numbers.series
    }

    /// The number under the first of these names that is there.
    private static func take(_ names: [String], from flat: inout [String: Double]) -> Double? {
        names.first { flat[$0] != nil }.flatMap { flat.removeValue(forKey: $0) }
    }

    /// `{"num", "mean", "std"}`, StyleGAN's statistics of a number, is its mean; another object's numbers go under its name.
    private static func flatten(_ value: Value, _ name: String, into flat: inout [String: Double]) {
        switch value {
        case let .number(number): flat[name] = number
        case let .object(object):
            if case let .number(mean)? = object["mean"], object.keys.contains("num") { return flat[name] = mean }
            for (key, value) in object { flatten(value, name.isEmpty || name == "results" ? key : name + "." + key, into: &flat) }
        case .other: break
        }
    }

    /// StyleGAN counts thousands of images: in its statistics by a number, in its metrics by the name of the snapshot.
    private static func styleGANStep(_ flat: [String: Double], _ line: Substring) -> Double? {
        if let thousands = flat["Progress/kimg"] { return (thousands * 1000).rounded() }
        return line.firstMatch(of: /network-snapshot-([0-9]+)/).flatMap { Double($0.output.1) }.map { $0 * 1000 }
    }
}
