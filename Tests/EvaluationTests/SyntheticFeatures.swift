import Evaluation

/// Features by a counter-based formula, the same to the last bit as `Fixtures/metrics/synthetic.py`.
enum SyntheticFeatures {
    /// SplitMix64 finaliser of seed and counter, as a double in [0, 1).
    static func uniform(_ seed: UInt64, _ counter: UInt64) -> Double {
        var z = seed &* 0xD134_2543_DE82_EF95 &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return Double(z >> 11) * 0x1p-53
    }

    /// Rectified, correlated features with a decaying spectrum.
    ///
    /// - Shape: `[count, dimension]`
    static func rows(seed: UInt64, count: Int, dimension: Int, offset: Double = 0, spread: Double = 1) -> [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(count * dimension)
        let scales = (0..<dimension).map { spread / (1 + 20 * Double($0) / Double(dimension)) }
        for i in 0..<count {
            let latent = (0..<8).map { uniform(seed + 1_000_003, UInt64(i * 8 + $0)) - 0.5 }
            for j in 0..<dimension {
                let index = UInt64(i * dimension + j) * 2
                let noise = (uniform(seed, index) + uniform(seed, index + 1)) - 1
                let x = scales[j] * (noise + 0.75 * latent[j % 8]) + (offset + 0.125 * Double(j % 5))
                rows.append(Float(max(x, 0)))
            }
        }
        return rows
    }

    static func features(seed: UInt64, count: Int, dimension: Int, offset: Double = 0, spread: Double = 1) -> FeatureSet {
        // The formula yields whole rows of finite numbers, so a throw would be a defect of the test.
        try! FeatureSet(rows(seed: seed, count: count, dimension: dimension, offset: offset, spread: spread), dimension: dimension)
    }
}
