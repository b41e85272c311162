// Modules: Archives

import Archives

/// A ZIP archive in memory, every entry unpacked.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let archive = try? ZipArchive(bytes: bytes, name: "fuzz.zip") else { return 0 }
    for entry in archive.entries.prefix(8) { _ = try? archive.read(entry, limit: 1 << 22) }
    return 0
}
