/// A night of one case that a baseline may be averaged over.
struct AcceptedNight {
    /// Tells its generated images from those of other nights.
    var generated: String
    /// By metric.
    var estimates: [String: Estimate]
}

extension MeasuredCase {
    /// The nights of a baseline, each as sure as all of them are on average.
    var accepted: [AcceptedNight] {
        let count = Double(allGenerated.count)
        return allGenerated.enumerated().map { index, generated in
            let known = metrics.map { metric in
                let one = metric.estimate, values = metric.agreement.values
                return (metric.metric, Estimate(index < values.count ? values[index] : one.value, standardError: one.standardError, degreesOfFreedom: one.degreesOfFreedom.map { $0 / count }))
            }
            return AcceptedNight(generated: generated, estimates: Dictionary(known) { first, _ in first })
        }
    }

    /// What is measured here together with nights before, as a baseline: of all with these metrics and other images the last, at most `limit` in all.
    func averaged(with earlier: [AcceptedNight], atMost limit: Int) -> MeasuredCase {
        var met: Set = [generated]
        let others = earlier.reversed().filter { night in metrics.allSatisfy { night.estimates[$0.metric] != nil } && met.insert(night.generated).inserted }.prefix(max(0, limit - 1)).reversed()
        guard !others.isEmpty else { return self }
        var result = self
        result.nights = others.map(\.generated) + [generated]
        for index in metrics.indices {
            let agreed = Agreement(others.compactMap { $0.estimates[metrics[index].metric] } + [metrics[index].estimate])
            (result.metrics[index].estimate, result.metrics[index].nights) = (agreed.estimate, agreed.values)
        }
        return result
    }
}

extension History {
    /// Nights of a case since a baseline on which none of its metrics was found to have changed, each set of generated images once, the oldest first.
    func accepted(_ name: String, since baseline: String) -> [AcceptedNight] {
        var met: Set<String> = []
        return nights.filter { $0.baseline == baseline && !$0.setsBaseline }.compactMap { night in
            guard let item = night.items.first(where: { $0.name == name }), item.metrics.allSatisfy({ $0.verdict == .unchanged && $0.measured.estimate.value.isFinite }), met.insert(item.generated).inserted else { return nil }
            return AcceptedNight(generated: item.generated, estimates: Dictionary(item.metrics.map { ($0.measured.metric, $0.measured.estimate) }) { first, _ in first })
        }
    }
}
