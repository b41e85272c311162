import Games
import Tensors

/// Distributions on a few points, in double precision: what the article's statements are checked on.
struct Discrete {
    let backend = ReferenceBackend()
    /// The reference distribution and the generator's, as in the tables.
    let p = [0.1, 0.2, 0.3, 0.4], q = [0.4, 0.3, 0.2, 0.1]

    func vector(_ values: [Double]) -> Tensor { Tensor(values, shape: [values.count], on: backend) }
    func matrix(_ rows: [[Double]]) -> Tensor { Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count], on: backend) }
    var zero: Tensor { vector([0]).sum }

    /// Random distributions, one in each row.
    func distributions(_ count: Int, over points: Int = 4, _ name: String, spread: Double = 1.5) -> Tensor {
        RandomStream(seed: 17)[name].normal([count, points], deviation: spread, type: .float64, on: backend).softmax
    }

    /// The logits of a distribution, of which its softmax is the distribution again.
    func logits(_ distribution: [Double]) -> Tensor { vector(distribution).logarithm }

    /// The critic's loss when real samples follow p and generated ones q, for a critic given by its logit at each point.
    func criticLoss(_ objective: Objective, _ p: Tensor, _ q: Tensor, logits: Tensor) -> Tensor {
        (p * objective.realTerms(logits) + q * objective.fakeTerms(logits)).sum
    }

    /// The generator's loss when its samples follow q.
    func generatorLoss(_ objective: Objective, _ q: Tensor, logits: Tensor) -> Tensor { (q * objective.generatorTerms(logits)).sum }

    /// `V(G, D) = E_p ln D + E_q ln(1 − D)`, which the critic of the minimax game maximises.
    func value(_ p: Tensor, _ q: Tensor, logits: Tensor) -> Tensor { -criticLoss(.minimax, p, q, logits: logits) }

    /// The logits of the best critic, `ln p/q`.
    func bestLogits(_ p: Tensor, _ q: Tensor) -> Tensor { p.logarithm - q.logarithm }

    /// `Σ p ln p/q` along the last axis.
    func divergence(_ p: Tensor, _ q: Tensor) -> Tensor { (p * (p.logarithm - q.logarithm)).reduced(.sum, axes: p.shape.rank - 1) }

    /// `½ KL(p‖m) + ½ KL(q‖m)` with m half way, along the last axis.
    func jensenShannon(_ p: Tensor, _ q: Tensor) -> Tensor {
        let middle = (p + q) * 0.5
        return (divergence(p, middle) + divergence(q, middle)) * 0.5
    }

    /// The derivative of a number with respect to the logits of q, by which the generator moves.
    func slope(_ q: [Double], _ loss: (Tensor) -> Tensor) -> [Double] {
        let variables = logits(q).variable
        return gradients(of: loss(variables.softmax), withRespectTo: [variables])[0].doubles
    }
}

/// Largest difference of two lists.
func distance(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) numbers")
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
