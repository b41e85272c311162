import NeuralNetworks

/// Looks now and then whether the critic knows the training samples by heart, by what it thinks of samples that were held out.
///
/// `r_v = (E D(train) − E D(held)) / (E D(train) − E D(fake))`: 0 where the critic treats held samples like training samples, 1 where it takes them for fakes. Only differences of
/// outputs enter, so it means the same for every objective. Source: Karras et al., *Training generative adversarial networks with limited data*, NeurIPS 2020, arXiv:2006.06676, equation 1, whose
/// figure 1 has FID rise from where the two parts of the real data drift apart.
final class OverfittingHook: PatientHook {
    static let section = "overfitting"
    /// r_v from which held samples count as fakes. Measured with perceptrons on the 8 × 8 digits over 2 000 steps: 0.93 and more from step 400 on with 64 of them, growing past 1.3; at most 0.83 with
    /// 180; at most 0.17 with 1 437.
    static let limit = 0.9
    var patience = Patience(5)

    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        let every = run.trainer.configuration.diagnoseEvery
        guard every > 0, report.step % every == 0 else { return }
        let opinions = try run.trainer.opinionsOfHeldSamples()
        guard let worst = opinions.max(by: { $0.overfitting < $1.overfitting }) else { return }
        try run.write(RunLog.Line(kind: "overfitting", step: report.step, numbers: opinions.flatMap { opinion in
            let numbers = [("training logit", opinion.training), ("held logit", opinion.held), ("generated logit", opinion.generated), ("r_v", opinion.overfitting)]
            return numbers.map { ($0 + (opinion.domain.map { " of " + $0 } ?? ""), $1) }
        }))
        let sign = report.curves.first { $0.name == "real sign" }?.value
        try patience.hear(worst.overfitting >= Self.limit ? Self.complaint(worst, sign) : nil, run, at: report.step)
    }

    private static func complaint(_ opinion: Trainer.Opinion, _ sign: Double?) -> String {
        func short(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
        let certainty = sign.map { ", r_t = \(short($0)) where ADA aims at 0.6" } ?? "", critic = opinion.domain.map { "the critic of " + $0 } ?? "the critic"
        return "discriminator overfitting: \(critic) takes held-out real samples for generated ones (r_v = \(short(opinion.overfitting))\(certainty)). Use more data, mirrors=true, R1 or a smaller critic, or take an earlier checkpoint"
    }
}
