#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A condition on runs, such as `game=dcgan and (fid<20 or tag~paper) and not status=failed`.
///
/// A field is a word of the run (`name`, `key`, `kind`, `status`, `game`, `seed`, `step`, `steps`, `version`, `code`, `machine`, `folder`, `note`, `tag`, `command`, `age` in days), a setting of its configuration, or
/// the name of a number: its last value, or with `min` or `max` before it the extreme of its curve. `=`, `!=`, `~` (contains) compare as text without regard to case, or as numbers where both sides are;
/// `<`, `<=`, `>`, `>=` compare numbers. A field that a run does not have makes a comparison false, and `!=` true. A word with blanks stands in quotation marks.
public struct RunCondition: Sendable, Hashable {
    indirect enum Term: Sendable, Hashable {
        case and(Term, Term), or(Term, Term), not(Term)
        case comparison(extreme: Extreme?, field: String, relation: Relation, value: String)
    }

    enum Extreme: String, Sendable { case min, max }

    enum Relation: String, Sendable, CaseIterable { case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=", equal = "=", different = "!=", contains = "~" }

    let term: Term

    /// Reads a condition.
    /// - Throws: `badCondition` with the place and what was expected there.
    public init(_ text: String) throws(TrackingError) {
        var parser = RunConditionParser(text)
        term = try parser.whole()
    }

    /// Whether it asks for extremes of curves.
    public var needsExtremes: Bool { Self.needsExtremes(term) }

    private static func needsExtremes(_ term: Term) -> Bool {
        switch term {
        case let .and(a, b), let .or(a, b): needsExtremes(a) || needsExtremes(b)
        case let .not(a): needsExtremes(a)
        case let .comparison(extreme, _, _, _): extreme != nil
        }
    }

    /// Whether a run meets it.
    /// - Parameter now: Seconds since 1970, from which ages count.
    public func matches(_ summary: RunSummary, now: Double = Date().timeIntervalSince1970) -> Bool { Self.holds(term, summary, now) }

    private static func holds(_ term: Term, _ summary: RunSummary, _ now: Double) -> Bool {
        switch term {
        case let .and(a, b): holds(a, summary, now) && holds(b, summary, now)
        case let .or(a, b): holds(a, summary, now) || holds(b, summary, now)
        case let .not(a): !holds(a, summary, now)
        case let .comparison(extreme, field, relation, value):
            relation == .different
                ? !values(of: field, extreme, summary, now).contains { compare($0, .equal, value) }
                : values(of: field, extreme, summary, now).contains { compare($0, relation, value) }
        }
    }

    private static func compare(_ found: String, _ relation: Relation, _ wanted: String) -> Bool {
        switch relation {
        case .contains: return found.lowercased().contains(wanted.lowercased())
        case .equal, .different:
            if let a = Double(found), let b = Double(wanted) { return a == b }
            return found.lowercased() == wanted.lowercased()
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let a = Double(found), let b = Double(wanted) else { return false }
            return switch relation {
            case .less: a < b
            case .lessOrEqual: a <= b
            case .greater: a > b
            default: a >= b
            }
        }
    }

    /// What a run has under a name: several texts for tags, none where it has nothing.
    static func values(of field: String, _ extreme: Extreme?, _ summary: RunSummary, _ now: Double) -> [String] {
        switch extreme {
        case .min?: return summary.lowest[field].map { ["\($0)"] } ?? []
        case .max?: return summary.highest[field].map { ["\($0)"] } ?? []
        case nil: break
        }
        let run = summary.run
        func one(_ value: (some CustomStringConvertible)?) -> [String] { value.map { [$0.description] } ?? [] }
        switch field {
        case "name": return [run.name]
        case "key": return [run.key]
        case "kind": return [run.kind.rawValue]
        case "status": return [run.status.rawValue]
        case "game": return one(run.game)
        case "seed": return one(run.seed)
        case "step": return one(run.step)
        case "steps": return one(run.steps)
        case "version": return [run.version]
        case "code": return one(run.code)
        case "machine": return [run.machine]
        case "folder": return one(run.folder)
        case "note": return [run.note]
        case "command": return [run.command]
        case "tag": return run.tags
        case "age": return one((now - run.created) / 86400)
        default: return one(run.configuration[field]) + one(summary.last[field]?.value)
        }
    }
}
