// Modules: HDF5

import HDF5

/// An HDF5 file in memory, everything in it listed and read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard let file = try? HDF5File(bytes: Array(UnsafeBufferPointer(start: data, count: count)), name: "fuzz.h5") else { return 0 }
    visit(file.root, depth: 0)
    return 0
}

private func visit(_ group: HDF5Group, depth: Int) {
    readAll(group.attributes)
    guard depth < 4 else { return }
    for name in ((try? group.names()) ?? []).prefix(16) {
        switch try? group.child(name) {
        case .group(let child): visit(child, depth: depth + 1)
        case .dataset(let dataset): read(dataset)
        case nil: continue
        }
    }
}

private func readAll(_ attributes: HDF5Attributes) {
    for name in ((try? attributes.names()) ?? []).prefix(16) { _ = try? attributes.value(name) }
}

private func read(_ dataset: HDF5Dataset) {
    readAll(dataset.attributes)
    guard let shape = try? dataset.shape else { return }
    let count = shape.reduce(1) { product, extent in
        let (next, overflow) = product.multipliedReportingOverflow(by: extent)
        return overflow ? Int.max : next
    }
    // One row is read whatever the shape claims.
    if let rows = shape.first, rows > 0 { _ = try? dataset.read(Float.self, rows: rows - 1..<rows) }
    guard count <= 1 << 20 else { return }
    _ = try? dataset.read(UInt8.self)
    _ = try? dataset.read(Int.self)
    _ = try? dataset.read(Double.self)
    _ = try? dataset.readStrings()
}
