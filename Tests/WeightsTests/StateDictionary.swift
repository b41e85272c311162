import TestSupport
import Weights

/// The arrays that `Fixtures/weights/make.py` stores, by the formula that stands there.
enum StateDictionary {
    struct Expected {
        var name: String
        var shape: [Int]
        var type: WeightsElementType
        var values: [Double]
    }

    static func value(_ index: Int) -> Double { Double((7 * index + 3) % 23 - 11) / 8 }

    static let arrays: [Expected] = [
        array("conv.weight", [4, 3, 3, 3]),
        array("conv.bias", [4]),
        array("bn.running_mean", [4]),
        Expected(name: "bn.num_batches_tracked", shape: [], type: .int64, values: [12]),
        array("half", [5], .float16),
        array("bfloat", [5], .bfloat16),
        array("double", [5], .float64),
        Expected(name: "int32", shape: [5], type: .int32, values: [-2, -1, 0, 1, 2]),
        Expected(name: "uint8", shape: [6], type: .uint8, values: [250, 251, 252, 253, 254, 255]),
        Expected(name: "int8", shape: [6], type: .int8, values: [-3, -2, -1, 0, 1, 2]),
        Expected(name: "int16", shape: [6], type: .int16, values: [-3, -2, -1, 0, 1, 2]),
        Expected(name: "bool", shape: [3], type: .boolean, values: [1, 0, 1]),
        Expected(name: "scalar", shape: [], type: .float32, values: [0.25]),
        Expected(name: "empty", shape: [0, 3], type: .float32, values: []),
        array("base", [4, 6]),
        Expected(name: "base.transposed", shape: [6, 4], type: .float32, values: (0..<24).map { value($0 % 4 * 6 + $0 / 4) }),
        Expected(name: "base.part", shape: [2, 4], type: .float32, values: (0..<8).map { value((1 + $0 / 4) * 6 + 2 + $0 % 4) }),
        Expected(name: "base.expanded", shape: [3, 6], type: .float32, values: (0..<18).map { value($0 % 6) }),
    ]

    static func fixture(_ name: String) throws -> WeightsFile { try WeightsFile(Fixtures.path("weights/" + name)) }

    private static func array(_ name: String, _ shape: [Int], _ type: WeightsElementType = .float32) -> Expected {
        Expected(name: name, shape: shape, type: type, values: (0..<shape.reduce(1, *)).map(value))
    }
}
