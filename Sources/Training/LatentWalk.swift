import Games
import Tensors
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ways through the space of latents: in each row from one random latent to another.
public struct LatentWalk: Sendable {
    /// How two latents are joined.
    public enum Kind: String, Sendable, CaseIterable {
        /// Along the great circle, the length changing evenly: every latent on the way is as likely as its ends (White, arXiv:1609.04468).
        case spherical
        /// Along the straight line.
        case linear
    }

    /// How two latents are joined.
    public let kind: Kind
    /// Where the ways lead. In w, whose numbers have no prior to stay in, they are straight.
    public let space: LatentSpace
    /// Number of walks.
    public let rows: Int
    /// Latents on each, ends included.
    public let steps: Int
    /// The class of each row, in turn; all classes that the game has when nil.
    public let classes: [Int]?
    /// Where the ends come from.
    public let stream: RandomStream

    /// Walks in z, or straight ones in w.
    public init(kind: Kind, space: LatentSpace = .z, rows: Int, steps: Int, classes: [Int]? = nil, stream: RandomStream) {
        precondition(space == .z || kind == .linear, "a \(kind) walk in w")
        (self.kind, self.space, self.rows, self.steps, self.classes, self.stream) = (kind, space, rows, steps, classes, stream)
    }

    /// The latents on one walk, as `game` draws them.
    ///
    /// A spherical walk goes through the normal numbers that latents are made of, so that it stays within a uniform prior too; a straight one joins the latents themselves.
    /// - Parameters:
    ///   - ends: normal numbers of both ends, one behind the other.
    ///   - labels: the class of every latent, all alike.
    func latents(between ends: [Double], of game: some LatentSampling, labels: [Int]?, on backend: any Backend) -> [Float] {
        switch kind {
        case .spherical: made(way(ends), game, labels, backend).floats
        case .linear: way(made(ends, game, labels.map { Array($0.prefix(2)) }, backend).doubles).map { Float($0) }
        }
    }

    /// What a mapping network makes of the ends of one walk, and what lies between.
    func mappedLatents(between ends: [Double], of game: some LatentMapping, labels: [Int]?, on backend: any Backend) -> Tensor {
        let two = labels.map { Array($0.prefix(2)) }, ends = game.mapped(made(ends, game, two, backend), labels: two)
        return Tensor(way(ends.doubles).map { Float($0) }, shape: [steps, ends.shape.count / 2], on: backend)
    }

    private func made(_ normal: [Double], _ game: some LatentSampling, _ labels: [Int]?, _ backend: any Backend) -> Tensor {
        game.latents(from: Tensor(normal.map { Float($0) }, shape: [normal.count / game.latentNumbers, game.latentNumbers], on: backend), labels: labels)
    }

    private func way(_ ends: [Double]) -> [Double] {
        let (a, b) = (Array(ends[..<(ends.count / 2)]), Array(ends[(ends.count / 2)...]))
        return (0..<steps).flatMap { Self.between(a, b, Double($0) / Double(max(steps - 1, 1)), kind) }
    }

    /// The latent at `share` of the way.
    public static func between(_ a: [Double], _ b: [Double], _ share: Double, _ kind: Kind) -> [Double] {
        func length(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let (lengthA, lengthB) = (length(a), length(b))
        let cosine = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / (lengthA * lengthB)
        guard kind == .spherical, cosine.magnitude < 0.9999 else { return zip(a, b).map { $0 + share * ($1 - $0) } }
        let angle = acos(cosine)
        let (weightA, weightB) = (sin((1 - share) * angle) / sin(angle) / lengthA, sin(share * angle) / sin(angle) / lengthB)
        let radius = lengthA + share * (lengthB - lengthA)
        return zip(a, b).map { radius * (weightA * $0 + weightB * $1) }
    }
}

extension Trainer {
    /// Samples along walks, row by row; in a game that samples by class every row is of one class, in turn.
    /// - Throws: ``TrainingError`` for a game that makes samples of other things than latents, or whose samples are no images, and for a walk in w without a mapping network.
    public func walk(_ walk: LatentWalk) throws -> Tensor {
        guard sampleShape.rank == 3 else { throw failure("this run's samples are points of shape \(sampleShape), not images") }
        guard let game = averaged as? any LatentSampling else { throw failure("makes samples of images, not of latents: there is nothing to walk between; use gan-eval translate") }
        let size = game.latentNumbers, classes = walk.classes ?? Array(0..<sampleClasses)
        let mapping = walk.space == .w ? game.latentMapping : nil
        guard walk.space == .z || mapping != nil else { throw failure("this run has no mapping network, so there is no w: walk in z") }
        guard size > 0 else { throw failure("this run's latents are classes alone: there is nothing to walk between") }
        let ends = walk.stream.normals(2 * walk.rows * size)
        // Row by row, so that long walks need no more memory than one.
        return try .concatenated((0..<walk.rows).map { row in
            let labels = classes.isEmpty ? nil : [Int](repeating: classes[row % classes.count], count: walk.steps)
            let ends = Array(ends[2 * row * size..<2 * (row + 1) * size])
            if let mapping { return mapping.samples(fromMapped: walk.mappedLatents(between: ends, of: mapping, labels: labels, on: backend), labels: labels) }
            let latents = walk.latents(between: ends, of: game, labels: labels, on: backend)
            return try samples(walk.steps, SamplingOptions(labels: labels, latents: latents), "walk")
        }, axis: 0)
    }
}
