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
                let judge = Classifier(Tensor(digits.training.values, shape: [digits.trainingLabels.count, 8, 8, 1], on: backend), digits.trainingLabels, seed: seed)
                let held = digits.judged(on: backend), source = UnpairedInversions(digits.training.values, stream: RandomStream(seed: UInt64(seed))["pairs"])
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

/// A digit, and another digit with black and white exchanged.
struct UnpairedInversions: SampleSource {
    let name = "unpaired", shape = [8, 8, 2], classNames: [String]? = nil
    let count: Int?
    private let values: [Float], order: [Int]

    init(_ values: [Float], stream: RandomStream) {
        self.values = values
        count = values.count / Digits.size
        order = stream.permutation(values.count / Digits.size)
    }

    func label(_ index: Int) -> Int? { nil }

    func read(_ indices: [Int], into target: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        for (place, index) in indices.enumerated() {
            for pixel in 0..<Digits.size {
                target[(place * Digits.size + pixel) * 2] = values[index * Digits.size + pixel]
                target[(place * Digits.size + pixel) * 2 + 1] = -values[order[index] * Digits.size + pixel]
            }
        }
    }
}
