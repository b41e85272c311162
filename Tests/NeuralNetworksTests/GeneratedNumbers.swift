import NeuralNetworks
import Tensors

/// The numbers that `Fixtures/layers/make_layers.py` fills entries and inputs with.
enum GeneratedNumbers {
    /// Numbers in [−1, 1) that follow from a name.
    static func uniform(_ key: String, _ count: Int) -> [Double] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { i in
            var x = hash &+ UInt64(i + 1) &* 0x9E37_79B9_7F4A_7C15
            x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
            x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
            x ^= x >> 31
            return 2 * Double(x >> 40) * 0x1p-24 - 1
        }
    }

    static func tensor(_ key: String, _ shape: Shape, _ type: ElementType, on backend: any Backend) -> Tensor {
        Tensor(uniform(key, shape.count), shape: shape, type: type, on: backend)
    }

    /// Fills every entry from its name: variances positive, singular vectors of unit length.
    static func fill(_ module: any Module, _ key: String, _ type: ElementType, on backend: any Backend) {
        for (name, entry) in module.entries {
            var values = uniform("\(key).\(name)", entry.shape.count)
            if name.hasSuffix("running_var") { values = values.map { abs($0) + 0.5 } }
            if name.hasSuffix("weight_u") || name.hasSuffix("weight_v") {
                let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                values = values.map { $0 / length }
            }
            entry.tensor = Tensor(values, shape: entry.shape, type: type, on: backend)
        }
    }
}
