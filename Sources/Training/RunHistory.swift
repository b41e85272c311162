#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a run has logged: curves by kind, name and identity.
public struct RunHistory: Sendable, Hashable {
    /// Numbers of one name over steps.
    public struct Curve: Sendable, Hashable {
        /// `losses` of the game, `measurement` by metrics, or another kind of line.
        public var kind: String
        /// Such as `critic loss` or `fid`.
        public var name: String
        /// What decides a measurement: the texts beside its numbers; empty for what is no measurement.
        public var identity: [String: String] = [:]
        /// Steps in ascending order; NaN where the number was not finite.
        public var points: [(step: Int, value: Double)] = []

        /// Equal kind, name, identity, steps and bits of values.
        public static func == (a: Curve, b: Curve) -> Bool {
            a.kind == b.kind && a.name == b.name && a.identity == b.identity && a.points.map(\.step) == b.points.map(\.step) && a.points.map(\.value.bitPattern) == b.points.map(\.value.bitPattern)
        }

        /// Hashes kind and name.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(kind)
            hasher.combine(name)
        }
    }

    /// In the order in which the names first appear.
    public private(set) var curves: [Curve] = []

    /// The log of the run in `folder`.
    /// - Throws: ``TrainingError`` for a folder without a run, and for a line that is no log's, with its number; an unfinished last line is left out.
    public init(_ folder: RunFolder) throws(TrainingError) {
        let lines = try folder.text(of: folder.log).split(separator: "\n", omittingEmptySubsequences: false)
        var places: [Curve: Int] = [:]
        for (number, line) in lines.enumerated() where number < lines.count - 1 {
            guard var entry = try? JSONDecoder().decode(Entry.self, from: Data(line.utf8)) else {
                throw .run(folder: folder.path, reason: "line \(number + 1) of log.jsonl is not one of a log: \(line.prefix(60))")
            }
            for name in Self.names(in: line) {
                guard let value = entry.numbers.removeValue(forKey: name) else { continue }
                // A resumed run may go on with another identity, and then with another curve.
                let curve = Curve(kind: entry.kind, name: name, identity: entry.kind == "measurement" ? entry.texts : [:])
                let place = places[curve] ?? curves.count
                if place == curves.count {
                    places[curve] = place
                    curves.append(curve)
                }
                curves[place].points.append((entry.step, value))
            }
        }
    }

    /// The keys of a line, among other words, in their order, which a dictionary forgets.
    private static func names(in line: Substring) -> [String] { line.split(separator: "\"").map(String.init) }

    /// One line.
    private struct Entry: Decodable {
        var kind: String
        var step: Int
        var numbers: [String: Double] = [:]
        var texts: [String: String] = [:]

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            kind = try values.decode(String.self, forKey: Key(stringValue: "kind"))
            step = try values.decode(Int.self, forKey: Key(stringValue: "step"))
            for key in values.allKeys where !["kind", "step"].contains(key.stringValue) {
                if try values.decodeNil(forKey: key) { numbers[key.stringValue] = .nan } else if let number = try? values.decode(Double.self, forKey: key) {
                    numbers[key.stringValue] = number
                } else { texts[key.stringValue] = try values.decode(String.self, forKey: key) }
            }
        }
    }
}
