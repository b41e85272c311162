/// Element access for backends whose storage lies in the process's own memory.
enum HostMemory {
    static func write<Element: TensorElement>(_ values: UnsafeBufferPointer<Element>, to storage: Storage) {
        precondition(values.count == storage.count, "\(values.count) values written to \(storage.count) elements")
        switch storage.elementType {
        case .float32: convert(values, storage.elements(as: Float.self)) { Float($0) }
        case .float64: convert(values, storage.elements(as: Double.self)) { Double($0) }
        case .bfloat16: convert(values, storage.elements(as: UInt16.self)) { BFloat16.bits(Float($0)) }
        }
    }

    static func read<Element: TensorElement>(_ storage: Storage, into values: UnsafeMutableBufferPointer<Element>) {
        precondition(values.count == storage.count, "\(storage.count) elements read into \(values.count) values")
        switch storage.elementType {
        case .float32: convert(UnsafeBufferPointer(storage.elements(as: Float.self)), values) { Element($0) }
        case .float64: convert(UnsafeBufferPointer(storage.elements(as: Double.self)), values) { Element($0) }
        case .bfloat16: convert(UnsafeBufferPointer(storage.elements(as: UInt16.self)), values) { Element(BFloat16.float($0)) }
        }
    }

    static func copyColumns(_ input: Storage, rows: Int, columns: Int, to output: Storage, width: Int, offset: Int) {
        precondition(input.elementType == output.elementType, "copy from \(input.elementType) to \(output.elementType)")
        let size = input.elementType.size
        for row in 0..<rows {
            (output.address + (row * width + offset) * size).copyMemory(from: input.address + row * columns * size, byteCount: columns * size)
        }
    }

    @inline(__always)
    private static func convert<From, To>(_ source: UnsafeBufferPointer<From>, _ target: UnsafeMutableBufferPointer<To>, _ body: (From) -> To) {
        if From.self == To.self, let from = source.baseAddress, let to = target.baseAddress {
            UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: source.count * MemoryLayout<From>.stride)
            return
        }
        for i in source.indices { target[i] = body(source[i]) }
    }
}
