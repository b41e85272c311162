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
        let storage = backend.allocate(type, count: shape.count)
        backend.normal(self, mean: mean, deviation: deviation, to: storage)
        return Tensor(storage, shape)
    }

    /// Standard normal numbers.
    public func normals(_ count: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
            for group in 0..<(count + 31) / 32 { writeNormals(group, of: count, to: buffer) { $0 } }
            initialized = count
        }
    }

    /// Elements 32 · `group` … 32 · `group` + 31 of ``normals(_:)``, wherever they stand in the stream: the element 4i + j among them is lane i of part j.
    public func normalGroup(_ group: Int) -> (SIMD8<Double>, SIMD8<Double>, SIMD8<Double>, SIMD8<Double>) {
        let (a, b, c, d) = eightBlocks(UInt64(group) * 8)
        let (first, second) = (Self.normalPairs(a, b), Self.normalPairs(c, d))
        return (first.0, first.1, second.0, second.1)
    }

    /// Puts group `group` of `count` standard normal numbers where it belongs among them, each as `make` has it.
    @inline(__always)
    func writeNormals<Number>(_ group: Int, of count: Int, to numbers: UnsafeMutableBufferPointer<Number>, _ make: (Double) -> Number) {
        let start = 32 * group, (a, b, c, d) = normalGroup(group)
        for lane in 0..<min(8, (count - start + 3) / 4) {
            let place = start + 4 * lane
            numbers[place] = make(a[lane])
            if place + 1 < count { numbers[place + 1] = make(b[lane]) }
            if place + 2 < count { numbers[place + 2] = make(c[lane]) }
            if place + 3 < count { numbers[place + 3] = make(d[lane]) }
        }
    }

    /// Two normal numbers from each pair of words: √(−2 ln u) (cos 2πv, sin 2πv) with u = (word + ½) / 2³² and v = word / 2³².
    @inline(__always)
    private static func normalPairs(_ first: SIMD8<UInt64>, _ second: SIMD8<UInt64>) -> (SIMD8<Double>, SIMD8<Double>) {
        let radius = (-2 * PortableMath.logarithms((double(first) + 0.5) * 0x1p-32)).squareRoot()
        let quarters = (second &+ 0x2000_0000) &>> 30
        let rest = (double(second) - double(quarters) * 0x1p30) * 0x1p-32 * 6.283185307179586
        let (cosine, sine) = PortableMath.cosinesAndSines(quarters: quarters, rest: rest)
        return (radius * cosine, radius * sine)
    }

    /// Whole numbers below 2⁵² exactly, as the last bits of 2⁵² + x.
    @inline(__always)
    private static func double(_ x: SIMD8<UInt64>) -> SIMD8<Double> { unsafeBitCast(x | 0x4330_0000_0000_0000, to: SIMD8<Double>.self) - 0x1p52 }

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
