import Datasets
import Foundation
import Images
import TestSupport
import Testing

@Suite struct FolderAndListTests {
    private func names(_ source: ImageSource) -> [String] { (0..<source.count).map(source.name) }

    private func failure(_ path: String, labelled: Bool = false) -> DatasetError? {
        do throws(DatasetError) { _ = try ImageSource.open(path, labelled: labelled); return nil } catch { return error }
    }

    @Test("A folder is searched recursively, any case of extension, in byte order")
    func folderOrder() throws {
        let files = ["b.PNG": "rgb8.png", "a/z.jpg": "grey.jpg", "a/B.JpEg": "cmyk.jpg", "a-1.png": "grey1.png", "é.png": "grey2.png",
                     "Z.png": "grey4.png", "a/deep/er/1.png": "grey8.png", ".hidden.png": "grey8.png", "a/.git/x.png": "grey8.png"]
        try Temporary.folder(files, texts: ["notes.txt": "x", "a/png": "x"]) { folder in
            let source = try ImageSource.open(folder)
            #expect(names(source) == ["Z.png", "a-1.png", "a/B.JpEg", "a/deep/er/1.png", "a/z.jpg", "b.PNG", "é.png"])
            #expect(try source.decode(5).width == 13)
            #expect(source.location(5) == folder + "/b.PNG")
            #expect(source.label(0) == nil && source.classNames == nil)
            #expect(try names(ImageSource.open(folder + "/")) == names(source))
        }
    }

    @Test func subfoldersAreClasses() throws {
        let files = ["dog/1.png": "grey1.png", "cat/x/2.png": "grey1.png", "Cow/3.png": "grey1.png", "cat/1.png": "grey1.png"]
        try Temporary.folder(files) { folder in
            let source = try ImageSource.open(folder, labelled: true)
            #expect(source.classNames == ["Cow", "cat", "dog"])
            #expect(names(source) == ["Cow/3.png", "cat/1.png", "cat/x/2.png", "dog/1.png"])
            #expect((0..<4).map(source.label) == [0, 1, 1, 2])
        }
        try Temporary.folder(["dog/1.png": "grey1.png", "loose.png": "grey1.png"]) { folder in
            #expect(failure(folder, labelled: true)?.description
                == "\(folder): no class labels: expected one sub-folder per class, but loose.png is in none")
        }
    }

    @Test func linksAreFollowedButNotInCircles() throws {
        try Temporary.folder(["real/1.png": "grey1.png", "sub/2.png": "grey1.png"]) { folder in
            let files = FileManager.default
            try files.createSymbolicLink(atPath: folder + "/sub/up", withDestinationPath: folder)
            try files.createSymbolicLink(atPath: folder + "/linked", withDestinationPath: folder + "/real")
            try files.createSymbolicLink(atPath: folder + "/3.png", withDestinationPath: folder + "/real/1.png")
            #expect(try names(ImageSource.open(folder)) == ["3.png", "linked/1.png", "real/1.png", "sub/2.png"])
        }
    }

    @Test func aListIsReadInItsOwnOrder() throws {
        let list = "# two pictures\r\nimages/b.png\r\n\r\nimages/a.png\n"
        try Temporary.folder(["images/a.png": "grey1.png", "images/b.png": "rgb8-many-idat.png"], texts: ["list.txt": list]) { folder in
            let source = try ImageSource.open(folder + "/list.txt")
            #expect(names(source) == ["images/b.png", "images/a.png"])
            #expect(try source.decode(0).width == 48)
            let absolute = folder + "/elsewhere/list"
            try FileManager.default.createDirectory(atPath: folder + "/elsewhere", withIntermediateDirectories: true)
            try Data((folder + "/images/a.png").utf8).write(to: URL(fileURLWithPath: absolute))
            #expect(try ImageSource.open(absolute).decode(0).width == 13)
        }
    }

    @Test func aListMayCarryClasses() throws {
        let texts = ["good": "a.png\t2\na.png\t0\na.png\t2\n", "bad": "a.png\t1\na.png\n", "huge": "a.png\t99999999999\n"]
        try Temporary.folder(["a.png": "grey1.png"], texts: texts) { folder in
            let source = try ImageSource.open(folder + "/good", labelled: true)
            #expect((0..<3).map(source.label) == [2, 0, 2])
            #expect(source.classNames == ["0", "1", "2"])
            #expect(failure(folder + "/bad", labelled: true)?.description.contains("in line 2") == true)
            #expect(failure(folder + "/huge", labelled: true) != nil)
        }
    }

    @Test func aSingleImageIsASourceOfOne() throws {
        let source = try ImageSource.open(Fixtures.path("images/decoding/rgb8.png"))
        #expect(source.count == 1)
        #expect(try source.decode(0).width == 13)
    }

    @Test func whatHoldsNoImageSaysSo() throws {
        try Temporary.folder([:], texts: ["docs/a.txt": "x", "docs/b.csv": "y", "empty.txt": "", "comment.txt": "# nothing\n", "binary": "\u{0}\u{1}"]) { folder in
            try FileManager.default.createDirectory(atPath: folder + "/nothing", withIntermediateDirectories: true)
            #expect(failure(folder + "/nothing")?.description == "\(folder)/nothing: the folder is empty; expected PNG or JPEG images")
            #expect(failure(folder + "/docs")?.description
                == "\(folder)/docs: no image in the folder: none of its 2 entries ends in .png, .jpg or .jpeg")
            #expect(failure(folder + "/missing")?.description == "\(folder)/missing: cannot be read: No such file or directory")
            #expect(failure(folder + "/empty.txt")?.description == "\(folder)/empty.txt: the file is empty (0 bytes)")
            #expect(failure(folder + "/comment.txt")?.reason == .noImages(kind: "list", otherEntries: 0))
            #expect(failure(folder + "/binary")?.reason == .unknownKind)
        }
    }

    @Test func brokenImagesAreNamed() throws {
        try Temporary.folder(["good.png": "rgb8.png"], texts: ["bad.png": "not a picture", "empty.jpg": "", "list": "gone.png\n"]) { folder in
            let source = try ImageSource.open(folder)
            #expect(throws: ImageError(path: folder + "/bad.png", .notAnImage)) { try source.decode(0) }
            #expect(throws: ImageError(path: folder + "/empty.jpg", .empty)) { try source.decode(1) }
            let list = try ImageSource.open(folder + "/list")
            #expect(throws: ImageError(path: folder + "/gone.png", .unreadable("No such file or directory"))) { try list.decode(0) }
        }
    }
}
