import Archives
import FeatureNetworks
import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing
import Weights

/// What a user can write wrongly is said in one line that names the file, the line and what was expected.
struct DescriptionErrorTests {
    private static let good = """
        name: net
        input: {side: 8, channels: 1}
        weights: net.safetensors
        features: "6"
        classes: logits
        layers:
          - convolution: {name: a, out: 4, kernel: 3}
          - relu
          - mean
          - linear: {name: b, out: 6}
          - tap: 6
          - linear: {name: c, out: 2}
          - tap: logits
        """

    @Test func theExampleItselfIsRight() throws {
        let network = try DescribedNetwork(NetworkDescription(yaml: Self.good, file: "net.yaml"))
        #expect(network.taps == [.vector("6", 6), .vector("logits", 2)] && network.inputChannels == 1)
        #expect(network.entries.map(\.name) == ["a.weight", "a.bias", "b.weight", "b.bias", "c.weight", "c.bias"])
        #expect(network.normalisation == .unit(mean: [0], deviation: [1]))
    }

    /// A change of the example, and the whole line that it leads to.
    private static let mistakes: [(old: String, new: String, line: String)] = [
        ("layers:\n", "layers: relu\nlines:\n", "net.yaml:7: a network has no 'lines'; choose from name, input, weights, sha256, features, classes, classNames, notes, layers"),
        ("layers:", "layers: [", "net.yaml: is no YAML: "),
        ("- relu", "- conv2d", "net.yaml:8: there is no layer 'conv2d'; choose from convolution, linear, batchNorm, relu, relu6, leakyRelu, gelu, silu, sigmoid, tanh, maxPool, averagePool, mean, flatten, dropout, residual, tap"),
        ("- relu", "- relu: 3", "net.yaml:8: relu takes no value"),
        ("- relu", "- relu: {slope: 3}", "net.yaml:8: relu has no 'slope'; it takes nothing"),
        ("- relu", "- [relu]", "net.yaml:8: a layer is one line, '- layer' or '- layer: {…}'"),
        ("- relu", "- maxPool", "net.yaml:8: maxPool needs 'kernel'"),
        ("- relu", "- maxPool: 7", "net.yaml:8: a window of 7x7 does not fit a map of 6x6x4 with a padding of 0"),
        ("- relu", "- maxPool: {kernel: 2, padding: 2}", "net.yaml:8: a padding of 2 is more than half of the kernel, 2"),
        ("- relu", "- tap", "net.yaml:8: a tap needs a name: '- tap: NAME'"),
        ("- relu", "- tap: logits", "net.yaml:13: a second tap is called 'logits'"),
        ("- relu", "- dropout: 1.5", "net.yaml:8: 'share' is 1.5; expected a number of 0.0 to 0.99"),
        ("- relu", "- residual: {body: [relu, mean]}", "net.yaml:8: the body of a residual block makes a vector of 4, and its input is a map of 6x6x4"),
        ("- relu", "- residual: {body: [tap: x]}", "net.yaml:8: a tap cannot stand inside a residual block"),
        ("- relu", "- residual", "net.yaml:8: residual needs 'body'"),
        ("- relu", "- residual: {body: relu}", "net.yaml:8: 'body' needs a list, one line '- layer' or '- layer: {…}' for each"),
        ("- mean", "- mean\n  - mean", "net.yaml:10: mean needs a map, and is given a vector of 4"),
        ("- mean", "- gelu", "net.yaml:10: linear needs a vector, and is given a map of 6x6x4; put mean or flatten before it"),
        ("kernel: 3}", "kernel: 3, groups: 3}", "net.yaml:7: 1 channels to 4 cannot be parted into 3 groups"),
        ("kernel: 3}", "kernel: 3, size: 3}", "net.yaml:7: convolution has no 'size'; choose from name, out, kernel, stride, padding, dilation, groups, bias"),
        ("kernel: 3}", "kernel: 3, bias: no}", "net.yaml:7: 'bias' is no; expected true or false"),
        ("kernel: 3}", "kernel: three}", "net.yaml:7: 'kernel' is three; expected a whole number of 1 to 1024"),
        ("out: 4, ", "", "net.yaml:7: convolution needs 'out'"),
        ("name: b", "name: a", "net.yaml:10: a second layer is called 'a'"),
        ("side: 8, ", "", "net.yaml:2: 'side' is missing; expected a whole number of 1 to 4096"),
        ("channels: 1", "channels: 2", "net.yaml:2: 'channels' is 2; expected 1 or 3"),
        ("channels: 1", "channels: 3, mean: [1, 2]", "net.yaml:2: 'mean' needs 3 numbers, or one for all channels"),
        ("channels: 1", "channels: 1, deviation: 0", "net.yaml:2: 'deviation' is [0.0]; expected numbers above 0"),
        ("name: net", "names: net", "net.yaml:1: a network has no 'names'; choose from name, input, weights, sha256, features, classes, classNames, notes, layers"),
        ("name: net", "name: vgg16", "net.yaml:1: 'name' is vgg16, which is a network of this package; choose another"),
        ("name: net", "name: a/b", "net.yaml:1: 'name' is 'a/b'; expected letters, digits, '-', '_' and '.'"),
        ("features: \"6\"\n", "", "net.yaml:1: 'features' is missing: the tap that is read when none is named"),
        ("features: \"6\"", "features: 7", "net.yaml: 'features' is 7, which is no tap; choose from 6, logits"),
        ("classes: logits", "classes: probabilities", "net.yaml: 'classes' is probabilities, which is no tap; choose from 6, logits"),
        ("classes: logits", "classes: logits\nclassNames: [a, b, c]", "net.yaml: 'classNames' has 3 names for the 2 class scores of logits"),
        ("- relu", "- tap: 6", "net.yaml:11: a second tap is called '6'"),
    ]

    @Test func everyMistakeIsOneLine() throws {
        for (old, new, line) in Self.mistakes {
            try #require(Self.good.contains(old))
            let text = Self.good.replacingOccurrences(of: old, with: new)
            let error = try #require(throws: FeatureNetworkError.self, "\(new)") { try DescribedNetwork(NetworkDescription(yaml: text, file: "net.yaml")) }
            #expect(!error.description.contains("\n"))
            #expect(line.hasSuffix(": ") ? error.description.hasPrefix(line) : error.description == line, "\(error)")
        }
    }

    @Test func aMapIsNoVectorOfFeatures() throws {
        let text = Self.good.replacingOccurrences(of: "- mean", with: "- tap: map\n  - mean").replacingOccurrences(of: "features: \"6\"", with: "features: map")
        let error = try #require(throws: FeatureNetworkError.self) { try DescribedNetwork(NetworkDescription(yaml: text, file: "net.yaml")) }
        #expect(error.description == "net.yaml: 'features' is map, a map with 4 channels at each position; a vector is needed: put the tap behind mean or flatten")
    }

    /// A short file whose anchors stand for millions of layers.
    @Test func anchorsCannotBlowItUp() throws {
        var text = "input: {side: 8}\nfeatures: x\nlayers:\n  - residual: &a0\n      body: [relu]\n"
        for level in 1...30 { text += "  - residual: &a\(level)\n      body:\n" + String(repeating: "        - residual: *a\(level - 1)\n", count: 8) }
        let error = try #require(throws: FeatureNetworkError.self) { try NetworkDescription(yaml: text, file: "net.yaml") }
        #expect(error.description.contains("has more than 2000 layers"))
    }

    /// Weights that do not fit name what is missing and both shapes; others than described are refused.
    @Test func weightsMustFit() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/net.yaml", backend = CPUBackend()
            try Self.good.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: WeightsError.self) { try LoadedNetwork(path, on: backend) }
            let network = try DescribedNetwork(NetworkDescription(reading: path))
            var arrays = GeneratedWeights.state(of: network).arrays
            try WeightsFile.write(arrays, to: folder + "/net.safetensors")
            #expect(try LoadedNetwork(path, on: backend).weightsOrigin == folder + "/net.safetensors")

            arrays["c.bias"] = nil
            arrays["b.weight"] = ([6, 3], [Float](repeating: 0, count: 18))
            try WeightsFile.write(arrays, to: folder + "/net.safetensors")
            let error = try #require(throws: WeightsError.self) { try LoadedNetwork(path, on: backend) }
            #expect(error.description == "\(folder)/net.safetensors: expected the 6 arrays of the network, found 1 missing (c.bias [2]), 1 misshapen (b.weight: expected [6, 4], found [6, 3])")

            try (Self.good + "\nsha256: \(String(repeating: "0", count: 64))").write(toFile: path, atomically: true, encoding: .utf8)
            let changed = try #require(throws: WeightsError.self) { try LoadedNetwork(path, on: backend) }
            #expect(changed.reason == .wrongDigest && changed.description.contains("the weights were changed"))

            try Self.good.replacingOccurrences(of: "weights: net.safetensors\n", with: "").write(toFile: path, atomically: true, encoding: .utf8)
            let none = try #require(throws: FeatureNetworkError.self) { try LoadedNetwork(path, on: backend) }
            #expect(none.description.contains("names no weights"))
        }
    }
}
