import Datasets
import Foundation
import Images
import TestSupport
import Testing

/// The same five images in every kind of collection; made by Fixtures/images/make_collections.py.
@Suite struct CollectionTests {
    private func path(_ file: String) -> String { Fixtures.path("images/collections/" + file) }

    private func expected() throws -> [[UInt8]] {
        let values = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path("images.u8"))))
        return (0..<5).map { Array(values[$0 * 72..<($0 + 1) * 72]) }
    }

    private func failure(_ file: String, labelled: Bool = false) -> DatasetError? {
        do throws(DatasetError) { _ = try ImageSource.open(path(file), labelled: labelled); return nil } catch { return error }
    }

    static let kinds = ["stylegan.zip", "class-folders.zip", "adm.npz", "adm-compressed.npz", "images.npy", "column-major.npy",
                        "nhwc.h5", "nchw.h5", "unstated.h5"]

    @Test("Every kind gives the same images, in any order and from several threads", arguments: kinds)
    func images(_ file: String) throws {
        let source = try ImageSource.open(path(file))
        let expected = try expected()
        #expect(source.count == 5)
        for index in [0, 1, 2, 3, 4, 2, 0, 4] {
            let image = try source.decode(index)
            #expect(image.height == 6 && image.width == 4 && image.channels == 3)
            #expect(image.pixels == expected[index], "image \(index)")
        }
        var options = LoadingOptions(width: 4, height: 6, resampler: .torchBilinear)
        (options.batchSize, options.workers) = (2, 4)
        let loader = BatchLoader(source.shuffled(seed: 1), options)
        var values: [Float] = []
        while let batch = try loader.next() { values += batch.pixels }
        let order = try (0..<5).map { try source.shuffled(seed: 1).decode($0).pixels }
        #expect(values == order.joined().map { Float($0) })
    }

    @Test("Labels", arguments: ["stylegan.zip", "adm.npz", "adm-compressed.npz", "nhwc.h5", "nchw.h5"])
    func labels(_ file: String) throws {
        let source = try ImageSource.open(path(file), labelled: true)
        #expect((0..<5).map(source.label) == [2, 0, 1, 0, 2])
        #expect(source.classNames == ["0", "1", "2"])
    }

    @Test func foldersOfAnArchiveAreClasses() throws {
        let source = try ImageSource.open(path("class-folders.zip"), labelled: true)
        #expect(source.classNames == ["a", "b", "c", "d", "e"])
        #expect(source.name(4) == "e/4.PNG" && source.label(4) == 4)
        #expect(source.location(4) == path("class-folders.zip") + ": e/4.PNG")
    }

    @Test func aFolderMayHaveALabelFile() throws {
        let json = #"{"labels": [["b.png", 1], ["sub/a.png", 3]]}"#
        try Temporary.folder(["b.png": "grey1.png", "sub/a.png": "grey1.png"], texts: ["dataset.json": json]) { folder in
            let source = try ImageSource.open(folder, labelled: true)
            #expect((0..<2).map(source.label) == [1, 3])
        }
        try Temporary.folder(["b.png": "grey1.png"], texts: ["dataset.json": #"{"labels": [["c.png", 1]]}"#]) { folder in
            #expect(throws: DatasetError(path: folder, .noLabels("dataset.json has none for b.png"))) {
                try ImageSource.open(folder, labelled: true)
            }
        }
    }

    @Test func greyArraysHaveNoChannelAxis() throws {
        let source = try ImageSource.open(path("grey.npy"))
        let expected = try expected()
        for index in 0..<5 {
            let image = try source.decode(index)
            #expect(image.channels == 1)
            #expect(image.pixels == stride(from: 0, to: 72, by: 3).map { expected[index][$0] })
        }
    }

    @Test("Digests tell layouts apart, and not file kinds")
    func digests() throws {
        func digest(_ file: String) throws -> ContentDigest { try ImageSource.open(path(file)).contentDigest(workers: 3) }
        let arrays = try digest("images.npy")
        for file in ["adm.npz", "adm-compressed.npz", "column-major.npy", "nhwc.h5"] { #expect(try digest(file) == arrays, "\(file)") }
        #expect(try digest("nchw.h5") != arrays)
        #expect(try digest("stylegan.zip") == digest("class-folders.zip"))
    }

    @Test func whatDoesNotFitSaysSo() throws {
        #expect(failure("no-images.zip")?.description.hasSuffix(
            "no-images.zip: no image in the archive: none of its 1 entry ends in .png, .jpg or .jpeg") == true)
        #expect(failure("statistics.npz")?.reason == .malformed("expected an array arr_0 of images, found mu, sigma"))
        #expect(failure("floats.npy")?.reason == .malformed(
            "expected uint8 images [N, H, W, C] with 1 or 3 channels, found float32 [5, 6, 4, 3]"))
        #expect(failure("open-question.h5")?.description.hasSuffix("found uint8 [2, 3, 5, 3], no layout") == true)
        #expect(failure("wrong-layout.h5")?.description.hasSuffix("found uint8 [5, 6, 4, 3], layout NCHW") == true)
        #expect(failure("no-labels.zip", labelled: true)?.reason == .noLabels("dataset.json has none"))
        #expect(failure("images.npy", labelled: true)?.reason == .noLabels("a .npy file has none"))
        #expect(failure("few-labels.npz", labelled: true)?.reason == .malformed("expected 5 labels in arr_1, found 4"))
        #expect(failure("few-labels.h5", labelled: true)?.reason == .malformed("expected 5 labels in /labels, found 4"))
        #expect(failure("few-labels.npz") == nil && failure("few-labels.h5") == nil)
        #expect(failure("unstated.h5", labelled: true)?.reason == .noLabels("there is no dataset labels"))
        #expect(failure("no-labels.zip") == nil)
    }

    @Test("Archives and arrays that were cut off are errors", arguments: ["stylegan.zip", "adm.npz", "images.npy", "nhwc.h5", "nchw.h5"])
    func truncated(_ file: String) throws {
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(file))))
        try Fixtures.withTemporaryFolder { folder in
            let copy = folder + "/" + file
            for tenth in 1..<10 {
                try Data(whole[..<(whole.count * tenth / 10)]).write(to: URL(fileURLWithPath: copy))
                #expect(throws: (any Error).self, "\(tenth) tenths") {
                    let source = try ImageSource.open(copy)
                    for index in 0..<source.count { _ = try source.decode(index) }
                }
            }
        }
    }
}
