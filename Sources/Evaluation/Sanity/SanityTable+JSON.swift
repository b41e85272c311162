extension SanityTable {
    /// Every number, reaction and refusal, as `Documentation/JSON.md` says, with 17 significant digits.
    public var json: String {
        let curves = metrics.flatMap { metric in
            disturbances.map { disturbance in
                let points = curve(metric.name, disturbance).map { point in
                    JSON.object([("degree", JSON.number(point.degree)), ("value", JSON.number(point.value)), ("interval", point.interval.map { JSON.list([JSON.number($0.lower), JSON.number($0.upper)]) } ?? "null")])
                }
                return "    " + JSON.object([
                    ("metric", JSON.text(metric.name)), ("disturbance", JSON.text(disturbance.rawValue)), ("reaction", JSON.optional(reaction(of: metric, to: disturbance)?.rawValue)),
                    ("as_expected", isAsExpected(metric, disturbance).map { "\($0)" } ?? "null"), ("points", JSON.list(points)),
                ])
            }
        }
        return """
            {
              "count": \(count),
              "curves": \(JSON.lines(curves)),
              "refusals": \(JSON.object(failures.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) })),
              "identity": \(JSON.object(identity.entries.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) }))
            }

            """
    }
}
