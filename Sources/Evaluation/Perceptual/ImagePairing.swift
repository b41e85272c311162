import Datasets
import Tensors

/// Which images are compared with which.
public struct ImagePairing: Sendable {
    /// The pairs.
    public enum Pairs: Sendable {
        /// These: positions in the first source, and in the second or, without one, in the first again.
        case listed([(Int, Int)])
        /// Every image of the first source with every other.
        case all
    }

    /// Where the first image of each pair is.
    public let first: ImageSource
    /// Where the second is; nil for pairs within the first.
    public let second: ImageSource?
    /// The pairs themselves.
    public let pairs: Pairs
    /// Names of the first source without a partner.
    public let unmatchedFirst: [String]
    /// Names of the second source without a partner.
    public let unmatchedSecond: [String]
    /// How pairs were found, for identities.
    public let rule: String

    /// Number of pairs.
    public var count: Int {
        switch pairs {
        case let .listed(pairs): pairs.count
        case .all: first.count * (first.count - 1) / 2
        }
    }

    /// Images of two sources: two single files with each other, two collections by name.
    ///
    /// Names are the paths within the collection without `.png`, `.jpg` or `.jpeg`, or with it where a collection has two images that differ in nothing else. Array files have the images' positions for names.
    /// - Parameter byOrder: pair the first with the first, and so on, whatever their names.
    /// - Throws: `wrongFile` where no name is in both, or orders of different length; `badOption` for one file against a collection.
    public static func between(_ first: ImageSource, _ second: ImageSource, byOrder: Bool = false) throws(EvaluationError) -> ImagePairing {
        if byOrder || (first.isSingleFile && second.isSingleFile) {
            guard first.count == second.count else {
                throw .wrongFile(path: second.path, expected: "\(first.count) images as in \(first.path), to be paired in order", found: "\(second.count)")
            }
            return ImagePairing(first: first, second: second, pairs: .listed((0..<first.count).map { ($0, $0) }), unmatchedFirst: [], unmatchedSecond: [], rule: "order")
        }
        for (one, other) in [(first, second), (second, first)] where one.isSingleFile {
            throw .wrongFile(path: other.path, expected: "one image file to go with \(one.path)", found: "a collection of \(other.count)")
        }
        let names = [first, second].map { source in (0..<source.count).map(source.name) }
        let stems = names.map { $0.map(stem) }
        // Swift's texts are equal where they look alike; names of files are equal where their bytes are.
        let bytes = [stems, names].map { $0.map { $0.map { Array($0.utf8) } } }, keys = bytes[0].allSatisfy { Set($0).count == $0.count } ? bytes[0] : bytes[1]
        let places = Dictionary(keys[1].enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let pairs = keys[0].enumerated().compactMap { index, key in places[key].map { (index, $0) } }
        guard !pairs.isEmpty else {
            throw .wrongFile(path: second.path, expected: "images with the names of those in \(first.path), such as \(names[0].first ?? "")",
                             found: "none, but \(names[1].first ?? ""); --by-order pairs them whatever their names")
        }
        let matched = (Set(pairs.map(\.0)), Set(pairs.map(\.1)))
        return ImagePairing(first: first, second: second, pairs: .listed(pairs), unmatchedFirst: names[0].indices.filter { !matched.0.contains($0) }.map { names[0][$0] },
                            unmatchedSecond: names[1].indices.filter { !matched.1.contains($0) }.map { names[1][$0] }, rule: "name")
    }

    /// Pairs within one collection, for diversity: all of them, or some at random.
    ///
    /// Where half of the images suffice, random pairs have no image in common: they are then independent. Otherwise pairs are drawn without repetition from all.
    /// - Parameters:
    ///   - count: how many at random; nil, or as many as there are, takes all.
    ///   - seed: of the draw.
    /// - Throws: `tooFewImages` below 2; `badOption` for a count below 1.
    public static func within(_ source: ImageSource, count: Int? = nil, seed: UInt64 = 2020) throws(EvaluationError) -> ImagePairing {
        let images = source.count, all = images * (images - 1) / 2
        guard images >= 2 else { throw .wrongFile(path: source.path, expected: "at least 2 images, whose pairs are compared", found: "\(images)") }
        guard let count, count < all else { return ImagePairing(first: source, second: nil, pairs: .all, unmatchedFirst: [], unmatchedSecond: [], rule: "all") }
        guard count >= 1 else { throw .badOption(name: "--pairs", value: "\(count)", expected: "a number of at least 1") }
        let stream = RandomStream(seed: seed)["pairs"]
        var pairs: [(Int, Int)] = []
        if 2 * count <= images {
            let chosen = stream.permutation(images)
            pairs = (0..<count).map { (min(chosen[2 * $0], chosen[2 * $0 + 1]), max(chosen[2 * $0], chosen[2 * $0 + 1])) }
        } else {
            // Floyd's sample of pair numbers: as many draws as pairs, whatever their number.
            var taken = Set<Int>()
            for upper in all - count..<all {
                let words = stream.block(UInt64(upper))
                let draw = Int((UInt64(words.x) << 32 | UInt64(words.y)).multipliedFullWidth(by: UInt64(upper) + 1).high)
                taken.insert(taken.contains(draw) ? upper : draw)
            }
            pairs = taken.sorted().map { pair(number: $0) }
        }
        return ImagePairing(first: source, second: nil, pairs: .listed(pairs.sorted { ($0.0, $0.1) < ($1.0, $1.1) }), unmatchedFirst: [], unmatchedSecond: [], rule: "random, seed \(seed)")
    }

    /// The pair of a number: (0, 1), (0, 2), (1, 2), (0, 3), …
    public static func pair(number: Int) -> (Int, Int) {
        var larger = Int((0.5 + (0.25 + 2 * Double(number)).squareRoot()).rounded(.down))
        while larger * (larger - 1) / 2 > number { larger -= 1 }
        while larger * (larger + 1) / 2 <= number { larger += 1 }
        return (number - larger * (larger - 1) / 2, larger)
    }

    /// A name without the ending of an image file.
    private static func stem(_ name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), ["png", "jpg", "jpeg"].contains(name[dot...].dropFirst().lowercased()) else { return name }
        return String(name[..<dot])
    }
}

extension ImageSource {
    /// Whether this is one image file rather than a collection.
    var isSingleFile: Bool { count == 1 && name(0) == path }
}
