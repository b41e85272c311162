import Datasets
import Images
import Testing

@Suite struct ImageSourceTests {
    private static let ten = Dictionary(uniqueKeysWithValues: (0..<10).map { ("\($0).png", "grey1.png") })

    private func numbers(_ source: ImageSource) -> [Int] {
        (0..<source.count).compactMap { Int(source.name($0).prefix { $0 != "." }) }
    }

    // From Fixtures/images/make_shuffle.py.
    static let orders: [(seed: UInt64, order: [Int])] = [(0, [4, 9, 2, 5, 1, 7, 6, 0, 3, 8]), (42, [8, 3, 6, 5, 4, 0, 9, 2, 1, 7])]

    @Test("Shuffling follows the documented algorithm", arguments: orders)
    func shuffled(_ seed: UInt64, _ order: [Int]) throws {
        try Temporary.folder(Self.ten) { folder in
            let source = try ImageSource.open(folder)
            #expect(numbers(source.shuffled(seed: seed)) == order)
            #expect(numbers(source.shuffled(seed: seed).limited(to: 3)) == Array(order.prefix(3)))
            #expect(numbers(source) == Array(0..<10))
        }
    }

    @Test func shufflingALimitedSourceKeepsItsImages() throws {
        try Temporary.folder(Self.ten) { folder in
            let source = try ImageSource.open(folder).limited(to: 7)
            #expect(numbers(source) == Array(0..<7))
            #expect(numbers(source.shuffled(seed: .max)) == [0, 3, 2, 4, 1, 5, 6])
            #expect(source.limited(to: 100).count == 7)
            #expect(source.limited(to: 0).count == 0)
        }
    }

    // Digests by sha256sum.
    @Test func contentDigestsAreThoseOfTheFiles() throws {
        let rgb = "06b7846c1600b80937fcb79ae35c16a9395b037b1ca02b5623f755671755bba1"
        let grey = "15580500a4fa5fe05fdc5a1a832d77a88c02909f2b32016e32e1c3aa73119cef"
        let both = "876ae2a5556b58ef8cbd239668a5f1aac51d93a3edf13e0235b5fa1c1fee41b0"
        func text(_ digest: ContentDigest) -> String { digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
        for names in [["a.jpg", "b.png"], ["x/1.jpg", "x/other name.png"]] {
            try Temporary.folder([names[0]: "grey.jpg", names[1]: "rgb8.png"]) { folder in
                let source = try ImageSource.open(folder)
                #expect(try text(source.contentDigest(0)) == grey)
                #expect(try text(source.contentDigest(1)) == rgb)
                for workers in 1...4 { #expect(try text(source.contentDigest(workers: workers)) == both) }
            }
        }
    }

    @Test func aDigestNamesWhatItCannotRead() throws {
        try Temporary.folder(["a.png": "rgb8.png"], texts: ["list": "a.png\ngone.png\nlost.png\n"]) { folder in
            let source = try ImageSource.open(folder + "/list")
            #expect(throws: ImageError(path: folder + "/gone.png", .unreadable("No such file or directory"))) {
                try source.contentDigest(workers: 3)
            }
        }
    }
}
