// Modules: Weights

import Weights

/// A safetensors file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard let file = try? WeightsFile(bytes: Array(UnsafeBufferPointer(start: data, count: count)), name: "fuzz.safetensors") else { return 0 }
    for array in file.arrays { _ = try? array.doubles() }
    return 0
}
