extension Report {
    /// A setting in which runs differ, with the value of each run.
    struct Difference: Hashable { let name: String, values: [String?] }

    /// Settings in which runs differ, in the order in which configurations name them, then entries of their identities; of several trainings each of their values once.
    var differences: [Difference] {
        let recipes = self.recipes, all = recipes.flatMap(\.runs)
        let names = (all.flatMap { $0.configuration.map(\.name) } + all.flatMap { $0.identity.map(\.name) }).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return names.compactMap { name in
            let values = recipes.map { recipe in
                recipe.runs.map { run in run.setting(name) ?? run.identity.first { $0.name == name }?.value }.reduce(into: [String?]()) { if !$0.contains($1) { $0.append($1) } }
            }
            guard Set(values).count > 1 || values.contains(where: { $0.count > 1 }) else { return nil }
            return Difference(name: name, values: values.map { $0.count == 1 ? $0[0] : $0.map { $0 ?? "—" }.joined(separator: ", ") })
        }
    }

    /// A note with the subjects it came from.
    struct Note: Hashable { let text: String; var subjects: [String] }

    /// Warnings of all results, each once.
    var notes: [Note] {
        var notes: [Note] = [], places: [String: Int] = [:]
        func add(_ text: String, _ subject: String) {
            if let place = places[text] {
                if !notes[place].subjects.contains(subject) { notes[place].subjects.append(subject) }
            } else {
                places[text] = notes.count
                notes.append(Note(text: text, subjects: [subject]))
            }
        }
        for subject in subjects.flatMap(\.singles) {
            for evaluation in subject.evaluations {
                for result in evaluation.results { for text in result.warnings { add("\(result.title): \(text)", subject.name) } }
                for text in evaluation.warnings { add(text, subject.name) }
            }
            for text in subject.explanations.flatMap(\.warnings) + subject.copies.flatMap(\.warnings) { add(text, subject.name) }
        }
        for comparison in comparisons {
            let names = names(of: comparison)
            for text in comparison.comparisons.flatMap({ item in item.warnings.map { "\(item.title): \($0)" } }) + comparison.warnings { add(text, "\(names.first) against \(names.second)") }
        }
        return notes
    }

    /// Where numbers came from.
    struct Provenance: Hashable {
        let subject: String, what: String, origin: String, command: String?, commandNote: String?, identity: [RunRecord.Setting]

        /// - Parameter command: What would make it again, where nobody noted what did.
        init(_ subject: String, _ what: String, _ source: Source, _ identity: [RunRecord.Setting], _ command: String?, note: String?) {
            (self.subject, self.what, self.identity) = (subject, what, identity)
            origin = ["stored in \(source.place)", source.time.map { "at \($0)" }, source.tags.isEmpty ? nil : "tagged \(source.tags.joined(separator: ", "))"].compactMap { $0 }.joined(separator: ", ")
            self.command = source.command ?? command
            commandNote = source.command == nil && command != nil ? note : nil
        }
    }

    /// One entry for each run and each stored result.
    var provenance: [Provenance] {
        subjects.flatMap(\.singles).flatMap { subject -> [Provenance] in
            var found: [Provenance] = []
            func add(_ what: String, _ source: Source, _ identity: [RunRecord.Setting], _ command: String?, note: String?) {
                found.append(Provenance(subject.name, what, source, identity, command, note: note))
            }
            func entries(_ identity: [String: String]) -> [RunRecord.Setting] { Self.entries(identity) }
            if let run = subject.run {
                let threads = run.identity.first { $0.name == "threads" }.map { " --threads \(Self.quoted($0.value))" } ?? ""
                add("training run", run.source, run.configuration + run.identity, "gan-eval train \(Self.quoted(run.source.place + "/config.yaml")) -o again\(threads)",
                    note: "The same bits need the same data, version, instruction set and number of threads.")
            }
            for evaluation in subject.evaluations {
                add("evaluation, " + evaluation.results.map(\.metric).joined(separator: ", "), evaluation.source, entries(evaluation.identity), command(evaluation), note: "REAL and FAKE stand for the image sets of the digests below; the result does not say where they lie.")
            }
            for explanation in subject.explanations {
                add("influence of images", explanation.source, entries(explanation.identity), "gan-eval explain REAL FAKE" + options(explanation.identity), note: "REAL and FAKE stand for the image sets of the digests below.")
            }
            for one in subject.copies {
                add("search for copies", one.source, entries(one.identity), "gan-eval copies FAKE --training TRAINING" + (one.counts.held_out == nil ? "" : " --held-out HELD_OUT") + options(one.identity), note: "FAKE and TRAINING stand for the image sets of the digests below.")
            }
            return found
        } + comparisons.map { comparison in
            let names = names(of: comparison), metrics = comparison.comparisons.map(\.metric).joined(separator: ",")
            return Provenance("\(names.first) against \(names.second)", "comparison, " + comparison.comparisons.map(\.metric).joined(separator: ", "), comparison.source, Self.entries(comparison.identity),
                              "gan-eval compare A B --reference REAL --metrics \(Self.quoted(metrics))" + options(comparison.identity), note: "A, B and REAL stand for the image sets of the digests below.")
        }
    }

    private static func entries(_ identity: [String: String]) -> [RunRecord.Setting] { identity.sorted { $0.key < $1.key }.map { RunRecord.Setting($0.key, $0.value) } }

    /// The command as far as a result tells it; nil for metrics of other commands.
    private func command(_ evaluation: StoredEvaluation) -> String? {
        let names = evaluation.results.map(\.metric)
        guard !names.isEmpty, names.allSatisfy({ measures[$0]?.isEvaluated == true }) else { return nil }
        let groups = evaluation.results.compactMap(\.groups).first.map { " --jackknife \(Numeral.fixed($0, 0))" } ?? ""
        return "gan-eval evaluate REAL FAKE --metrics \(Self.quoted(names.joined(separator: ",")))" + groups + options(evaluation.identity)
    }

    private func options(_ identity: [String: String]) -> String {
        [("network", "--network"), ("tap", "--tap"), ("protocol", "--protocol"), ("precision", "--precision"), ("seed", "--seed")].compactMap { name, option in
            identity[name].map { " \(option) \(Self.quoted($0))" }
        }.joined()
    }

    /// As a shell reads it back to the same text.
    static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { byte in (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_./,:=+@%".utf8.contains(byte) }
        return isPlain ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
