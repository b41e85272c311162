import Datasets
import Games
import NeuralNetworks
import Tensors
import Testing

extension Gates {
    /// Digits and inverted digits, never paired: the translation is found because there and back must be home and convolutions see alike everywhere.
    @Suite struct CycleGANGate {
        @Test(arguments: Gate.seeds) func invertedDigits(seed: Int) throws {
            try Gate.check("cyclegan", seed: seed) {
                let digits = try Digits(), backend = CPUBackend()
                let judge = digits.judge(seed: seed, on: backend)
                let held = digits.judged(on: backend), inverted = ArraySamples(digits.training.values.map { -$0 }, shape: [8, 8, 1])
                let source = try UnpairedSamples(digits.training, inverted, stream: RandomStream(seed: UInt64(seed))["pairs"])
                var configuration = CycleGAN.Configuration()
                configuration.networks.kind = .plain
                (configuration.networks.width, configuration.networks.blocks, configuration.networks.reflects) = (16, 2, false)
                (configuration.networks.criticHalvings, configuration.networks.normalisesCritic, configuration.identityWeight) = (1, false, 0)
                configuration.generator = TeamSettings(learningRate: 1e-3)
                configuration.criticTeam = TeamSettings(learningRate: 1e-3)
                let trainer = try GateTrainer<CycleGAN>(configuration, on: source, batch: 32, seed: seed, backend: backend)
                func there() -> Tensor { trainer.averaged.translate(held, .forward) }
                func home() -> Double { (trainer.averaged.translate(there(), .backward) - held).absolute.mean.item() }
                let before = home()
                try trainer.train(1500)
                return [.below("distance to the true translation", (there() + held).absolute.mean.item(), 0.1), .below("distance of home", home(), 0.1),
                        .above("the same before training, against after", before / home(), 5),
                        .above("class kept", judge.accuracy(-there(), digits.heldLabels), 0.9)]
            }
        }

        /// Two rings of points, one turned by half the distance of its modes: many maps carry one onto the other, and the critics are content with any of them.
        /// That the way there and back is the same map is the cycle's doing alone.
        @Test(arguments: Gate.seeds) func turnedRing(seed: Int) throws {
            try Gate.check("cyclegan on points", seed: seed) {
                let backend = CPUBackend(), stream = RandomStream(seed: UInt64(seed)), modes = 8, count = 4096, judged = 1000
                func ring(_ name: String, turned: Double) -> GaussianMixture {
                    let centres = (0..<modes).map { mode -> [Double] in
                        let (cosine, sine) = PortableMath.cosineAndSine(turns: (Double(mode) + turned) / Double(modes))
                        return [0.7 * cosine, 0.7 * sine]
                    }
                    return GaussianMixture(centres: centres, deviations: centres.map { _ in 0.05 }, stream: stream[name])
                }
                let (a, b) = (ring("a", turned: 0), ring("b", turned: 0.5))
                func points(_ ring: GaussianMixture) throws -> ArraySamples { ArraySamples(try ring.read(Array(0..<count)), shape: [1, 1, 2]) }
                func held(_ ring: GaussianMixture) throws -> Tensor { Tensor(try ring.read(Array(count..<count + judged)), shape: [judged, 1, 1, 2], on: backend) }
                let source = try UnpairedSamples(points(a), points(b), stream: stream["pairs"]), start = try held(a)
                /// How well the other ring is covered, and how far home is from the start.
                func trained(cycle: Double) throws -> (there: ModeCoverage, home: Double) {
                    var configuration = CycleGAN.Configuration()
                    (configuration.networks.kind, configuration.networks.width, configuration.networks.blocks, configuration.networks.criticWidth) = (.perceptron, 64, 2, 64)
                    (configuration.cycleWeight, configuration.identityWeight) = (cycle, 0)
                    configuration.generator = TeamSettings(learningRate: 1e-3)
                    configuration.criticTeam = TeamSettings(learningRate: 1e-3)
                    let trainer = try GateTrainer<CycleGAN>(configuration, on: source, seed: seed, backend: backend)
                    try trainer.train(1500)
                    let there = trainer.averaged.translate(start, .forward), home = trainer.averaged.translate(there, .backward)
                    return (ModeCoverage(samples: there.flattened, centres: b.centres, deviation: b.deviations[0]), (home - start).flattened.normPerSample.mean.item())
                }
                let (with, without) = (try trained(cycle: 1), try trained(cycle: 0))
                return [.above("modes reached", Double(with.there.modesFound), Double(modes)), .below("reverse divergence", with.there.reverseDivergence, (8.0 / 7).logarithm / 2),
                        .above("modes reached without the cycle", Double(without.there.modesFound), Double(modes)),
                        .below("distance of home", with.home, 0.05), .above("distance of home without the cycle, against with", without.home / with.home, 10)]
            }
        }

        /// Once full, a pool shows an old sample half of the time, always one that it was given, and a copy made from its state goes on alike.
        @Test func poolShowsOldSamplesHalfOfTheTime() throws {
            let backend = CPUBackend(), stream = RandomStream(seed: 3)
            var pool = SamplePool(capacity: 50), old = 0, given = 0
            for step in 0..<200 {
                let fresh = Tensor((0..<8).map { Float(given + $0) }, shape: [8, 1, 1, 1], on: backend)
                let shown = pool.exchange(fresh, stream[step]).floats
                for (place, value) in shown.enumerated() where value != Float(given + place) {
                    old += 1
                    #expect(given + place >= 50 && value < Float(given + place))
                }
                given += 8
            }
            #expect(pool.samples.count == 50)
            // 1550 coins: seven deviations.
            #expect(abs(Double(old) / Double(given - 50) - 0.5) < 0.09)
            #expect(Set(pool.samples.map { $0.item() }).count == 50)
        }
    }
}
