/// Which images of one set are compared with which, by image.
struct PairTable {
    /// The images that stand in a pair, in ascending order.
    let images: [Int]
    /// How the pairs depend on each other.
    let design: PairStatistics.Design
    /// For each image, its partners of lower position, in ascending order; nil where every image has all others.
    private let earlier: [Int: [Int]]?

    init(_ pairing: ImagePairing) {
        guard case let .listed(pairs) = pairing.pairs else {
            (images, design, earlier) = (Array(0..<pairing.first.count), .all, nil)
            return
        }
        var partners: [Int: [Int]] = [:]
        for (a, b) in pairs { partners[max(a, b), default: []].append(min(a, b)) }
        let used = Set(pairs.flatMap { [$0.0, $0.1] })
        images = used.sorted()
        design = used.count == 2 * pairs.count ? .independent : .some
        earlier = partners.mapValues { $0.sorted() }
    }

    /// Places within `images`, in a range of them, of what `image` is compared with.
    func partners(of image: Int, among images: [Int], _ range: Range<Int>) -> [Int] {
        guard let earlier else { return Array(range) }
        guard !range.isEmpty, let partners = earlier[image] else { return [] }
        return partners.compactMap { partner in
            let place = images.partitioningIndex { $0 >= partner }
            return range.contains(place) ? place : nil
        }
    }
}

extension Array {
    /// The first position whose element satisfies what no earlier one does.
    func partitioningIndex(where belongsBehind: (Element) -> Bool) -> Int {
        var (lower, upper) = (0, count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if belongsBehind(self[middle]) { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}
