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
        guard let from = source.baseAddress.map(UnsafeRawPointer.init), let to = target.baseAddress.map(UnsafeMutableRawPointer.init) else { return }
        let count = source.count
        if From.self == To.self {
            to.copyMemory(from: from, byteCount: count * MemoryLayout<From>.stride)
        } else if From.self == Double.self, To.self == Float.self {
            // Callers in other rooms reach the conversion behind a generic interface, which costs ten times as much.
            let (x, y) = (from.assumingMemoryBound(to: Double.self), to.assumingMemoryBound(to: Float.self))
            for i in 0..<count { y[i] = Float(x[i]) }
        } else if From.self == Float.self, To.self == Double.self {
            let (x, y) = (from.assumingMemoryBound(to: Float.self), to.assumingMemoryBound(to: Double.self))
            for i in 0..<count { y[i] = Double(x[i]) }
        } else {
            for i in source.indices { target[i] = body(source[i]) }
        }
    }
}
