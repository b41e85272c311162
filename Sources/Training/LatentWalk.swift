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
    /// Number of walks.
    public let rows: Int
    /// Latents on each, ends included.
    public let steps: Int
    /// Where the ends come from.
    public let stream: RandomStream

    /// Walks.
    public init(kind: Kind, rows: Int, steps: Int, stream: RandomStream) { (self.kind, self.rows, self.steps, self.stream) = (kind, rows, steps, stream) }

    /// Every latent, row by row.
    /// - Shape: `[rows · steps, size]`.
    public func latents(size: Int) -> [Float] {
        let ends = stream.normals(2 * rows * size)
        return (0..<rows).flatMap { row -> [Float] in
            let a = Array(ends[2 * row * size..<(2 * row + 1) * size]), b = Array(ends[(2 * row + 1) * size..<(2 * row + 2) * size])
            return (0..<steps).flatMap { step in Self.between(a, b, Double(step) / Double(max(steps - 1, 1)), kind).map { Float($0) } }
        }
    }

    /// The latent at `share` of the way.
    static func between(_ a: [Double], _ b: [Double], _ share: Double, _ kind: Kind) -> [Double] {
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
    /// Samples along walks, row by row.
    /// - Throws: ``TrainingError`` for a game whose latents are no single vector, or whose samples are no images.
    public func walk(_ walk: LatentWalk) throws -> Tensor {
        guard let game = averaged as? any AdversarialGame, sampleShape.rank == 3 else {
            let reason = sampleShape.rank == 3 ? "this game has no latent vectors to walk between" : "this run's samples are points of shape \(sampleShape), not images"
            throw TrainingError.configuration(file: configuration.game, line: nil, reason: reason)
        }
        let size = game.latentSize, latents = walk.latents(size: size), classes = sampleClasses
        // Row by row, so that long walks need no more memory than one.
        return try .concatenated((0..<walk.rows).map { row in
            let labels = classes > 0 ? [Int](repeating: row % classes, count: walk.steps) : nil
            let own = Array(latents[row * walk.steps * size..<(row + 1) * walk.steps * size])
            return try samples(walk.steps, SamplingOptions(labels: labels, latents: own), "walk")
        }, axis: 0)
    }
}
