/// Trainings that differ in their seed alone become one subject.
///
/// Two runs are of one recipe where all their settings but `seed` are equal, and so is their data: by its digest where both know it, else by its name. Runs of a recipe with one and the same seed are repetitions of one training, which say
/// nothing about others; such a recipe is left as it is.
public struct SeedPool: Sendable {
    /// The subjects, a pooled one in the place of its first member.
    public private(set) var subjects: [Subject] = []
    /// What was not pooled although it looks as if it could be, one line each.
    public private(set) var notes: [String] = []

    /// Pools what can be.
    public init(_ all: [Subject]) {
        var recipes: [Recipe: [Int]] = [:]
        for (place, subject) in all.enumerated() { if let recipe = Recipe(subject) { recipes[recipe, default: []].append(place) } }
        var pools: [Int: [Int]] = [:], taken: Set<Int> = []
        for places in recipes.values.filter({ $0.count > 1 }).sorted(by: { $0[0] < $1[0] }) {
            let members = places.map { all[$0] }
            guard Set(members.map(\.seed)).count == members.count else {
                let names = members.prefix(4).map(\.name).joined(separator: ", ") + (members.count > 4 ? " and \(members.count - 4) more" : "")
                notes.append("\(names) have the same settings, and some the same seed: a training that is repeated is no other training, so they are not pooled")
                continue
            }
            pools[places[0]] = places
            taken.formUnion(places)
        }
        let free = Set(all.indices.filter { !taken.contains($0) }.map { all[$0].name }), stems = pools.mapValues { Self.stem($0.map { all[$0].name }) }
        for (place, subject) in all.enumerated() {
            if let places = pools[place], let stem = stems[place] {
                let members = places.map { all[$0] }, isPlain = !stem.isEmpty && !free.contains(stem) && stems.values.count { $0 == stem } == 1
                var pooled = Subject("\(isPlain ? stem : "\(members[0].name) to \(members[members.count - 1].name)") (\(members.count) seeds)")
                pooled.members = members
                subjects.append(pooled)
            } else if !taken.contains(place) {
                subjects.append(subject)
            }
        }
    }

    /// What names have in common: their words at the same places, without those that say `seed`; empty where nothing is left.
    static func stem(_ names: [String]) -> String {
        let split = names.map(words)
        guard let first = split.first, split.allSatisfy({ $0.count == first.count }) else { return trimmed(names.dropFirst().reduce(names.first ?? "") { $0.commonPrefix($1) }) }
        var kept = ""
        for (index, word) in first.enumerated() {
            let same = split.allSatisfy { $0[index].text == word.text }, shared = split.dropFirst().reduce(word.text) { $0.commonPrefix($1[index].text) }
            let plain = same ? word.text : shared.filter { !$0.isNumber }
            guard !plain.isEmpty, !["seed", "s"].contains(plain.lowercased()) else { continue }
            kept += (kept.isEmpty ? "" : word.separator) + plain
        }
        return trimmed(kept)
    }

    private static let separators: Set<Character> = ["-", "_", ".", "/", " ", ",", "="]

    /// Words, each with the separator before it.
    private static func words(_ name: String) -> [(separator: String, text: String)] {
        var words: [(separator: String, text: String)] = [("", "")]
        for letter in name {
            if separators.contains(letter) { words.append((String(letter), "")) } else { words[words.count - 1].text.append(letter) }
        }
        return words.filter { !$0.text.isEmpty }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, separators.contains(last) { text.removeLast() }
        return String(text)
    }
}

/// Everything of a training but its seed.
private struct Recipe: Hashable {
    private let settings: [String: String], data: String

    /// Nil for a subject without a training or without a seed.
    init?(_ subject: Subject) {
        guard let run = subject.run, subject.members.isEmpty, run.setting("seed") != nil else { return nil }
        settings = Dictionary(run.configuration.filter { !["seed", "data"].contains($0.name) }.map { ($0.name, $0.value) }) { $1 }
        data = run.identity.first { $0.name == "data_sha256" }?.value ?? "named \(run.setting("data") ?? "")"
    }
}

extension String {
    fileprivate func commonPrefix(_ other: String) -> String { String(zip(self, other).prefix { $0 == $1 }.map(\.0)) }
}
