import Games

/// Looks for the ways in which games fail, and says in words which one it is.
///
/// - Vanishing gradient: the generator's gradient stays a million times below its median so far.
/// - Divergence: a loss stays a million times above its median so far.
final class CollapseHook: Hook {
    private var history: [String: [Double]] = [:]
    private var strikes = 0

    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        guard run.trainer.configuration.stopsEarly else { return }
        var complaint: String?
        for (name, value) in report.curves {
            let values = history[name, default: []]
            if values.count >= 100 {
                let median = values.sorted()[values.count / 2]
                if name.hasSuffix(" gradient"), name.hasPrefix(run.trainer.game.averagedTeam), value < median * 1e-6 {
                    complaint = "vanishing gradient: \(name) is \(value), it was \(median); the critic tells real from fake perfectly. Use the non-saturating or Wasserstein objective, or a regulariser such as R1"
                }
                if name.hasSuffix(" loss"), abs(value) > max(abs(median), 1) * 1e6 {
                    complaint = "divergence: \(name) is \(value), it was \(median). Lower the learning rates or add a gradient penalty"
                }
            }
            // The first thousand steps say what is usual.
            if values.count < 1000 { history[name, default: []].append(abs(value)) }
        }
        strikes = complaint == nil ? 0 : strikes + 1
        if let complaint, strikes >= 50 { throw TrainingError.diverged(step: report.step, diagnosis: complaint) }
    }
}
