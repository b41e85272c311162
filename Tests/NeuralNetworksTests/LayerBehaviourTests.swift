import NeuralNetworks
import Tensors
import Testing

/// What layers promise beside their values.
@Suite struct LayerBehaviourTests {
    let backend = CPUBackend()

    private func numbers(_ key: String, _ shape: Shape, _ type: ElementType = .float64) -> Tensor { GeneratedNumbers.tensor(key, shape, type, on: backend) }

    // MARK: Batch norm

    /// A generator's norm behind its first linear map must see images: on flattened features every pixel has statistics of its own (swift-models' DCGAN).
    @Test func normOverFlattenedFeaturesIsAnotherNorm() {
        let x = numbers("flat", [4, 2, 2, 3], .float32), (images, rows) = (BatchNorm2D(3), BatchNorm1D(12))
        for norm in [images, rows] { norm.initialise(with: .zeros, stream: RandomStream(seed: 1), on: backend) }
        let context = Context.training(RandomStream(seed: 1))
        let overImages = images(x, context), overFeatures = rows(x.flattened, context).reshaped(x.shape)
        #expect(zip(overImages.doubles, overFeatures.doubles).contains { abs($0 - $1) > 0.1 })
        let means = overImages.reduced(.mean, axes: 0, 1, 2).doubles, pixelMeans = overImages.reduced(.mean, axes: 0).doubles
        #expect(means.allSatisfy { abs($0) < 1e-6 } && pixelMeans.contains { abs($0) > 0.1 })
        #expect(images.running_mean.shape == [3] && rows.running_mean.shape == [12])
    }

    /// Momentum moves the running statistics and nothing else; eps moves the output (PyTorch-GAN passes the one in the other's place).
    @Test func momentumAndEpsAreDifferentThings() {
        let x = numbers("eps", [5, 3], .float32), context = Context.training(RandomStream(seed: 1))
        let norms = [BatchNorm1D(3), BatchNorm1D(3, momentum: 0.8), BatchNorm1D(3, eps: 0.8)]
        for norm in norms { norm.initialise(with: .zeros, stream: RandomStream(seed: 1), on: backend) }
        let outputs = norms.map { $0(x, context).floats }, means = norms.map { $0.running_mean.tensor.doubles }
        #expect(outputs[0] == outputs[1] && outputs[0] != outputs[2])
        #expect(zip(means[0], means[1]).allSatisfy { abs($0 * 8 - $1) < 1e-6 } && means[0] == means[2])
    }

    @Test func statisticsFarFromZeroKeepTheirDigits() {
        let x = numbers("far", [64, 8, 8, 5], .float32) + 1000
        let (y, mean, variance) = x.normalised(eps: 1e-5)
        let exact = x.cast(to: .float64).normalised(eps: 1e-5)
        #expect(zip(variance.doubles, exact.variance.doubles).allSatisfy { abs($0 - $1) < 1e-5 * $1 })
        #expect(zip(mean.doubles, exact.mean.doubles).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(zip(y.doubles, exact.output.doubles).allSatisfy { abs($0 - $1) < 2e-4 })
    }

    // MARK: Convolutions that scale

    /// The strided convolution and the two layers that it stands for: values, and derivatives with respect to input, weight and bias.
    @Test(arguments: [1, 3, 5]) func aScalingConvolutionIsTheConvolutionBesideTheScaling(_ kernel: Int) {
        for scaling in [ScalingConvolution2D.Scaling.upsampling, .averaging] {
            let layer = ScalingConvolution2D(3, 4, kernel: kernel, scaling), x = numbers("scaled", [2, 6, 8, 3]).variable
            layer.initialise(with: .pyTorch, stream: RandomStream(seed: 3), type: .float64, on: backend)
            let weight = layer.weight.tensor.variable, bias = layer.bias.map { $0.tensor.variable }
            let padding = Padding(kernel / 2), fused = layer.apply(weight, bias, to: x, .leakyRelu(slope: 0.2))
            let plain = switch scaling {
            case .upsampling: x.upsampled(2).convolved(with: weight, bias: bias, padding: padding).leakyRelu(0.2)
            case .averaging: x.convolved(with: weight, bias: bias, padding: padding).downsampled(2).leakyRelu(0.2)
            }
            #expect(fused.shape == plain.shape && zip(fused.doubles, plain.doubles).allSatisfy { abs($0 - $1) < 1e-13 })
            let targets = [x, weight] + (bias.map { [$0] } ?? []), seed = numbers("seed", plain.shape)
            for (a, b) in zip(gradients(of: fused, seed: seed, withRespectTo: targets), gradients(of: plain, seed: seed, withRespectTo: targets)) {
                #expect(zip(a.doubles, b.doubles).allSatisfy { abs($0 - $1) < 1e-12 })
            }
        }
    }

    // MARK: Spectral norm

    @Test func spectralNormFindsTheLargestSingularValue() throws {
        let norm = SpectralNorm(LinearMap(2, 2, bias: false))
        try norm.load(StateDictionary(["weight_orig": .init(shape: [2, 2], values: [3, 0, 0, 1]), "weight_u": .init(shape: [2], values: [0.6, 0.8]),
                                       "weight_v": .init(shape: [2], values: [0.8, 0.6])]), on: backend)
        let training = Context.training(RandomStream(seed: 1))
        for _ in 0..<20 { _ = norm.weight(training) }
        #expect(zip(norm.weight(.evaluation).doubles, [1, 0, 0, 1.0 / 3]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func thePowerIterationConvergesAndEvaluationDoesNotAdvanceIt() {
        let norm = SpectralNorm(Convolution2D(3, 6, kernel: 3))
        norm.initialise(with: .normal(deviation: 1), stream: RandomStream(seed: 4), type: .float64, on: backend)
        let training = Context.training(RandomStream(seed: 1))
        for _ in 0..<300 { _ = norm.weight(training) }
        // The largest eigenvalue of W · Wᵀ by squaring the matrix: W ← W² / ‖W²‖ ten times.
        let w = norm.weight_orig.tensor.reshaped([6, 27])
        var power = w.product(w, transposesOther: true)
        let gram = power
        for _ in 0..<12 { power = power.product(power); power = power / power.squared.sum.squareRoot.item() }
        let largest = (power.product(gram) * power).sum.item() / power.squared.sum.item()
        let found = (norm.weight_orig.tensor.squared.sum.item() / norm.weight(.evaluation).squared.sum.item()).squareRoot()
        #expect(abs(found - largest.squareRoot()) < 1e-6, "σ \(found), the Gram matrix says \(largest.squareRoot())")
        let before = norm.weight_u.tensor.doubles
        _ = norm(numbers("x", [1, 4, 4, 3]), .evaluation)
        #expect(norm.weight_u.tensor.doubles == before)
        _ = norm(numbers("x", [1, 4, 4, 3]), training)
        #expect(norm.weight_u.shape == [6])
    }

    // MARK: Attention

    @Test func attentionBeginsAsTheIdentityAndItsRowsSumToOne() {
        let block = SelfAttention(16)
        block.initialise(with: .orthogonal(), stream: RandomStream(seed: 2), on: backend)
        let x = numbers("attention", [2, 4, 6, 16], .float32)
        #expect(block(x, .evaluation).floats == x.floats)
        let rows = block.attention(x, .evaluation)
        #expect(rows.shape == [2, 24, 6] && rows.reduced(.sum, axes: 2).doubles.allSatisfy { abs($0 - 1) < 1e-6 })
        block.gamma.tensor = Tensor([Float(0.5)], shape: [], on: backend)
        #expect(block(x, .evaluation).floats != x.floats)
    }

    // MARK: Progressive GAN's and StyleGAN's layers

    @Test func theDeviationOfOneToFourIsTheRootOfFiveQuarters() {
        let y = MinibatchStandardDeviation(group: 4)(Tensor([1.0, 2, 3, 4], shape: [4, 1, 1, 1], on: backend))
        #expect(y.shape == [4, 1, 1, 2])
        for n in 0..<4 { #expect(abs(y.doubles[2 * n + 1] - 1.11803399) < 1e-7) }
    }

    @Test func pixelNormGivesUnitPower() {
        let y = PixelNorm()(numbers("pixel", [2, 3, 3, 7]))
        #expect(y.squared.reduced(.mean, axes: 3).doubles.allSatisfy { abs($0 - 1) < 1e-6 })
    }

    @Test func equalizedWeightsActWithHesDeviation() {
        let layer = EqualizedRate(Convolution2D(16, 32, kernel: 3, bias: false), gain: 2.0.squareRoot())
        layer.initialise(with: .zeros, stream: RandomStream(seed: 3), type: .float64, on: backend)
        var centre = [Double](repeating: 0, count: 9 * 16)
        centre[4 * 16] = 1
        let x = Tensor(centre, shape: [1, 3, 3, 16], on: backend)
        #expect(abs(layer.weight.tensor.squared.mean.item() - 1) < 0.05)
        let acting = (0..<16).map { channel -> Double in
            var pixel = [Double](repeating: 0, count: 9 * 16)
            pixel[4 * 16 + channel] = 1
            return layer(Tensor(pixel, shape: x.shape, on: backend), .evaluation).squared.mean.item()
        }
        let deviation = (acting.reduce(0, +) / 16).squareRoot(), expected = (2.0 / 144).squareRoot()
        #expect(abs(deviation / expected - 1) < 0.12, "\(deviation), He says \(expected)")
    }

    // MARK: Dropout and containers

    @Test func dropoutKeepsTheMeanAndFollowsItsStream() {
        let x = Tensor(repeating: 1, shape: [100, 100], on: backend), dropout = Dropout(0.3), stream = RandomStream(seed: 5)
        let y = dropout(x, .training(stream))
        #expect(abs(y.mean.item() - 1) < 0.02)
        #expect(Set(y.floats) == [0, Float(1 / 0.7)])
        #expect(y.floats == dropout(x, .training(stream)).floats && y.floats != dropout(x, .training(stream["other"])).floats)
        #expect(dropout(x, .evaluation).floats == x.floats)
        let channels = Dropout(0.5, wholeChannels: true)(Tensor(repeating: 1, shape: [8, 3, 3, 16], on: backend), .training(stream)).reduced(.sum, axes: 1, 2)
        #expect(Set(channels.floats) == [0, 18])
        let both = Sequential(Dropout(0.3), Dropout(0.3))
        #expect(abs(both(x, .training(stream)).combined(.greater, x.constant(0)).mean.item() - 0.49) < 0.02, "two layers draw different masks")
    }

    @Test func aSequenceEqualsItsLayersOneByOne() {
        let layers: [any ContextualLayer] = [Convolution2D(3, 4, kernel: 3, padding: 1), LeakyRectifier(0.1), BatchNorm2D(4), Rectifier(), Dropout(0.5),
                                             TransposedConvolution2D(4, 2, kernel: 2, stride: 2), LeakyRectifier(0.2), Flatten(), LinearMap(32, 2), Rectifier(), Function.tanh]
        let sequence = Sequential(layers), context = Context.training(RandomStream(seed: 6))
        sequence.initialise(with: .heNormal(), stream: RandomStream(seed: 7), on: backend)
        let x = numbers("sequence", [3, 2, 2, 3], .float32)
        let whole = sequence(x, context).floats
        var step = x
        for (index, layer) in layers.enumerated() { step = layer(step, context[index]) }
        #expect(zip(whole, step.floats).allSatisfy { abs($0 - $1) < 1e-6 })
        let halfway = sequence(sequence(x, context, 0..<5), context, 5..<layers.count)
        #expect(zip(whole, halfway.floats).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(sequence.entries.map(\.name).prefix(3) == ["0.weight", "0.bias", "2.weight"])
    }
}
