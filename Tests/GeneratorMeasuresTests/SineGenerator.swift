import Evaluation
import Foundation
import Games
import Tensors

/// The tiny generator of `Fixtures/generators`: `tanh(B leaky(A z + a) + b)` on grey pictures, its weights sines.
enum SineGenerator {
    static func make(latent: Int, hidden: Int, side: Int, on backend: any Backend) throws -> Original {
        var configuration = Original.Configuration()
        (configuration.latentSize, configuration.width, configuration.depth) = (latent, hidden, 1)
        let game = try Original(configuration, World(sample: [side, side, 1], classes: 0, stream: RandomStream(seed: 0), backend: backend))
        for (number, (rows, columns, scale)) in [(hidden, latent, 0.8), (side * side, hidden, 0.6)].enumerated() {
            let weight = (0..<rows * columns).map { Float(scale * sin(Double(1 + 7 * ($0 / columns) + 3 * ($0 % columns) + 11 * number))) }
            let bias = (0..<rows).map { Float(0.1 * sin(Double(2 + $0 + 5 * number))) }
            game.set("generator.layers.\(number).weight", weight, [rows, columns])
            game.set("generator.layers.\(number).bias", bias, [rows])
        }
        return game
    }
}

extension Game {
    /// Gives one parameter of any team its numbers.
    func set(_ name: String, _ values: [Float], _ shape: Shape) {
        guard let entry = teams.flatMap(\.parameters).first(where: { $0.name == name }) else { preconditionFailure("no parameter \(name) among \(teams.flatMap(\.parameters).map(\.name))") }
        precondition(entry.parameter.tensor.shape == shape, "\(name) is \(entry.parameter.tensor.shape)")
        entry.parameter.tensor = Tensor(values, shape: shape, on: entry.parameter.tensor.backend)
    }
}

/// The squared difference of two pictures in units of 0…1.
struct SquaredDifference: PairMeasure {
    let name = "squares", title = "squares", isBetterLarger = false, smallestSide = 1, identity: [String: String] = [:]
    func prepare(_ pictures: [Picture], workers: Int) -> [Picture] { pictures }
    static func compare(_ a: Picture, _ b: Picture) -> Double { zip(a.pixels, b.pixels).reduce(0) { $0 + Double(($1.0 - $1.1) / 255) * Double(($1.0 - $1.1) / 255) } }
    static func byteCount(_ prepared: Picture) -> Int { prepared.pixels.count * 4 }
}
