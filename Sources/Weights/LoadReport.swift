/// How the arrays of a file fit a network.
public struct LoadReport: Equatable, Sendable, CustomStringConvertible {
    /// An array that both sides name, with different shapes.
    public struct Misshapen: Equatable, Sendable {
        /// The name both give it.
        public let name: String
        /// The network's shape.
        public let expected: [Int]
        /// The file's shape, after mapping.
        public let found: [Int]
    }

    /// An array that the network has and the file lacks.
    public struct Missing: Equatable, Sendable {
        /// The network's name of it.
        public let name: String
        /// The network's shape.
        public let shape: [Int]
    }

    /// The path of the file.
    public let file: String
    /// The names that fit, in the network's order.
    public internal(set) var applied: [String] = []
    /// What the network has and the file does not, in the network's order.
    public internal(set) var missing: [Missing] = []
    /// What the file has and the network does not, in the file's order.
    public internal(set) var unexpected: [String] = []
    /// What both have in different shapes, in the network's order.
    public internal(set) var misshapen: [Misshapen] = []
    /// What the file has and no network needs (`num_batches_tracked`).
    public internal(set) var ignored: [String] = []

    /// Whether every array of the network was found and every one of the file was used.
    public var isComplete: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

    /// Refuses a file that does not fit.
    /// - Throws: `WeightsError` with reason `mismatched`: one line with the first few names of each kind.
    public func requireComplete() throws(WeightsError) {
        if isComplete { return }
        throw WeightsError(
            .mismatched, file: file, expected: "the \(applied.count + missing.count + misshapen.count) arrays of the network",
            found: sections(limit: 3).map { "\($0.count) \($0.title) (\($0.lines.joined(separator: "; ")))" }.joined(separator: ", "))
    }

    /// One heading per kind, one line per array.
    public var description: String {
        var lines = ["\(file): \(applied.count) arrays fit" + (ignored.isEmpty ? "" : ", \(ignored.count) ignored")]
        for section in sections(limit: 20) { lines += ["  \(section.count) \(section.title):"] + section.lines.map { "    " + $0 } }
        return lines.joined(separator: "\n")
    }

    private func sections(limit: Int) -> [(title: String, count: Int, lines: [String])] {
        func shorten(_ title: String, _ lines: [String]) -> (title: String, count: Int, lines: [String]) {
            (title, lines.count, lines.count <= limit ? lines : lines.prefix(limit) + ["and \(lines.count - limit) more"])
        }
        return [
            shorten("missing", missing.map { "\($0.name) \($0.shape)" }),
            shorten("unexpected", unexpected),
            shorten("misshapen", misshapen.map { "\($0.name): expected \($0.expected), found \($0.found)" }),
        ].filter { $0.count > 0 }
    }
}

extension WeightsFile {
    /// An array that a network needs.
    public struct Expected: Equatable, Sendable {
        /// Its dotted name.
        public let name: String
        /// Its extents.
        public let shape: [Int]

        /// An array by name and shape.
        public init(_ name: String, _ shape: [Int]) {
            self.name = name
            self.shape = shape
        }
    }

    /// Compares the file with what a network needs.
    /// - Parameters:
    ///   - expected: every parameter and buffer of the network.
    ///   - mapping: how the file's names become the network's.
    ///   - ignoring: last components of names that need no counterpart.
    /// - Returns: the arrays that fit, in the order of `expected`, and the report; see `LoadReport.requireComplete()`.
    /// - Throws: `WeightsError` where two arrays map to one name.
    public func match(
        _ expected: [Expected], mapping: KeyMapping = .identity, ignoring: Set<String> = ["num_batches_tracked"]
    ) throws(WeightsError) -> (arrays: [WeightsArray], report: LoadReport) {
        let mapped = try mapping.apply(to: arrays, file: path)
        let positions = Dictionary(uniqueKeysWithValues: mapped.indices.map { (mapped[$0].name, $0) })
        var report = LoadReport(file: path)
        var fitting: [WeightsArray] = []
        for wanted in expected {
            guard let position = positions[wanted.name] else {
                report.missing.append(LoadReport.Missing(name: wanted.name, shape: wanted.shape))
                continue
            }
            guard mapped[position].shape == wanted.shape else {
                report.misshapen.append(LoadReport.Misshapen(name: wanted.name, expected: wanted.shape, found: mapped[position].shape))
                continue
            }
            report.applied.append(wanted.name)
            fitting.append(mapped[position])
        }
        let names = Set(expected.map(\.name))
        for array in mapped where !names.contains(array.name) {
            let last = array.name.split(separator: ".").last.map(String.init) ?? array.name
            if ignoring.contains(last) { report.ignored.append(array.name) } else { report.unexpected.append(array.name) }
        }
        return (fitting, report)
    }
}
