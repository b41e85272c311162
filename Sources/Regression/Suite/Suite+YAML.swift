import Archives
import Datasets
import Evaluation
import Games
import Yams

extension Suite {
    /// How many nights a baseline may be averaged over.
    public static let baselineNightsAllowed = 1...365

    /// A suite in a file.
    /// - Throws: `ArchiveError` for a file that cannot be read; ``RegressionError`` with the line, and the nearest valid name where a name is not known.
    public init(reading path: String) throws {
        try self.init(yaml: String(decoding: FileBytes(path).bytes(), as: UTF8.self), file: path)
    }

    /// A suite written as YAML; paths in it are relative to `file`'s folder.
    /// - Throws: ``RegressionError`` as ``init(reading:)``.
    public init(yaml text: String, file: String) throws(RegressionError) {
        let root: Node?
        // Files of some editors begin with a mark of their byte order.
        do { root = try Yams.compose(yaml: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text) } catch {
            // The parser repeats the whole text after this word.
            let words = RegressionError.oneLine("\(error)"), end = words.firstRange(of: " Context:")?.lowerBound ?? words.endIndex
            throw .suite(file: file, line: nil, reason: String(words[..<end]))
        }
        guard let root, case .mapping(let mapping) = root else { throw .suite(file: file, line: root?.mark?.line, reason: "expected 'name: value' lines, among them 'cases:'") }
        self.init(path: file)
        var reader = CaseReader(file: file), list: Node?
        for (key, value) in mapping {
            let entry = try SuiteEntry(key, value, file)
            switch entry.key {
            case "cases": list = value
            case "name": name = try entry.text()
            case "confidence": test.confidence = try entry.number(0.5...0.99999)
            case "window": test.window = try entry.integer(Slide.fewestNights...365)
            case "groups":
                groups = try entry.integer(0...1000)
                if groups == 1 { throw entry.failure("'groups' is 1; expected 0 or a number from 2 to 1000") }
            case "baseline-nights": baselineNights = try entry.integer(Self.baselineNightsAllowed)
            default: try reader.take(entry, others: ["name", "cases", "confidence", "window", "groups", "baseline-nights"])
            }
        }
        guard let list, case .sequence(let sequence) = list, !sequence.isEmpty else { throw .suite(file: file, line: list?.mark?.line, reason: "expected a list of cases under 'cases:'") }
        for node in sequence {
            let found = try reader.read(node)
            guard !cases.contains(where: { $0.name == found.name }) else { throw .suite(file: file, line: found.line, reason: "two cases are called '\(found.name)'") }
            cases.append(found)
        }
    }
}

/// Reads a case; the entries it was given before are defaults.
private struct CaseReader {
    let file: String
    private var name: String?, fake: String?, run: String?
    private var samples = GeneratorSamples(run: "")
    private var template: SuiteCase

    private static let defaults = ["real", "training", "metrics", "tolerance", "protocol", "network", "weights", "tap", "checkpoint", "samples", "seed", "classes", "retrained"]
    private static let own = ["name", "fake", "run"]

    init(file: String) {
        self.file = file
        template = SuiteCase(name: "", subject: .set(""), metrics: [])
    }

    /// A case.
    func read(_ node: Node) throws(RegressionError) -> SuiteCase {
        guard case .mapping(let mapping) = node else { throw .suite(file: file, line: node.mark?.line, reason: "expected a case: 'name: …' with what it measures") }
        var reader = self
        for (key, value) in mapping { try reader.take(SuiteEntry(key, value, file), isCase: true) }
        var result = reader.template
        result.line = node.mark?.line
        func failure(_ reason: String) -> RegressionError { .suite(file: file, line: node.mark?.line, reason: reason) }
        guard let name = reader.name, !name.isEmpty else { throw failure("a case needs a 'name'") }
        result.name = name
        switch (reader.fake, reader.run) {
        case (let fake?, nil): result.subject = .set(fake)
        case (nil, let run?):
            reader.samples.run = run
            result.subject = .generator(reader.samples)
        default: throw failure("case '\(name)' needs either 'fake', a set of generated images, or 'run', the folder of a trained run")
        }
        guard !result.metrics.isEmpty else { throw failure("case '\(name)' needs 'metrics'") }
        return result
    }

    /// Takes an entry of a case, or one that holds for all cases.
    mutating func take(_ entry: SuiteEntry, isCase: Bool = false, others: [String] = []) throws(RegressionError) {
        switch entry.key {
        case "name" where isCase: name = try entry.text()
        case "fake" where isCase: fake = try entry.path()
        case "run" where isCase: run = try entry.path()
        case "real": template.real = try entry.path()
        case "training": template.training = try entry.path()
        case "metrics": template.metrics = try entry.metrics()
        case "tolerance": try entry.tolerances(into: &template)
        case "protocol":
            template.proto = try entry.text()
            do throws(EvaluationError) { _ = try EvaluationProtocol.named(template.proto) } catch {
                throw entry.failure("there is no protocol '\(template.proto)'; the nearest is '\(template.proto.nearest(in: EvaluationProtocol.all.map(\.name)))'")
            }
        case "network":
            // The name of a network, or the path of a description.
            let text = try entry.text()
            template.network = text.hasSuffix(".yaml") || text.contains("/") ? try entry.path() : text
        case "weights": template.weights = try entry.path()
        case "tap": template.tap = try entry.text()
        case "checkpoint": samples.checkpoint = try entry.text()
        case "samples": samples.count = try entry.integer(1...10_000_000)
        case "seed": samples.seed = UInt64(try entry.integer(0...Int.max))
        case "classes": samples.classes = try entry.classes()
        case "retrained": template.isRetrained = try entry.truth()
        default:
            let known = Self.defaults + (isCase ? Self.own : others)
            throw entry.failure("there is no entry '\(entry.key)' \(isCase ? "of a case" : "here"); the nearest is '\(entry.key.nearest(in: known))'", atKey: true)
        }
    }
}

/// One `name: value` of a suite.
struct SuiteEntry {
    let key: String
    private let value: Node, file: String, keyLine: Int?

    init(_ key: Node, _ value: Node, _ file: String) throws(RegressionError) {
        guard let name = key.scalar?.string else { throw .suite(file: file, line: key.mark?.line, reason: "a name must be text") }
        (self.key, self.value, self.file, keyLine) = (name, value, file, key.mark?.line)
    }

    /// An error at this entry.
    func failure(_ reason: String, atKey: Bool = false) -> RegressionError { .suite(file: file, line: (atKey ? keyLine : nil) ?? value.mark?.line ?? keyLine, reason: reason) }

    func text() throws(RegressionError) -> String {
        guard let text = value.scalar?.string, !text.isEmpty else { throw failure("'\(key)' needs one value") }
        return text
    }

    /// A path, relative to the suite's folder.
    func path() throws(RegressionError) -> String {
        let text = try text()
        guard !text.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return text }
        return file[...slash] + text
    }

    func truth() throws(RegressionError) -> Bool {
        let text = try text()
        guard let value = ["true": true, "yes": true, "false": false, "no": false][text.lowercased()] else { throw failure("'\(key)' is \(text); expected true or false") }
        return value
    }

    func integer(_ range: ClosedRange<Int>) throws(RegressionError) -> Int {
        let text = try text()
        guard let number = Int(text), range ~= number else { throw failure("'\(key)' is \(text); expected a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    func number(_ range: ClosedRange<Double>) throws(RegressionError) -> Double {
        let text = try text()
        guard let number = Double(text), range ~= number else { throw failure("'\(key)' is \(text); expected a number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    /// A list, or one text with commas.
    private func list() throws(RegressionError) -> [String] {
        guard case .sequence(let sequence) = value else { return try text().split(separator: ",").map { $0.filter { $0 != " " } } }
        var items: [String] = []
        for node in sequence {
            guard let item = node.scalar?.string else { throw failure("'\(key)' needs a list of names") }
            items.append(item)
        }
        return items
    }

    func classes() throws(RegressionError) -> [Int] {
        let texts = try list(), numbers = texts.compactMap { Int($0) }
        guard !numbers.isEmpty, numbers.count == texts.count, numbers.allSatisfy({ $0 >= 0 }) else { throw failure("'classes' is \(texts.joined(separator: ", ")); expected numbers of classes") }
        return numbers
    }

    func metrics() throws(RegressionError) -> [String] {
        let names = try list()
        for name in names { try check(name) }
        guard !names.isEmpty, Set(names).count == names.count else { throw failure("'metrics' needs a list of different names") }
        return names
    }

    /// One tolerance for all metrics, or one for each of some.
    func tolerances(into target: inout SuiteCase) throws(RegressionError) {
        guard case .mapping(let mapping) = value else {
            // What is said nearer holds for all metrics, also for those that have one of their own farther away.
            (target.tolerance, target.tolerances) = (try tolerance(text()), [:])
            return
        }
        for (key, value) in mapping {
            let entry = try SuiteEntry(key, value, file)
            try entry.check(entry.key)
            target.tolerances[entry.key] = try entry.tolerance(entry.text())
        }
    }

    private func tolerance(_ text: String) throws(RegressionError) -> Tolerance {
        guard let tolerance = Tolerance(text) else { throw failure("\(key == "tolerance" ? "'tolerance'" : "the tolerance of '\(key)'") is \(text); expected a number of at least 0, or one with %") }
        return tolerance
    }

    private func check(_ metric: String) throws(RegressionError) {
        let names = MetricCatalog.all.map(\.name)
        guard names.contains(metric) else { throw failure("there is no metric '\(metric)'; the nearest is '\(metric.nearest(in: names))'", atKey: key == metric) }
    }
}
