import Games
import Tensors
import Testing

/// Gradient penalty, R1, R2 and path length: value and derivative with respect to every weight equal PyTorch's double backward.
@Suite struct PenaltyTests {
    /// Penalties by their names in the fixture, without the interpolation, which the fixture's own shares make.
    static let penalties: [(name: String, penalty: GradientPenalty)] = [
        ("one-centred", .interpolated(weight: 10)), ("zero-centred", .interpolated(weight: 10, target: 0)),
        ("one-sided", .interpolated(weight: 10, target: 1.2, isOneSided: true)), ("r1", .r1(gamma: 10)), ("r2", .r2(gamma: 3)),
    ]

    func expectEqual(_ loss: Tensor, _ weights: [String: Tensor], _ expected: PenaltyFixture.Penalty, within tolerance: Double, _ what: String) {
        #expect(abs(loss.item() - expected.value) <= tolerance * max(expected.value, 1), "\(what): \(loss.item()), PyTorch \(expected.value)")
        let names = weights.keys.sorted()
        for (name, found) in zip(names, gradients(of: loss, withRespectTo: names.map { weights[$0]! })) {
            let wanted = expected.gradients[name]!.values
            let scale = max(wanted.map(abs).max() ?? 0, 1)
            let worst = zip(found.doubles, wanted).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst <= tolerance * scale, "\(what), \(name): off by \(worst) of \(scale)")
        }
    }

    func expectPenalties(on backend: any Backend, _ type: ElementType, within tolerance: Double) throws {
        let fixture = try PenaltyFixture.load()
        let load = { (array: PenaltyFixture.Array) in array.tensor(on: backend, type) }
        let (real, fake) = (load(fixture.real), load(fixture.fake))
        for (name, golden) in fixture.networks {
            let networks = SmallNetworks(isSmooth: name == "softplus")
            let weights = golden.critic.mapValues { load($0).variable }
            let critic = { (x: Tensor) in networks.critic(weights, x) }
            for (penaltyName, penalty) in Self.penalties {
                let samples = switch penalty.place {
                case .real: real
                case .fake: fake
                case .interpolated: GradientPenalty.mixture(of: real, and: fake, shares: load(fixture.shares))
                }
                expectEqual(penalty.penalty(of: critic, at: samples), weights, golden.penalties[penaltyName]!, within: tolerance, "\(name), \(penaltyName) on \(backend.name)")
            }
            let generator = golden.generator.mapValues { load($0).variable }, codes = load(fixture.codes).variable
            let path = PathLength().penalty(images: networks.generator(generator, codes), latents: codes, noise: load(fixture.noise), mean: codes.constant(fixture.mean))
            let expected = golden.penalties["path-length"]!
            expectEqual(path.loss, generator, expected, within: tolerance, "\(name), path length on \(backend.name)")
            #expect(try abs(path.mean.item() - #require(expected.mean)) <= tolerance && !path.mean.isRecorded)
        }
    }

    @Test func valuesAndDerivativesArePyTorchs() throws { try expectPenalties(on: ReferenceBackend(), .float64, within: 1e-12) }

    @Test func theFastBackendComputesTheSameInSinglePrecision() throws { try expectPenalties(on: CPUBackend(), .float32, within: 2e-5) }

    /// One norm over the batch (torchgan) and a norm over the channels alone (flow-gan) are other numbers than the penalty: this network tells them apart.
    @Test func theNormIsTakenOfEachSampleOverAllOfItsAxes() throws {
        let fixture = try PenaltyFixture.load(), backend = ReferenceBackend()
        let golden = fixture.networks["leaky"]!, weights = golden.critic.mapValues { $0.tensor(on: backend) }
        let critic = { (x: Tensor) in SmallNetworks(isSmooth: false).critic(weights, x) }
        let samples = GradientPenalty.mixture(of: fixture.real.tensor(on: backend), and: fixture.fake.tensor(on: backend), shares: fixture.shares.tensor(on: backend))
        let slope = GradientPenalty.slope(of: critic, at: samples)
        let found = GradientPenalty.interpolated(weight: 10).penalty(of: critic, at: samples).item()
        let wrong = [
            "one norm over the batch": (slope.squared.sum.squareRoot - 1).squared.item() * 10,
            "a norm over the channels only": (slope.squared.reduced(.sum, axes: 3).squareRoot - 1).squared.mean.item() * 10,
        ]
        #expect(zip(slope.flattened.normPerSample.doubles, golden.norms).allSatisfy { abs($0 - $1) < 1e-12 })
        for (name, value) in golden.defects {
            #expect(try abs(#require(wrong[name]) - value) < 1e-10, "\(name): the defect itself is as PyTorch computes it")
            #expect(abs(found - value) > 0.5 * found, "\(name) would give \(value), right is \(found)")
        }
    }

    @Test func shapesOfLogitsMakeNoDifference() throws {
        let fixture = try PenaltyFixture.load(), backend = ReferenceBackend()
        let weights = fixture.networks["softplus"]!.critic.mapValues { $0.tensor(on: backend) }
        let real = fixture.real.tensor(on: backend), fake = fixture.fake.tensor(on: backend)
        let critic = { (x: Tensor) in SmallNetworks(isSmooth: true).critic(weights, x) }
        for (_, penalty) in Self.penalties {
            let column = penalty.penalty(of: critic, real: real, fake: fake, stream: RandomStream(seed: 1))?.item()
            #expect(column == penalty.penalty(of: { critic($0).reshaped([3]) }, real: real, fake: fake, stream: RandomStream(seed: 1))?.item())
            // Maps of logits, as a critic of patches gives them, add up for each sample.
            let map = penalty.penalty(of: { Tensor.concatenated([critic($0) * 0.25, critic($0) * 0.75]) }, real: real, fake: fake, stream: RandomStream(seed: 1))?.item()
            #expect(abs(try #require(map) - #require(column)) < 1e-12)
        }
    }

    /// For `D(x) = ½‖x‖²` the slope is x itself, so the penalty reads the samples out.
    @Test func oneShareOfTheMixtureIsDrawnForEachSample() throws {
        let backend = ReferenceBackend(), count = 2000
        let real = Tensor(repeating: 3, shape: [count, 2, 1], type: .float64, on: backend), fake = Tensor(repeating: 1, shape: [count, 2, 1], type: .float64, on: backend)
        var seen: [Double] = []
        let critic = { (x: Tensor) -> Tensor in
            seen = x.doubles
            return x.squared.sumPerSample * 0.5
        }
        let penalty = GradientPenalty.interpolated(weight: 1, target: 0)
        let value = try #require(penalty.penalty(of: critic, real: real, fake: fake, stream: RandomStream(seed: 2))).item()
        let shares = stride(from: 0, to: 2 * count, by: 2).map { (seen[$0] - 1) / 2 }
        #expect(stride(from: 0, to: 2 * count, by: 2).allSatisfy { seen[$0] == seen[$0 + 1] }, "all axes of a sample share one ε")
        #expect(Set(shares).count > count * 9 / 10 && shares.allSatisfy { 0 <= $0 && $0 < 1 })
        let mean = shares.reduce(0, +) / Double(count), variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        #expect(abs(mean - 0.5) < 4 * 0.2887 / 44.7 && abs(variance - 1 / 12.0) < 4 * 0.0745 / 44.7)
        #expect(abs(value - seen.reduce(0) { $0 + $1 * $1 } / Double(count)) < 1e-9)
        #expect(penalty.penalty(of: critic, real: real, fake: fake, stream: RandomStream(seed: 2))?.item() == value)
        #expect(penalty.penalty(of: critic, real: real, fake: fake, stream: RandomStream(seed: 3))?.item() != value)
    }

    @Test func aLazyPenaltyComesEveryKStepsAndCountsKTimes() throws {
        let x = Tensor([1.0, 2], shape: [2, 1], on: ReferenceBackend()), lazy = GradientPenalty.r1(gamma: 2, interval: 4)
        let losses = (0..<9).map { lazy.loss(at: $0, of: { $0 * 3 }, real: x, fake: x, stream: RandomStream(seed: 0))?.item() }
        #expect(losses == [36, nil, nil, nil, 36, nil, nil, nil, 36])
        #expect(lazy.lazyScale == 0.8 && GradientPenalty.r1(gamma: 2).lazyScale == 1)
        #expect(GradientPenalty.r1(gamma: 2).loss(at: 3, of: { $0 * 3 }, real: x, fake: x, stream: RandomStream(seed: 0))?.item() == 9)
    }

    @Test func clippingConstrainsWeightsAndPenalisesNothing() {
        let w = Tensor([-3, -0.01, 0.004, 0.2], shape: [4], on: ReferenceBackend()), clipping = WeightClipping()
        #expect(clipping.constrained(w).doubles == [-0.01, -0.01, 0.004, 0.01])
        #expect(clipping.penalty(of: { $0 }, real: w, fake: w, stream: RandomStream(seed: 0)) == nil)
        #expect(GradientPenalty.r1(gamma: 1).constrained(w).doubles == w.doubles)
    }

    /// A flat critic has norm 0, where the root has no derivative: the penalties stay finite to the second order.
    @Test func flatCriticsHaveFiniteDerivatives() {
        let backend = ReferenceBackend()
        let w = Tensor([0.0, 0], shape: [1, 2], on: backend).variable, x = Tensor([1.0, 2, 3, 4], shape: [2, 2], on: backend)
        for (name, penalty) in Self.penalties {
            let slope = gradients(of: penalty.penalty(of: { $0.linear(w) }, at: x), withRespectTo: [w], createGraph: true)[0]
            #expect(slope.doubles == [0, 0], "\(name)")
            let curvature = gradients(of: slope.sum, withRespectTo: [w])[0].doubles
            #expect(curvature == [penalty.target == 0 ? penalty.weight * 2 : 0, penalty.target == 0 ? penalty.weight * 2 : 0], "\(name)")
        }
    }
}
