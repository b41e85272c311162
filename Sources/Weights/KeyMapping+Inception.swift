extension KeyMapping {
    /// StyleGAN's TorchScript Inception to the names of pytorch-fid's state dictionary.
    ///
    /// Its modules are named after the nodes of the TensorFlow graph (`layers.mixed_4.tower_1.conv_2`); a unit holds `weight`, `beta`, `mean`, `var`, and its
    /// batch norm has no scale: all ones.
    public static let styleganInception = KeyMapping([
        .rename(styleganInceptionNames),
        .ones(suffix: "bn.weight", beside: "bn.bias"),
    ])

    private static let styleganInceptionNames: [String: String] = {
        var names = ["output.weight": "fc.weight", "output.bias": "fc.bias"]
        func unit(_ script: String, _ state: String) {
            for (old, new) in [("weight", "conv.weight"), ("beta", "bn.bias"), ("mean", "bn.running_mean"), ("var", "bn.running_var")] {
                names["layers.\(script).\(old)"] = "\(state).\(new)"
            }
        }
        for (script, state) in [
            ("conv", "Conv2d_1a_3x3"), ("conv_1", "Conv2d_2a_3x3"), ("conv_2", "Conv2d_2b_3x3"), ("conv_3", "Conv2d_3b_1x1"), ("conv_4", "Conv2d_4a_3x3"),
        ] { unit(script, state) }
        for (block, state, branches) in inceptionBlocks {
            for (script, branch) in branches {
                unit("\(block).\(script)", "\(state).\(branch)")
                // The last blocks join the parts of the graph's names with underscores.
                unit("\(block).\(script.split(separator: ".").joined(separator: "_"))", "\(state).\(branch)")
            }
        }
        return names
    }()

    /// The blocks of Inception-v3 and their branches, in the TensorFlow graph and in the state dictionary.
    private static let inceptionBlocks: [(script: String, state: String, branches: [(String, String)])] = {
        let a = [
            ("conv", "branch1x1"), ("tower.conv", "branch5x5_1"), ("tower.conv_1", "branch5x5_2"), ("tower_1.conv", "branch3x3dbl_1"),
            ("tower_1.conv_1", "branch3x3dbl_2"), ("tower_1.conv_2", "branch3x3dbl_3"), ("tower_2.conv", "branch_pool"),
        ]
        let b = [("conv", "branch3x3"), ("tower.conv", "branch3x3dbl_1"), ("tower.conv_1", "branch3x3dbl_2"), ("tower.conv_2", "branch3x3dbl_3")]
        let c = [
            ("conv", "branch1x1"), ("tower.conv", "branch7x7_1"), ("tower.conv_1", "branch7x7_2"), ("tower.conv_2", "branch7x7_3"),
            ("tower_1.conv", "branch7x7dbl_1"), ("tower_1.conv_1", "branch7x7dbl_2"), ("tower_1.conv_2", "branch7x7dbl_3"),
            ("tower_1.conv_3", "branch7x7dbl_4"), ("tower_1.conv_4", "branch7x7dbl_5"), ("tower_2.conv", "branch_pool"),
        ]
        let d = [
            ("tower.conv", "branch3x3_1"), ("tower.conv_1", "branch3x3_2"), ("tower_1.conv", "branch7x7x3_1"), ("tower_1.conv_1", "branch7x7x3_2"),
            ("tower_1.conv_2", "branch7x7x3_3"), ("tower_1.conv_3", "branch7x7x3_4"),
        ]
        let e = [
            ("conv", "branch1x1"), ("tower.conv", "branch3x3_1"), ("tower.mixed.conv", "branch3x3_2a"), ("tower.mixed.conv_1", "branch3x3_2b"),
            ("tower_1.conv", "branch3x3dbl_1"), ("tower_1.conv_1", "branch3x3dbl_2"), ("tower_1.mixed.conv", "branch3x3dbl_3a"),
            ("tower_1.mixed.conv_1", "branch3x3dbl_3b"), ("tower_2.conv", "branch_pool"),
        ]
        return [
            ("mixed", "Mixed_5b", a), ("mixed_1", "Mixed_5c", a), ("mixed_2", "Mixed_5d", a), ("mixed_3", "Mixed_6a", b), ("mixed_4", "Mixed_6b", c),
            ("mixed_5", "Mixed_6c", c), ("mixed_6", "Mixed_6d", c), ("mixed_7", "Mixed_6e", c), ("mixed_8", "Mixed_7a", d), ("mixed_9", "Mixed_7b", e),
            ("mixed_10", "Mixed_7c", e),
        ]
    }()
}
