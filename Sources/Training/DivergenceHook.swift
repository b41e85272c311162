import NeuralNetworks
import Tensors

/// Compares every step with the first hundred, which say what is usual.
///
/// - Vanishing gradient: the generator's gradient stays below a ten-thousandth of its largest there. A critic that tells everything apart leaves the generator of the minimax game a derivative of
///   the order of D(G(z)) (Arjovsky and Bottou, *Towards principled methods for training GANs*, theorem 2.4), which their figure 2 sees fall by five orders. Games that worked (perceptrons on the
///   ring and the digits, DCGAN, clipped Wasserstein) were never below a twentieth.
/// - Divergence: a loss stays a million times above its median there, and above a million.
final class DivergenceHook: RememberingHook {
    static let section = "divergence"
    private static let patience = "patience"

    /// Sizes of a curve in the first steps, then what they say.
    private struct Usual {
        static let steps = 100
        private(set) var sizes: [Float] = []
        private(set) var summary: (median: Double, largest: Double)?

        mutating func add(_ size: Float) {
            guard sizes.count < Self.steps else { return }
            sizes.append(size)
            guard sizes.count == Self.steps else { return }
            let sorted = sizes.sorted()
            summary = (Double(sorted[Self.steps / 2]), Double(sorted[Self.steps - 1]))
        }
    }

    private var usual: [String: Usual] = [:]
    private var patience = Patience(50)

    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        var complaint: String?
        for (name, value) in report.curves where name.hasSuffix(" gradient") || name.hasSuffix(" loss") {
            if let known = usual[name]?.summary {
                complaint = complaint ?? Self.complaint(name, value, known, of: run.trainer.game.averagedTeam)
            } else {
                usual[name, default: Usual()].add(Float(abs(value)))
            }
        }
        try patience.hear(complaint, run, at: report.step)
    }

    private static func complaint(_ name: String, _ value: Double, _ usual: (median: Double, largest: Double), of team: String) -> String? {
        if name == team + " gradient", value < usual.largest * 1e-4 {
            return "vanishing gradient: \(name) is \(value), it was \(usual.largest); the critic tells real from fake perfectly. Use the non-saturating or Wasserstein objective, or a regulariser such as R1"
        }
        if name.hasSuffix(" loss"), abs(value) > max(usual.median, 1) * 1e6 {
            return "divergence: \(name) is \(value), it was \(usual.median). Lower the learning rates or add a gradient penalty"
        }
        return nil
    }

    var memory: StateDictionary {
        get {
            var memory = StateDictionary(usual.mapValues { StateDictionary.Entry(shape: [$0.sizes.count], values: $0.sizes) })
            memory.entries[Self.patience] = patience.entry
            return memory
        }
        set {
            var entries = newValue.entries
            if let entry = entries.removeValue(forKey: Self.patience) { patience.entry = entry }
            usual = entries.mapValues { entry in
                var usual = Usual()
                for size in entry.values { usual.add(size) }
                return usual
            }
        }
    }
}
