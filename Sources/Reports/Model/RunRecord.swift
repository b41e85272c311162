#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Yams

/// What a training run left behind: settings, identity, logged numbers, grids of samples.
public struct RunRecord: Hashable, Sendable {
    /// A setting with its value.
    public struct Setting: Hashable, Sendable {
        /// Name and value as written.
        public var name: String, value: String

        /// A setting.
        public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    /// Numbers of one name over steps.
    public struct Curve: Hashable, Sendable {
        /// `losses`, `measurement`, `diversity`, or another kind of line.
        public var kind: String
        /// Such as `critic loss` or `fid`.
        public var name: String
        /// In the order of the log; NaN where a number was not finite.
        public var points: [SIMD2<Double>]

        /// A curve; x is the step.
        public init(kind: String, name: String, points: [SIMD2<Double>]) { (self.kind, self.name, self.points) = (kind, name, points) }
    }

    /// Every setting, in the order of the configuration.
    public var configuration: [Setting]
    /// What the bits depend on besides: versions, data, threads.
    public var identity: [Setting]
    /// What was logged, in the order in which names first appear.
    public var curves: [Curve]
    /// Grids of samples, by step in ascending order.
    public var grids: [Picture]
    /// Where it came from.
    public var source: Source

    /// A run.
    public init(configuration: [Setting], identity: [Setting], curves: [Curve], grids: [Picture], source: Source) {
        (self.configuration, self.identity, self.curves, self.grids, self.source) = (configuration, identity, curves, grids, source)
    }

    /// The value of a setting.
    func setting(_ name: String) -> String? { configuration.first { $0.name == name }?.value }

    /// A curve by kind and name.
    func curve(_ kind: String, _ name: String) -> Curve? { curves.first { $0.kind == kind && $0.name == name } }

    /// Settings of YAML text, nested keys joined by dots.
    /// - Throws: ``ReportError`` for what is no list of settings.
    public static func settings(yaml text: String, file: String) throws(ReportError) -> [Setting] {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch { throw .unreadable(file: file, expected: "'name: value' lines", found: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")) }
        guard let root else { return [] }
        var settings: [Setting] = []
        func walk(_ node: Node, _ name: String) {
            switch node {
            case let .mapping(mapping): for (key, value) in mapping { walk(value, name.isEmpty ? key.scalar?.string ?? "" : name + "." + (key.scalar?.string ?? "")) }
            case let .sequence(sequence): for (index, value) in sequence.enumerated() { walk(value, "\(name)[\(index)]") }
            case let .scalar(scalar): settings.append(Setting(name, scalar.string))
            case .alias: settings.append(Setting(name, "(alias)"))
            }
        }
        guard case .mapping = root else { throw .unreadable(file: file, expected: "'name: value' lines", found: "something else") }
        walk(root, "")
        return settings
    }

    /// Curves of a log: one JSON object on each line, with `kind`, `step` and numbers. An unfinished last line is left out.
    /// - Throws: ``ReportError`` with the number of a line that is none.
    public static func curves(log text: String, file: String) throws(ReportError) -> [Curve] {
        var curves: [Curve] = [], places: [String: Int] = [:]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false), decoder = JSONDecoder()
        for (number, line) in lines.enumerated() where number < lines.count - 1 && !line.isEmpty {
            guard let entry = try? decoder.decode([String: LogValue].self, from: Data(line.utf8)), case let .text(kind)? = entry["kind"], case let .number(step)? = entry["step"], abs(step) < 1e15, step == step.rounded() else {
                throw .unreadable(file: file, expected: "a line of a log", found: "line \(number + 1): \(line.prefix(60))")
            }
            // A dictionary forgets the order of its keys; the line has it.
            var seen: Set = ["kind", "step"]
            for name in line.split(separator: "\"").map(String.init) where entry[name] != nil && seen.insert(name).inserted {
                guard case let .number(value)? = entry[name] else { continue }
                let key = kind + "\u{0}" + name, place = places[key] ?? curves.count
                if place == curves.count {
                    places[key] = place
                    curves.append(Curve(kind: kind, name: name, points: []))
                }
                curves[place].points.append([step, value])
            }
        }
        return curves
    }

    private enum LogValue: Decodable {
        case number(Double), text(String)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() { self = .number(.nan) } else if let number = try? value.decode(Double.self) { self = .number(number) } else { self = .text((try? value.decode(String.self)) ?? "") }
        }
    }
}
