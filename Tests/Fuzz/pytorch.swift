// Modules: Weights

import Weights

/// What follows the three fixed pickles of PyTorch's old format: the pickle of the object, the keys, the storages. Neither checksums nor compression
/// stand between the bytes and the pickle machine here.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let head: [UInt8] =
        [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E] + [0x80, 2, 0x4D, 0xE9, 3, 0x2E] + [0x80, 2, 0x7D, 0x2E]
    guard let file = try? WeightsFile(bytes: head + UnsafeBufferPointer(start: data, count: count), name: "fuzz.pth") else { return 0 }
    for array in file.arrays { _ = try? array.doubles() }
    return 0
}
