// Modules: Archives

import Archives

/// A `.npy` array in memory, read whole and by its last row.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = MemoryBytes(Array(UnsafeBufferPointer(start: data, count: count)), file: "fuzz.npy")
    guard let array = try? NumPyArray(bytes) else { return 0 }
    _ = try? array.read(UInt8.self)
    _ = try? array.read(Double.self)
    if let rows = array.shape.first, rows > 0 { _ = try? array.read(Float.self, rows: rows - 1..<rows) }
    return 0
}
