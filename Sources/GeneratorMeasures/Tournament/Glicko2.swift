#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is known of a player's strength: normal with mean `rating` and deviation `deviation`.
public struct GlickoRating: Sendable, Equatable {
    /// r; 1500 of nobody is known anything.
    public var rating: Double
    /// RD, how sure the rating is.
    public var deviation: Double
    /// σ, how much the strength is expected to change from period to period.
    public var volatility: Double

    /// The rating of a player of whom nothing is known, unless other numbers are given.
    public init(rating: Double = 1500, deviation: Double = 350, volatility: Double = 0.06) { (self.rating, self.deviation, self.volatility) = (rating, deviation, volatility) }
}

/// The Glicko-2 rating system.
///
/// With `μ = (r − 1500) / 173.7178`, `φ = RD / 173.7178`, `g(φ) = 1 / √(1 + 3 φ² / π²)` and `E = 1 / (1 + exp(−g(φⱼ)(μ − μⱼ)))` of opponent j, a rating period of scores sⱼ gives
/// `v = 1 / Σ g² E (1 − E)`, `φ' = 1 / √(1 / (φ² + σ'²) + 1 / v)` and `μ' = μ + φ'² Σ g (sⱼ − E)`; σ' is the root of an equation that balances surprise against τ. A score may be any number
/// from 0 to 1. Source: Glickman, *Example of the Glicko-2 system*, glicko.net/glicko/glicko2.pdf, steps 1 to 8.
public struct Glicko2: Sendable {
    /// τ, how freely volatilities change: 0.3 to 1.2.
    public var constraint: Double

    /// The system; τ is 0.5 as in Glickman's example.
    public init(constraint: Double = 0.5) { self.constraint = constraint }

    private static let scale = 173.7178

    /// The player after a rating period.
    /// - Parameter results: The opponents as they were before the period, and what the player scored against each.
    public func updated(_ player: GlickoRating, _ results: [(opponent: GlickoRating, score: Double)]) -> GlickoRating {
        let mean = (player.rating - 1500) / Self.scale, deviation = player.deviation / Self.scale, variance = deviation * deviation
        guard !results.isEmpty else {
            return GlickoRating(rating: player.rating, deviation: Self.scale * (variance + player.volatility * player.volatility).squareRoot(), volatility: player.volatility)
        }
        var information = 0.0, surprise = 0.0
        for (opponent, score) in results {
            let spread = opponent.deviation / Self.scale, g = 1 / (1 + 3 * spread * spread / (Double.pi * Double.pi)).squareRoot()
            let expected = 1 / (1 + exp(-g * (mean - (opponent.rating - 1500) / Self.scale)))
            information += g * g * expected * (1 - expected)
            surprise += g * (score - expected)
        }
        let v = 1 / information, volatility = volatility(player.volatility, variance: variance, v: v, improvement: v * surprise)
        let updated = 1 / (1 / (variance + volatility * volatility) + information)
        return GlickoRating(rating: 1500 + Self.scale * (mean + updated * surprise), deviation: Self.scale * updated.squareRoot(), volatility: volatility)
    }

    /// Step 5: the root of f(x), x = ln σ'², by the Illinois form of regula falsi.
    private func volatility(_ old: Double, variance: Double, v: Double, improvement: Double) -> Double {
        let a = log(old * old), square = improvement * improvement
        func f(_ x: Double) -> Double {
            let e = exp(x), whole = variance + v + e
            return e * (square - whole) / (2 * whole * whole) - (x - a) / (constraint * constraint)
        }
        var low = a, high: Double
        if square > variance + v {
            high = log(square - variance - v)
        } else {
            var k = 1.0
            while f(a - k * constraint) < 0 { k += 1 }
            high = a - k * constraint
        }
        var (lowValue, highValue) = (f(low), f(high))
        while abs(high - low) > 1e-9 {
            let middle = low + (low - high) * lowValue / (highValue - lowValue), value = f(middle)
            if value * highValue <= 0 {
                (low, lowValue) = (high, highValue)
            } else {
                lowValue /= 2
            }
            (high, highValue) = (middle, value)
        }
        return exp(low / 2)
    }
}
