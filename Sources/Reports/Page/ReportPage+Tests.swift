extension ReportPage {
    /// Every test that was made of the tables' numbers.
    var tests: Markup? {
        var rows: [[Markup]] = []
        let methods = Set(report.groups.flatMap(\.cells).flatMap { [$0.againstBest?.method, $0.againstBetter?.method] }.compactMap { $0 })
        for group in report.groups {
            for column in group.columns {
                for (rank, row) in column.ranking.enumerated().dropFirst() {
                    guard let cell = column.cells[row] else { continue }
                    let best = column.ranking[0], before = column.ranking[rank - 1]
                    let pairs = before == best ? [(best, cell.againstBest, "best")] : [(best, cell.againstBest, "best"), (before, cell.againstBetter, "next better")]
                    for (other, test, which) in pairs {
                        guard let test else { continue }
                        let decimals = column.decimals
                        // One pair may stand in both families; the larger of its corrected values counts.
                        let p = before == best ? max(cell.againstBest?.adjusted ?? 0, cell.againstBetter?.adjusted ?? 0) : test.adjusted
                        rows.append([
                            Self.name(column.title + (group.label.isEmpty ? "" : " (\(group.label))")), Self.cell(report.subjects[group.rows[row]].name), Self.cell("\(report.subjects[group.rows[other]].name) (\(which))"),
                            Self.number("\(Numeral.fixed(test.difference, decimals)) ± \(Numeral.fixed(test.reach, decimals))", test.difference), Self.number(Self.statistic(test, methods), test.statistic),
                            Self.number(p < 0.001 ? "< 0.001" : Numeral.fixed(p, 3), p),
                        ])
                    }
                }
            }
        }
        guard !rows.isEmpty else { return nil }
        let head = [("measure", false), ("subject", false), ("against", false), ("difference", true), (methods == [.z] ? "z" : "test", true), ("p", true)]
        let kinds = [(DifferenceTest.Method.z, "two-sided z tests of independent estimates"), (.groups, "t tests of estimates with errors by a jackknife of groups of images, with ν degrees of freedom"), (.welch, "Welch’s t tests over trainings, with ν degrees of freedom"), (.paired, "what gan-eval compare found of the two sets (“paired”)")]
        let words = kinds.filter { methods.contains($0.0) }.map(\.1).joined(separator: "; "), note = words.prefix(1).uppercased() + words.dropFirst()
        return Markup("details", [:], [
            Markup("summary", [:], "Tests of the differences"),
            Self.table("Differences with their 95 % intervals", note: note + "; p is corrected by Holm’s method over the comparisons of a measure with its best, and over those of neighbours in its ranking.", head: head, rows: rows, isSorted: true),
        ])
    }

    private static func statistic(_ test: DifferenceTest, _ methods: Set<DifferenceTest.Method>) -> String {
        let value = Numeral.fixed(test.statistic, 2)
        guard methods != [.z] else { return value }
        return switch test.method {
        case .z: "z = \(value)"
        case .groups, .welch: "t = \(value), ν = \(Numeral.fixed(test.degreesOfFreedom ?? 0, 1))"
        case .paired: "paired, \(value)"
        }
    }

    /// Each training of the rows of several, with what its samples alone leave open.
    var trainings: [Markup] {
        report.groups.flatMap { group in
            group.rows.enumerated().compactMap { row, place -> Markup? in
                let columns = group.columns.filter { $0.cells[row]?.seeds.isEmpty == false }, subject = report.subjects[place]
                guard !columns.isEmpty else { return nil }
                let rows = subject.members.map { member -> [Markup] in
                    [Self.name(member.name), Self.number(member.seed ?? "", member.seed.flatMap { Double($0) })] + columns.map { column in
                        guard let one = column.cells[row]?.seeds.first(where: { $0.name == member.name })?.result else { return Self.number("—", nil) }
                        let decimals = column.decimals, half = one.interval.map { " ± " + Numeral.fixed(($0.upperBound - $0.lowerBound) / 2, decimals) } ?? ""
                        return Self.number(Numeral.fixed(one.value, decimals) + half, one.value)
                    }
                }
                func last(_ title: String, _ value: (ComparisonGroup.Cell, Int) -> String?) -> [Markup] {
                    [Self.name(title), Self.number("", nil)] + columns.map { column in Self.number(column.cells[row].flatMap { value($0, column.decimals) } ?? "—", nil) }
                }
                let ends = [
                    last("mean ± over trainings") { cell, decimals in Numeral.fixed(cell.result.value, decimals) + cell.spread(decimals, usual: SeedSummary.confidence) },
                    last("deviation of trainings") { cell, decimals in cell.summary.map { Numeral.fixed($0.deviation, decimals) } },
                    last("± by samples alone") { cell, decimals in cell.samplingHalf.map { Numeral.fixed($0, decimals) } },
                ]
                let head = [("training", false), ("seed", true)] + columns.map { (group.shortTitle($0), true) }, title = (group.label.isEmpty ? "" : "Table \(group.label). ") + "Single trainings of \(subject.name)"
                return Markup("details", [:], [
                    Markup("summary", ["dir": "auto"], title),
                    Self.table(title, note: "Behind ± of a training half the interval of its samples; of the mean half of Student’s t interval over trainings.", head: head, rows: rows + ends),
                ])
            }
        }
    }

    /// What `gan-eval compare` found of two sets.
    var pairs: [Markup] {
        guard !report.comparisons.isEmpty else { return [] }
        let rows = report.comparisons.flatMap { comparison -> [[Markup]] in
            let names = report.names(of: comparison)
            return comparison.comparisons.map { item in
                let ends = item.range.map { " [\(Numeral.short($0.lowerBound)), \(Numeral.short($0.upperBound))]" } ?? ""
                let finding = switch item.verdict {
                case "first": "\(names.first) is better"
                case "second": "\(names.second) is better"
                case "different": "they differ; which is better cannot be told"
                default: "no difference can be told"
                }
                return [
                    Self.name(item.title), Self.cell(names.first), Self.cell(names.second), Self.number(Numeral.short(item.first), item.first), Self.number(Numeral.short(item.second), item.second),
                    Self.number(Numeral.short(item.difference) + ends, item.difference), Self.number(item.chance, item.p_value), Self.cell(finding),
                ]
            }
        }
        let confidences = Set(report.comparisons.flatMap { $0.comparisons.map(\.confidence) }).sorted().map(Numeral.percent).joined(separator: ", ")
        let head = [("measure", false), ("A", false), ("B", false), ("of A", true), ("of B", true), ("A − B", true), ("by chance", true), ("finding", false)]
        return [Self.table("Two sets against one reference", note: "Differences with intervals of \(confidences), in which the reference counts once; p of a permutation test of the images. A set is better where the test rejects and the interval leaves out 0.", head: head, rows: rows, isSorted: true)]
    }
}
