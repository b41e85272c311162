import Evaluation
import Regression
import Tensors

/// Nights of a suite of 4 cases with 4 metrics each, drawn at random: every number is normal around its truth with a standard error of 1, numbers of one case are correlated by ½ because they see the same images,
/// and every fourth metric's standard error is itself estimated from 20 parts of the images.
struct SimulatedSuite {
    static let cases = 4, metrics = 4
    static var count: Int { cases * metrics }

    let test: NightlyTest
    private let stream: RandomStream
    private let baseline: [Estimate]
    private var nights: [[Estimate]] = []
    private var number = 0

    /// A suite with a baseline of its own.
    init(_ test: NightlyTest = NightlyTest(), seed: UInt64) {
        (self.test, stream) = (test, RandomStream(seed: seed))
        baseline = Self.draw(stream["baseline"]) { _ in 0 }
        nights = Array(repeating: [], count: Self.count)
    }

    /// The next night, of which `truth` says by how much each metric is worse, in standard errors.
    mutating func next(_ truth: (Int) -> Double = { _ in 0 }) -> [NightlyTest.Judgement] {
        let tonight = Self.draw(stream["night"][number], truth)
        number += 1
        for index in nights.indices {
            nights[index].append(tonight[index])
            // What lies before the window is never looked at.
            if nights[index].count > 2 * test.window { nights[index].removeFirst(test.window) }
        }
        return test(tonight.indices.map { .init(better: $0 % 2 == 0 ? .smaller : .larger, baseline: baseline[$0], tonight: tonight[$0], nights: nights[$0]) })
    }

    private static func draw(_ stream: RandomStream, _ truth: (Int) -> Double) -> [Estimate] {
        let freedom = 19, own = stream["own"].normals(count), shared = stream["case"].normals(cases), errors = stream["errors"].normals(count * freedom)
        return (0..<count).map { index in
            let noise = (own[index] + shared[index / metrics]) / 2.0.squareRoot(), worse = index % 2 == 0 ? 1.0 : -1.0
            guard index % 4 == 3 else { return Estimate(worse * truth(index) + noise, standardError: 1) }
            let square = errors[index * freedom..<(index + 1) * freedom].reduce(0) { $0 + $1 * $1 } / Double(freedom)
            return Estimate(worse * truth(index) + noise, standardError: square.squareRoot(), degreesOfFreedom: Double(freedom))
        }
    }
}
