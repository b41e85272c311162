import Evaluation
import Statistics

extension Night {
    /// Says of each case of a new baseline how many nights it is the mean of, and what that is good for.
    mutating func describeAverages(_ suite: Suite) {
        guard let baseline else { return }
        let count = baseline.cases.reduce(0) { $0 + $1.metrics.count }
        for (place, item) in items.enumerated() {
            guard let agreed = baseline.cases.first(where: { $0.name == item.name }), let about = suite.cases.first(where: { $0.name == item.name }) else { continue }
            for (index, line) in item.lines.enumerated() {
                guard let metric = agreed[line.measured.metric] else { continue }
                let agreement = metric.agreement, tolerance = about.tolerance(of: metric.metric) ?? .none
                items[place].lines[index].measured.nights = metric.nights
                items[place].lines[index].reliablyFound = suite.test.reliablyFound(agreement, tolerance: tolerance.amount(at: agreement.estimate.value), metrics: count, isRetrained: about.isRetrained)
                if !about.isRetrained, let words = agreement.unexplained { notes.append("\(item.name), \(metric.metric): \(words)") }
            }
            guard suite.baselineNights > 1 else { continue }
            let nights = agreed.allGenerated.count
            if nights == 1 {
                notes.append("\(item.name): the baseline is tonight alone; nights that are found unchanged from now on join it with the next --update")
            } else if about.isRetrained, nights < Agreement.fewestNights {
                notes.append("\(item.name): the baseline is the mean of \(nights) nights; from \(Agreement.fewestNights) on they tell how much trainings vary, until then only samples count")
            } else {
                notes.append("\(item.name): the baseline is the mean of \(nights) nights" + (about.isRetrained ? ", by whose scatter a change is judged" : ""))
            }
        }
    }
}

extension Agreement {
    /// That nights scatter by more than their samples explain: the variance ratio is beyond 99.9 % of χ²/ν (Wilson and Hilferty 1931). Nil where they do not.
    var unexplained: String? {
        guard count >= Self.fewestNights, let error = estimate.usableError, let scatter else { return nil }
        let spread = 2 / (9 * scatter.degreesOfFreedom), ratio = scatter.variance / (error * error)
        let limit = 1 - spread + NormalDistribution.quantile(0.999) * spread.squareRoot()
        guard ratio > limit * limit * limit else { return nil }
        return "its \(count) nights scatter by \(Number.short(scatter.variance.squareRoot())), of which samples explain \(Number.short(error)); if every night is another training, say 'retrained: true'"
    }
}
