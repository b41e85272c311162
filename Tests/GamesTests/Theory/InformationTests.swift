import Games
import Tensors
import Testing

/// Theory, T20 and T21: conditional critics, and InfoGAN's bound.
@Suite struct InformationTests {
    let d = Discrete()
    /// The generator's distribution of three points for each of two codes, which are equally likely.
    let given = [[0.6, 0.3, 0.1], [0, 0.2, 0.8]]

    @Test(arguments: [(0.5, 0.5), (0.9, 0.2)])
    func aConditionalCriticJudgesEachLabelByItself(_ shareOfReals: Double, _ shareOfFakes: Double) {
        let real = [d.p, [0.25, 0.25, 0.4, 0.1]], fake = [d.q, [0.1, 0.6, 0.2, 0.1]]
        let (realShares, fakeShares) = ([shareOfReals, 1 - shareOfReals], [shareOfFakes, 1 - shareOfFakes])
        func labelled(_ rows: [[Double]], _ shares: [Double]) -> Tensor { d.vector(zip(rows, shares).flatMap { row, share in row.map { $0 * share } }) }
        // Labels of fakes are drawn as those of the reals: what the game prescribes.
        let best = Newton.minimum(of: { d.criticLoss(.nonSaturating, labelled(real, realShares), labelled(fake, realShares), logits: $0) }, from: [Double](repeating: 0, count: 8), on: d.backend)
        let expected = zip(real.joined(), fake.joined()).map { $0 / ($0 + $1) }
        #expect(distance(d.vector(best).sigmoid.doubles, expected) < 1e-12, "whatever the shares of the labels")
        let mismatched = Newton.minimum(of: { d.criticLoss(.nonSaturating, labelled(real, realShares), labelled(fake, fakeShares), logits: $0) }, from: [Double](repeating: 0, count: 8), on: d.backend)
        #expect((distance(d.vector(mismatched).sigmoid.doubles, expected) < 1e-12) == (shareOfReals == shareOfFakes), "other shares of labels are a difference to see")
    }

    /// Probability of each point with each code.
    var joint: [[Double]] { (0..<3).map { x in given.map { $0[x] / 2 } } }

    /// `E ln Q(c|x)` under the generator's joint distribution; Q is given by logits, a row for each point.
    func fit(_ logits: Tensor) -> Tensor {
        let joint = d.matrix(joint)
        return (joint * logits.reshaped([3, 2]).logSoftmax).sum
    }

    @Test func theInformationBoundIsTightAtThePosteriorAndHoldsForEveryGuess() {
        let entropy = 2.0.logarithm
        var information = 0.0
        for row in joint {
            for both in row where both > 0 { information += both * (both / (0.5 * row.reduce(0, +))).logarithm }
        }
        // One free logit for each point where both codes occur; the first point betrays its code.
        let guess = { (x: Tensor) -> Tensor in
            let others = Tensor.concatenated([x.reshaped([2, 1]), d.matrix([[0], [0]])], axis: 1)
            return .concatenated([d.matrix([[60, 0]]), others], axis: 0)
        }
        let best = Newton.minimum(of: { -fit(guess($0)) }, from: [0, 0], on: d.backend)
        let supremum = fit(guess(d.vector(best))).item()
        #expect(abs(information - 0.3679198207) < 1e-10 && abs(supremum - -0.3252273599) < 1e-10 && abs(entropy - 0.6931471806) < 1e-10)
        #expect(abs(supremum + entropy - information) < 1e-12)
        #expect(distance(guess(d.vector(best)).softmax.doubles, joint.flatMap { row in row.map { $0 / row.reduce(0, +) } }) < 1e-9, "it is the posterior")
        let stream = RandomStream(seed: 23)
        for index in 0..<1000 { #expect(fit(stream[index].normal([6], deviation: 2, type: .float64, on: d.backend)).item() + entropy < information) }
        #expect(supremum < information && supremum < 0, "without H(c) it is the conditional entropy, not the information")
    }

    /// c ~ N(0, s²) and x = c + noise: dropping H(c) from the bound because it is not negative fails where it is.
    @Test func theEntropyOfAContinuousCodeMayBeNegativeSoItCannotBeDropped() {
        let (code, noise) = (0.01, 0.0001)
        let information = 0.5 * (1 + code / noise).logarithm
        let entropy = 0.5 * (2 * Double.pi * code).logarithm + 0.5
        // E ln Q is greatest for the normal posterior of this variance: Newton on ln v, where E (c − ĉ)² is its own value.
        let residual = code * noise / (code + noise)
        let best = Newton.minimum(of: { (($0 + (2 * Double.pi).logarithm) * 0.5 + (-$0).exponential * (residual / 2)).sum }, from: [-5], on: d.backend)[0]
        let supremum = -0.5 * (best + (2 * Double.pi).logarithm) - 0.5
        #expect(abs(best - residual.logarithm) < 1e-9 && abs(supremum + entropy - information) < 1e-12)
        #expect(entropy < 0 && supremum > information, "E ln Q alone exceeds the information")
    }
}
