import Tensors

/// Batches as a pure function of their number; the order of the latest epochs is kept.
struct BatchMaker: Sendable {
    let source: any SampleSource
    let settings: LoaderSettings
    let batchesPerEpoch: Int?
    private let stream: RandomStream
    private let orders: Monitor<[Int: [Int]]>

    init(_ source: any SampleSource, _ settings: LoaderSettings, _ stream: RandomStream) {
        self.source = source
        self.settings = settings
        self.stream = stream
        batchesPerEpoch = source.count.map { $0 / settings.batchSize }
        orders = Monitor([:])
    }

    func batch(at index: Int) throws(DatasetError) -> Minibatch {
        let (epoch, indices) = samples(of: index)
        var values = try source.read(indices)
        if settings.flips { flip(&values, batch: index) }
        if settings.shift > 0 { shift(&values, batch: index) }
        let labels = source.classNames == nil ? nil : indices.compactMap(source.label)
        return Minibatch(index: index, epoch: epoch, indices: indices, shape: [indices.count] + source.shape, values: values, labels: labels)
    }

    private func samples(of index: Int) -> (epoch: Int, indices: [Int]) {
        let size = settings.batchSize
        guard let batchesPerEpoch, let count = source.count else { return (0, Array(index * size..<(index + 1) * size)) }
        let (epoch, place) = index.quotientAndRemainder(dividingBy: batchesPerEpoch)
        let positions = place * size..<(place + 1) * size
        return (epoch, settings.shuffles ? Array(order(ofEpoch: epoch, count)[positions]) : Array(positions))
    }

    private func order(ofEpoch epoch: Int, _ count: Int) -> [Int] {
        if let known = orders.read({ $0[epoch] }) { return known }
        let order = stream["order"][epoch].permutation(count)
        orders.update { orders in
            // Two workers may stand in neighbouring epochs.
            if orders.count > 1 { orders = orders.filter { abs($0.key - epoch) <= 1 } }
            orders[epoch] = order
        }
        return order
    }

    private func shift(_ values: inout [Float], batch: Int) {
        let (height, width, channels) = (source.shape[0], source.shape[1], source.shape[2])
        let (size, stream, choices) = (settings.batchSize, stream["shift"], UInt32(2 * settings.shift + 1))
        for place in 0..<size {
            let draw = stream.block(UInt64(batch * size + place)), start = place * height * width * channels
            let (down, right) = (Int(draw.x % choices) - settings.shift, Int(draw.y % choices) - settings.shift)
            guard down != 0 || right != 0 else { continue }
            let image = Array(values[start..<start + height * width * channels])
            for row in 0..<height {
                let from = min(max(row - down, 0), height - 1)
                for column in 0..<width {
                    let source = (from * width + min(max(column - right, 0), width - 1)) * channels
                    for channel in 0..<channels { values[start + (row * width + column) * channels + channel] = image[source + channel] }
                }
            }
        }
    }

    private func flip(_ values: inout [Float], batch: Int) {
        let (height, width, channels) = (source.shape[0], source.shape[1], source.shape[2])
        let size = settings.batchSize, stream = stream["flip"]
        values.withUnsafeMutableBufferPointer { values in
            for place in 0..<size where stream.uniform(batch * size + place) < 0.5 {
                for row in place * height..<(place + 1) * height {
                    for column in 0..<width / 2 {
                        let (left, right) = ((row * width + column) * channels, (row * width + width - 1 - column) * channels)
                        for channel in 0..<channels { values.swapAt(left + channel, right + channel) }
                    }
                }
            }
        }
    }
}
