import Games
import Tensors
import Testing

/// Theory, T14 and T22: games with finitely many strategies.
@Suite struct FiniteGameTests {
    let d = Discrete()

    /// What the critic gains: row g is a generator that always yields point g, column k a critic that distrusts point k alone.
    var payoffs: [[Double]] {
        (0..<3).map { g in
            (0..<3).map { k in
                let logits = d.vector((0..<3).map { $0 == k ? -1.0 : 1 }), made = d.vector((0..<3).map { $0 == g ? 1.0 : 0 })
                return d.value(d.vector([0.2, 0.3, 0.5]), made, logits: logits).item()
            }
        }
    }

    /// Value and both mixed strategies by linear programming; payoffs are moved up to be positive.
    func solution(_ payoffs: [[Double]]) -> (value: Double, generator: [Double], critic: [Double]) {
        let up = 1 - (payoffs.joined().min() ?? 0)
        let program = Simplex.maximum(of: [1, 1, 1], (0..<3).map { k in payoffs.map { $0[k] + up } }, atMost: [1, 1, 1])
        return (1 / program.value - up, program.x.map { $0 / program.value }, program.multipliers.map { $0 / program.value })
    }

    @Test func aMixedEquilibriumExistsWhereNoPureOneDoes() {
        let a = payoffs, (value, generator, critic) = solution(a)
        let criticCanGet = (0..<3).map { k in (0..<3).reduce(0.0) { sum, g in sum + generator[g] * a[g][k] } }
        let generatorCanHoldTo = (0..<3).map { g in (0..<3).reduce(0.0) { sum, k in sum + critic[k] * a[g][k] } }
        #expect(abs(generator.reduce(0, +) - 1) < 1e-12 && abs(critic.reduce(0, +) - 1) < 1e-12 && (generator + critic).allSatisfy { $0 > 0.05 })
        #expect(abs((criticCanGet.max() ?? 0) - value) < 1e-12 && abs((generatorCanHoldTo.min() ?? 0) - value) < 1e-12)
        let upper = a.map { $0.max() ?? 0 }.min() ?? 0, lower = (0..<3).map { k in a.map { $0[k] }.min() ?? 0 }.max() ?? 0
        #expect(lower < value - 0.1 && upper > value + 0.1, "pure strategies leave the gap \(upper - lower)")
    }

    @Test func bestResponsesToTheLastMoveCycle() {
        let a = payoffs
        func criticsAnswer(_ g: Int) -> Int { (0..<3).max { a[g][$0] < a[g][$1] } ?? 0 }
        func generatorsAnswer(_ k: Int) -> Int { (0..<3).min { a[$0][k] < a[$1][k] } ?? 0 }
        // Alternating, then simultaneous: the pair of moves at even times never settles.
        var (g, k) = (0, 0), seen: [[Int]] = []
        for _ in 0..<40 { k = criticsAnswer(g); g = generatorsAnswer(k); seen.append([g, k]) }
        #expect(Set(seen.suffix(20)).count > 1)
        (g, k, seen) = (0, 1, [])
        for _ in 0..<40 { (g, k) = (generatorsAnswer(k), criticsAnswer(g)); seen.append([g, k]) }
        #expect(Set(seen.suffix(20)).count > 1)
    }

    @Test func fictitiousPlayAveragesToTheEquilibriumWhileItsLastMoveDoesNot() {
        let a = payoffs, value = solution(a).value
        var generator = [1.0, 0, 0], critic = [0.0, 1, 0], last: [[Int]] = []
        func gain(_ k: Int) -> Double { (0..<3).reduce(0.0) { sum, g in sum + generator[g] * a[g][k] } }
        func loss(_ g: Int) -> Double { (0..<3).reduce(0.0) { sum, k in sum + critic[k] * a[g][k] } }
        for _ in 0..<20_000 {
            let k = (0..<3).max { gain($0) < gain($1) } ?? 0, g = (0..<3).min { loss($0) < loss($1) } ?? 0
            generator[g] += 1
            critic[k] += 1
            last.append([g, k])
        }
        let rounds = generator.reduce(0, +)
        let above = ((0..<3).map(gain).max() ?? 0) / rounds, below = ((0..<3).map(loss).min() ?? 0) / rounds
        #expect(above >= value - 1e-12 && below <= value + 1e-12 && above - below < 0.02, "the averages leave \(above - below)")
        #expect(Set(last.suffix(2000)).count > 2, "play goes round for ever")
    }

    /// Three points, three codes, uniform: the generator maps codes to points, the encoder points to codes, and the critic sees pairs.
    @Test func aBidirectionalGameIsWonExactlyWhenEncoderAndGeneratorAreInverse() {
        let maps = (0..<27).map { [$0 % 3, $0 / 3 % 3, $0 / 9] }
        var (best, winners) = (Double.infinity, [([Int], [Int])]())
        for generator in maps {
            for encoder in maps {
                var p = [Double](repeating: 0, count: 9), q = p
                for index in 0..<3 {
                    p[3 * index + encoder[index]] += 1.0 / 3
                    q[3 * generator[index] + index] += 1.0 / 3
                }
                // Where only one side has mass the best logit is infinite; 60 is that to rounding.
                let logits = zip(p, q).map { real, made -> Double in
                    if real == made { return 0 }
                    return real == 0 ? -60 : made == 0 ? 60 : (real / made).logarithm
                }
                let value = d.value(d.vector(p), d.vector(q), logits: d.vector(logits)).item()
                if value < best - 1e-9 { (best, winners) = (value, []) }
                if value < best + 1e-9 { winners.append((generator, encoder)) }
            }
        }
        #expect(maps.count * maps.count == 729 && winners.count == 6 && abs(best - -1.3862943611) < 1e-10)
        for (generator, encoder) in winners {
            #expect((0..<3).map { generator[encoder[$0]] } == [0, 1, 2] && (0..<3).map { encoder[generator[$0]] } == [0, 1, 2])
        }
    }
}
