// Modules: Images

import Images

/// PNG bytes, whose chunks' check sums are put right first: otherwise hardly any mutation would come past them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    var bytes = Array(UnsafeBufferPointer(start: data, count: count))
    repairCheckSums(&bytes)
    bytes.withUnsafeBytes { bytes in
        var image = Image(width: 1, height: 1, channels: 1, pixels: [0])
        try? image.decode(bytes, pixelLimit: 1 << 22)
    }
    return 0
}

private func repairCheckSums(_ bytes: inout [UInt8]) {
    var start = 8
    while start + 12 <= bytes.count {
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - start - 12 else { return }
        let end = start + 8 + length
        let sum = ~bytes[start + 4..<end].reduce(~0 as UInt32) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        for byte in 0..<4 { bytes[end + byte] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32(byte))) }
        start = end + 4
    }
}
