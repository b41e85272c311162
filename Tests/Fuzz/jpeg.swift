// Modules: Images

import Images

/// JPEG bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    var image = Image(width: 1, height: 1, channels: 1, pixels: [0])
    try? image.decode(UnsafeRawBufferPointer(start: data, count: count), pixelLimit: 1 << 20)
    return 0
}
