import Evaluation
import Regression
import Tensors

/// Nights of a suite of 4 cases with 4 metrics each, drawn at random: every number is normal around its truth with a standard error of 1, numbers of one case are correlated by ½ because they see the same images,
/// and every fourth metric's standard error is itself estimated from 20 parts of the images. Where every night is another training, that adds a deviation of its own, of which the errors know nothing.
struct SimulatedSuite {
    /// What nights are.
    struct Plan {
        /// Nights that the baseline is the mean of.
        var baselineNights = 1
        /// What other trainings add to a night's variance, in units of its samples'.
        var trainings = 0.0
        /// Whether the suite says that nights are other trainings.
        var isRetrained = true
    }

    static let cases = 4, metrics = 4
    static var count: Int { cases * metrics }

    let test: NightlyTest, plan: Plan
    private let stream: RandomStream
    private let baseline: [Agreement]
    private var nights: [[Estimate]] = []
    private var number = 0

    /// A suite with a baseline of its own.
    init(_ test: NightlyTest = NightlyTest(), _ plan: Plan = Plan(), seed: UInt64) {
        (self.test, self.plan, stream) = (test, plan, RandomStream(seed: seed))
        let stream = self.stream["baseline"], drawn = (0..<plan.baselineNights).map { Self.draw(plan.baselineNights == 1 ? stream : stream[$0], plan) { _ in 0 } }
        baseline = (0..<Self.count).map { index in Agreement(drawn.map { $0[index] }) }
        nights = Array(repeating: [], count: Self.count)
    }

    /// The next night, of which `truth` says by how much each metric is worse, in standard errors of its samples.
    mutating func next(_ truth: (Int) -> Double = { _ in 0 }) -> [NightlyTest.Judgement] {
        let tonight = Self.draw(stream["night"][number], plan, truth)
        number += 1
        for index in nights.indices {
            nights[index].append(tonight[index])
            // What lies before the window is never looked at.
            if nights[index].count > 2 * test.window { nights[index].removeFirst(test.window) }
        }
        return test(tonight.indices.map { .init(better: $0 % 2 == 0 ? .smaller : .larger, baseline: baseline[$0], isRetrained: plan.isRetrained, tonight: tonight[$0], nights: nights[$0]) })
    }

    private static func draw(_ stream: RandomStream, _ plan: Plan, _ truth: (Int) -> Double) -> [Estimate] {
        let freedom = 19, own = stream["own"].normals(count), shared = stream["case"].normals(cases), errors = stream["errors"].normals(count * freedom)
        // Trainings move the metrics of a case together as well.
        let training = plan.trainings > 0 ? stream["training"].normals(count) : [], common = plan.trainings > 0 ? stream["common"].normals(cases) : []
        return (0..<count).map { index in
            var noise = (own[index] + shared[index / metrics]) / 2.0.squareRoot()
            if plan.trainings > 0 { noise += plan.trainings.squareRoot() * (training[index] + common[index / metrics]) / 2.0.squareRoot() }
            let worse = index % 2 == 0 ? 1.0 : -1.0
            guard index % 4 == 3 else { return Estimate(worse * truth(index) + noise, standardError: 1) }
            let square = errors[index * freedom..<(index + 1) * freedom].reduce(0) { $0 + $1 * $1 } / Double(freedom)
            return Estimate(worse * truth(index) + noise, standardError: square.squareRoot(), degreesOfFreedom: Double(freedom))
        }
    }
}
