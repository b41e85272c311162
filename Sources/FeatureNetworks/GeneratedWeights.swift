import NeuralNetworks
import Tensors

/// Weights from a counter-based formula instead of a file: for benchmarks, and for tests against the same formula in other languages.
///
/// For key K and flat index i, `x = FNV-1a(K) + (i + 1) · 0x9E3779B97F4A7C15` goes through SplitMix64's finaliser; its upper 24 bits are u ∈ [0, 1) and s = 2u − 1.
/// Weights are `s · √(gain / fan-in)` with gain 6, or 1.5 for EfficientNet's projections, which no rectifier follows; biases `0.1 s`; a norm's weight and running variance `0.5 + u`, its bias `0.1 s`, its running mean `0.2 s`.
public enum GeneratedWeights {
    /// u for one index of a key, in [0, 1).
    public static func uniform(_ key: String, _ count: Int) -> [Double] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { i in
            var x = hash &+ UInt64(i + 1) &* 0x9E37_79B9_7F4A_7C15
            x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
            x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
            x ^= x >> 31
            return Double(x >> 40) * 0x1p-24
        }
    }

    /// The numbers of one entry.
    public static func values(_ key: String, shape: Shape, isNorm: Bool) -> [Float] {
        let u = uniform(key, shape.count)
        let leaf = key.split(separator: ".").last ?? ""
        switch leaf {
        case "running_mean": return u.map { Float(0.2 * (2 * $0 - 1)) }
        case "running_var": return u.map { Float(0.5 + $0) }
        case "weight" where isNorm: return u.map { Float(0.5 + $0) }
        case "weight":
            let gain = key.hasSuffix("_project_conv.weight") ? 1.5 : 6
            let bound = (gain / Double(shape.count / shape[0])).squareRoot()
            return u.map { Float((2 * $0 - 1) * bound) }
        default: return u.map { Float(0.1 * (2 * $0 - 1)) }
        }
    }

    /// Generated numbers for every entry of a module.
    public static func state(of module: any Module) -> StateDictionary {
        let entries = module.entries
        let norms = Set(entries.compactMap { $0.name.hasSuffix(".running_mean") ? String($0.name.dropLast(".running_mean".count)) : nil })
        return StateDictionary(Dictionary(uniqueKeysWithValues: entries.map { name, entry in
            let owner = name.split(separator: ".").dropLast().joined(separator: ".")
            return (name, StateDictionary.Entry(shape: entry.shape, values: values(name, shape: entry.shape, isNorm: norms.contains(owner))))
        }))
    }
}
