extension RandomStream {
    /// The stream of a numbered part, such as a step.
    public subscript(_ number: Int) -> RandomStream { self["#\(number)"] }

    /// Uniform numbers of a range, 24 random bits each: the same on every machine.
    public func uniform(_ shape: Shape, in range: Range<Double> = 0..<1, type: ElementType = .float32, on backend: any Backend) -> Tensor {
        let width = range.upperBound - range.lowerBound
        let values = blocks(shape.count) { word, _ in range.lowerBound + width * (Double(word >> 8) * 0x1p-24) }
        return Tensor(values, shape: shape, type: type, on: backend)
    }

    /// Normal numbers by Box and Muller's method, in arithmetic that rounds alike everywhere.
    public func normal(_ shape: Shape, mean: Double = 0, deviation: Double = 1, type: ElementType = .float32, on backend: any Backend) -> Tensor {
        let numbers = normals(shape.count)
        // Rounded here: the conversion behind a generic interface costs several times as much.
        return type == .float32 ? Tensor(numbers.map { Float(mean + deviation * $0) }, shape: shape, on: backend)
            : Tensor(numbers.map { mean + deviation * $0 }, shape: shape, type: type, on: backend)
    }

    /// Standard normal numbers.
    public func normals(_ count: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: count + 3) { buffer, initialized in
            for start in stride(from: 0, to: count, by: 4) {
                let values = normalBlock(UInt64(start / 4))
                for lane in 0..<min(4, count - start) { buffer[start + lane] = values[lane] }
            }
            initialized = count
        }
    }

    /// Elements 4 · `counter` … 4 · `counter` + 3 of `normals`, wherever they stand in the stream.
    public func normalBlock(_ counter: UInt64) -> SIMD4<Double> {
        let words = block(counter)
        var values = SIMD4<Double>()
        for pair in 0..<2 {
            let u = (Double(words[2 * pair]) + 0.5) * 0x1p-32, v = Double(words[2 * pair + 1]) * 0x1p-32
            let radius = (-2 * PortableMath.logarithm(u)).squareRoot(), (cosine, sine) = PortableMath.cosineAndSine(turns: v)
            (values[2 * pair], values[2 * pair + 1]) = (radius * cosine, radius * sine)
        }
        return values
    }

    /// Uniform whole numbers of `0..<bound`, by multiplication: a bias below bound / 2³².
    public func integers(below bound: Int, count: Int) -> [Int] {
        precondition(bound > 0 && bound <= Int(UInt32.max), "integers below \(bound)")
        return blocks(count) { word, _ in Int((UInt64(word) * UInt64(bound)) >> 32) }
    }

    /// A random order of `0..<count` (Fisher and Yates).
    public func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for (position, word) in zip(stride(from: count - 1, to: 0, by: -1), blocks(max(count - 1, 0)) { word, _ in word }) {
            order.swapAt(position, Int((UInt64(word) * UInt64(position + 1)) >> 32))
        }
        return order
    }

    private func blocks<Value>(_ count: Int, _ make: (UInt32, Int) -> Value) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for start in stride(from: 0, to: count, by: 4) {
            let words = block(UInt64(start / 4))
            for lane in 0..<min(4, count - start) { values.append(make(words[lane], start + lane)) }
        }
        return values
    }
}
