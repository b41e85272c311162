import FeatureNetworks
import Tensors

extension LPIPS: PairMeasure {
    /// `lpips`.
    public var name: String { "lpips" }

    /// `LPIPS (alexnet)`: there is no LPIPS without its trunk. Release 0.0 and weights that are not the published ones are named as well.
    public var title: String {
        let isOld = head.version == LPIPSHead.Version.v0_0.rawValue
        return "LPIPS\(isOld ? " v0.0" : "") (\(head.trunk)\(network.isPublished ? "" : ", unpublished weights"))"
    }

    /// Less is more alike.
    public var isBetterLarger: Bool { false }

    /// The trunk's: below it a layer would have no place left.
    public var smallestSide: Int { LPIPSHead.taps.first { $0.trunk == head.trunk }?.smallestSide ?? 32 }

    /// Trunk, weights, head, normalisations, arithmetic.
    public var identity: [String: String] {
        let input = head.trunk == FeatureNetworkCatalog.defaultName ? network.network.normalisation.description : head.scalesInput ? "(x/127.5-1-shift)/scale" : "x/127.5-1"
        return ["network": head.trunk, "weights_sha256": network.weightsDigest, "lpips_version": head.version, "lpips_weights_sha256": head.digest, "unit_length": unitLength.rawValue,
                "normalisation": input, "precision": network.precision.rawValue, "arithmetic": network.backend.name]
    }

    /// Runs the trunk in passes of pictures of one size, each pass filled up, so that an embedding does not depend on the pictures beside it.
    public func prepare(_ pictures: [Picture], workers: Int) -> [Embedding] {
        var bySize: [[Int]: [Int]] = [:]
        for (index, picture) in pictures.enumerated() { bySize[[picture.height, picture.width], default: []].append(index) }
        var found: [(index: Int, embedding: Embedding)] = []
        for (size, indices) in bySize {
            let passSize = Self.passSize(pixels: size[0] * size[1])
            for start in stride(from: 0, to: indices.count, by: passSize) {
                let pass = indices[start..<min(start + passSize, indices.count)]
                var pixels: [Float] = []
                pixels.reserveCapacity(passSize * size[0] * size[1] * 3)
                for index in pass { pixels += pictures[index].pixels }
                pixels += repeatElement(0, count: (passSize - pass.count) * size[0] * size[1] * 3)
                let batch = Tensor(pixels, shape: [passSize, size[0], size[1], 3], on: network.backend)
                found += zip(pass, embeddings(of: batch, workers: workers)).map { ($0, $1) }
            }
        }
        return found.sorted { $0.index < $1.index }.map(\.embedding)
    }

    /// Pictures that go through the trunk at once: few enough that activations stay near the cache, enough to occupy all cores with small ones.
    static func passSize(pixels: Int) -> Int { pixels > 512 * 512 ? 1 : pixels > 256 * 256 ? 2 : pixels > 128 * 128 ? 4 : pixels > 64 * 64 ? 8 : 16 }

    /// Their distance.
    public static func compare(_ a: Embedding, _ b: Embedding) -> Double { a.distance(to: b) }

    /// Four bytes for each weighted activation.
    public static func byteCount(_ prepared: Embedding) -> Int { prepared.values.count * MemoryLayout<Float>.stride }
}

extension LPIPS {
    /// Where two pictures differ: each layer's share of the distance at its places, enlarged to the pictures' size (bilinear, as `lpips` with `spatial=True`), summed.
    /// - Shape: `[height, width]`, row by row; the mean is near the distance, but not the same, since enlarging does not keep means.
    /// - Precondition: the pictures have one size, at least ``smallestSide``.
    public func map(_ first: Picture, _ second: Picture) -> [Float] {
        let prepared = prepare([first, second], workers: 1), (a, b) = (prepared[0], prepared[1])
        var whole = Tensor(repeating: 0, shape: [1, first.height, first.width, 1], on: network.backend)
        for layer in a.layers {
            let places = layer.height * layer.width
            let differences = (0..<places).map { place in
                (layer.start + place * layer.channels..<layer.start + (place + 1) * layer.channels).reduce(Float(0)) { sum, i in
                    sum + (a.values[i] - b.values[i]) * (a.values[i] - b.values[i])
                } * Float(places)
            }
            whole = whole + Tensor(differences, shape: [1, layer.height, layer.width, 1], on: network.backend).resized(to: Extent(first.height, first.width), .bilinear)
        }
        return whole.floats
    }
}
