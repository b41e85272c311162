/// What a report shows, from stored results only. Every form of it is made of this value, so that all say the same.
public struct Report: Hashable, Sendable {
    /// What stands above.
    public let title: String
    /// What is compared, in the order given.
    public let subjects: [Subject]
    /// What is known of the metrics, by key.
    public let measures: [String: Measure]
    /// Numbers that may be ranked among each other; several where settings differ.
    public let groups: [ComparisonGroup]
    /// Comparisons of two sets by `gan-eval compare`. Where their sets are those of two numbers of a table, they are what the two are tested by.
    public let comparisons: [StoredComparison]

    /// A report of subjects.
    /// - Throws: ``ReportError`` for two subjects of one name, and for a training with two different numbers of one measure.
    public init(_ title: String, subjects: [Subject], measures: [Measure], comparisons: [StoredComparison] = []) throws(ReportError) {
        for (index, subject) in subjects.enumerated() where subjects[..<index].contains(where: { $0.name == subject.name }) {
            throw .conflict(name: subject.name, reason: "two subjects have this name; tell them apart with NAME=PATH")
        }
        (self.title, self.subjects, self.comparisons) = (title, subjects, comparisons)
        let known = Dictionary(measures.map { ($0.name, $0) }) { first, _ in first }
        self.measures = known
        let singles = subjects.enumerated().flatMap { place, subject in subject.singles.enumerated().map { (place: place, member: $0, subject: $1) } }
        let entries = singles.flatMap { single in single.subject.evaluations.map { ComparisonGroup.Entry(subject: single.place, member: single.member, evaluation: $0) } }
            + singles.flatMap { single in (single.subject.run?.measured(known) ?? []).map { ComparisonGroup.Entry(subject: single.place, member: single.member, evaluation: $0) } }
        var kinds: [(settings: [String: String], entries: [ComparisonGroup.Entry])] = []
        for entry in entries {
            var settings = entry.evaluation.settings
            // Which images a training holds out is part of what differs between trainings.
            let members = subjects[entry.subject].members
            if entry.evaluation.step != nil, settings["seed"] != nil, !members.isEmpty { settings["seed"] = members.compactMap(\.seed).joined(separator: ", ") }
            let place = kinds.firstIndex { $0.settings == settings } ?? kinds.count
            if place == kinds.count { kinds.append((settings, [])) }
            kinds[place].entries.append(entry)
        }
        var groups: [ComparisonGroup] = []
        for (index, kind) in kinds.enumerated() {
            groups.append(try ComparisonGroup(kinds.count > 1 ? Self.letter(index) : "", settings: kind.settings, kind.entries, subjects: subjects, measures: known, comparisons: comparisons))
        }
        self.groups = groups
    }

    /// A, B, …, Z, AA, ….
    private static func letter(_ index: Int) -> String {
        let last = String(UnicodeScalar(UInt8(65 + index % 26)))
        return index < 26 ? last : letter(index / 26 - 1) + last
    }

    /// The runs among the subjects and their members, with the places of the subjects.
    var runs: [(place: Int, name: String, run: RunRecord)] {
        subjects.enumerated().flatMap { place, subject in subject.singles.compactMap { single in single.run.map { (place, single.name, $0) } } }
    }

    /// The subjects that were trained: once, or several times with other seeds.
    var recipes: [(place: Int, name: String, runs: [RunRecord])] {
        subjects.enumerated().compactMap { place, subject in
            let runs = subject.singles.compactMap(\.run)
            return runs.isEmpty ? nil : (place, subject.name, runs)
        }
    }

    /// How the sets of a comparison are called: as the subjects whose images they are, or by their paths.
    func names(of comparison: StoredComparison) -> (first: String, second: String) {
        func name(_ digest: String?, _ set: StoredComparison.ImageSet) -> String {
            let owner = digest.flatMap { digest in
                subjects.flatMap(\.singles).first { $0.evaluations.contains { $0.identity["fake_images_sha256"] == digest } }?.name
            }
            return owner ?? set.path
        }
        return (name(comparison.digests.first, comparison.sets.first), name(comparison.digests.second, comparison.sets.second))
    }

    /// Settings in which groups differ, which headings name.
    var differingSettings: [String] {
        let names = Set(groups.flatMap(\.settings.keys))
        return names.filter { name in Set(groups.map { $0.settings[name] ?? "" }).count > 1 }.sorted()
    }
}

extension RunRecord {
    /// What was measured last while training, as evaluations under the run's settings.
    func measured(_ measures: [String: Measure]) -> [StoredEvaluation] {
        let numbers = curves.filter { $0.kind == "measurement" }
        let network = setting("network") ?? "unknown network"
        let names = numbers.map(\.name).filter { name in ![" lower", " upper"].contains { name.hasSuffix($0) } }
        guard let step = numbers.compactMap({ $0.points.last?.x }).max() else { return [] }
        let results = names.compactMap { name -> StoredEvaluation.Result? in
            guard let last = numbers.first(where: { $0.name == name })?.points.last, last.x == step else { return nil }
            var result = StoredEvaluation.Result(metric: name, title: "\(measures[name]?.title ?? name) (\(network))", value: last.y)
            func end(_ which: String) -> Double? { curve("measurement", "\(name) \(which)")?.points.last { $0.x == step }?.y }
            if let low = end("lower"), let high = end("upper"), low <= high {
                (result.interval, result.confidence) = (low...high, 0.95)
                result.standardError = (high - low) / 2 / DifferenceTest.quantile(confidence: 0.95)
            }
            return result
        }
        // The reference is spread over the data, and is as large as the samples; which images are held out depends on the seed.
        var settings = ["network": network]
        for name in ["measureCount", "heldOut", "size", "channels"] { settings[name] = setting(name) }
        if let share = settings["heldOut"].flatMap({ Double($0) }), share > 0 { settings["seed"] = setting("seed") }
        settings["data_sha256"] = identity.first { $0.name == "data_sha256" }?.value
        let count = setting("measureCount").flatMap { Int($0) }
        return [StoredEvaluation(results: results, identity: settings, real: nil, fake: count, warnings: [], source: source, step: Int(step))]
    }
}
