/// The balls around the images of two sets, and who lies in the other set's: found once for all metrics that ask.
final class Neighbourhoods {
    /// Whose balls.
    enum Side: Hashable { case real, fake }

    private struct Question: Hashable { let side: Side, k: Int, isClosed: Bool }

    /// As many neighbours as any of the metrics usually asks for, so that one pass serves all.
    private static let usual = 5

    private let sets: [Side: FeatureRows]
    private var neighbours: [Side: NearestNeighbours] = [:]
    private var crossing: (real: NearestNeighbours, fake: NearestNeighbours)?
    private var expected: [Question] = [], answers: [Question: BallMembership] = [:]

    /// - Throws: `dimensionMismatch`.
    init(real: FeatureRows, fake: FeatureRows) throws(EvaluationError) {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        sets = [.real: real, .fake: fake]
    }

    /// Number of images of a set.
    func count(_ side: Side) -> Int { set(side).count }

    /// Checks that both sets have more than k images, also where only one has balls: a few images say nothing about either.
    /// - Throws: `tooFewImages`, `badOption` for k < 1.
    func check(_ k: Int, for metric: String) throws(EvaluationError) {
        guard k >= 1 else { throw .badOption(name: "neighbours", value: "\(k)", expected: "at least 1") }
        for (name, side) in [("real", Side.real), ("generated", .fake)] {
            guard count(side) > k else { throw .tooFewImages(metric: "\(metric) with \(k) neighbours", set: name, needed: k + 1, found: count(side)) }
        }
    }

    /// Notes that membership in these balls will be asked for, so that the first question answers all in one pass.
    func expect(_ side: Side, k: Int, isClosed: Bool) {
        let question = Question(side: side, k: k, isClosed: isClosed)
        if !expected.contains(question) { expected.append(question) }
    }

    /// Which images of the other set lie in the balls of one, whose radii are the distances to the k-th nearest others.
    /// - Throws: `tooFewImages` for a set of no more than k images, `badOption` for k < 1; what reading throws.
    func membership(inBallsOf side: Side, k: Int, isClosed: Bool, for metric: String) throws(EvaluationError) -> BallMembership {
        try check(k, for: metric)
        let question = Question(side: side, k: k, isClosed: isClosed)
        if let answer = answers[question] { return answer }
        // A question that has no answer fails when it is asked.
        let fewest = min(count(.real), count(.fake))
        let open = [question] + expected.filter { $0 != question && answers[$0] == nil && $0.k < fewest }
        var balls: [BallMembership.Balls] = []
        for question in open {
            balls.append(.init(isAroundRows: question.side == .real, squaredRadii: try nearest(question.side, question.k).squaredRadii(question.k), isClosed: question.isClosed))
        }
        let found = try BallMembership.counting(balls, rows: set(.real), columns: set(.fake))
        for (question, answer) in zip(open, found) { answers[question] = answer }
        return found[0]
    }

    /// At least the k nearest others of each image within its own set.
    /// - Throws: what reading throws.
    func nearest(_ side: Side, _ k: Int) throws(EvaluationError) -> NearestNeighbours {
        if let known = neighbours[side], known.count >= k { return known }
        let found = try NearestNeighbours(in: set(side), count: max(k, min(Self.usual, count(side) - 1)))
        neighbours[side] = found
        return found
    }

    /// At least the k nearest of the other set to each image of this one.
    /// - Throws: what reading throws.
    func nearestOfTheOther(_ side: Side, _ k: Int) throws(EvaluationError) -> NearestNeighbours {
        if let crossing, case let known = side == .real ? crossing.real : crossing.fake, known.count >= k { return known }
        let (ofReal, ofFake) = (side == .real ? k : crossing?.real.count ?? 1, side == .fake ? k : crossing?.fake.count ?? 1)
        let found = try NearestNeighbours.between(set(.real), set(.fake), ofFirst: ofReal, ofSecond: ofFake)
        crossing = (found.first, found.second)
        return side == .real ? found.first : found.second
    }

    /// The features of a set.
    func set(_ side: Side) -> FeatureRows {
        guard let set = sets[side] else { preconditionFailure("no \(side) set") }
        return set
    }
}

extension EvaluatedSets {
    /// The neighbourhoods of the real and the generated set, found once for all metrics.
    /// - Throws: `setNeeded` without real images; `featuresNeeded` where only statistics are at hand.
    func neighbourhoods(for metric: String) throws(EvaluationError) -> Neighbourhoods {
        let real = try real(for: metric)
        return try work.value { () throws(EvaluationError) in try Neighbourhoods(real: real.rows(for: metric), fake: fake.rows(for: metric)) }
    }
}
