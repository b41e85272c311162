import Archives
import TestSupport
import Testing

@Suite struct ZipArchiveTests {
    private func open(_ name: String) throws -> ZipArchive { try ZipArchive(reading: Fixtures.path("archives/\(name)")) }

    @Test func entriesAreListedAndRead() throws {
        let archive = try open("names.zip")
        #expect(archive.entries.map(\.name) == ["a/", "a/blå.txt", "empty", "twice", "twice"])
        #expect(try archive.read("a/blå.txt") == Array("first".utf8))
        #expect(try archive.read("empty") == [])
        #expect(try archive.read("twice") == Array("late".utf8), "the later of two equal names, as in Python")
        #expect(try archive.read(archive.entries[3]) == Array("early".utf8))
        #expect(archive.entry("absent") == nil)
        let error = #expect(throws: ArchiveError.self) { try archive.read("absent") }
        #expect(error?.reason == .missing)
    }

    @Test func anArchiveInMemoryEqualsTheFile() throws {
        let bytes = try FileBytes(Fixtures.path("archives/deflated.npz")).bytes()
        let (memory, disk) = (try ZipArchive(bytes: bytes, name: "memory"), try open("deflated.npz"))
        #expect(memory.entries == disk.entries)
        for entry in disk.entries { #expect(try memory.read(entry) == disk.read(entry)) }
    }

    @Test(arguments: ["stored.npz", "deflated.npz"]) func statisticsOfThePeersAreRead(name: String) throws {
        let archive = try NumPyArchive(reading: Fixtures.path("archives/\(name)"))
        #expect(archive.names.prefix(2) == ["mu", "sigma"])
        #expect(try archive.array("mu").read() == [-1, -0.5, 0, 0.5, 1] as [Double])
        let sigma = try archive.array("sigma")
        #expect(sigma.isColumnMajor)
        #expect(try sigma.read() == (0..<25).map(Double.init))
        #expect(try sigma.read(Double.self, rows: 2..<4) == (10..<20).map(Double.init))
        let error = #expect(throws: ArchiveError.self) { try archive.array("nu") }
        #expect(error?.found.contains("only mu, sigma") == true)
    }

    @Test func rowsOfAnEntryAreReadInAnyOrder() throws {
        let images = try NumPyArchive(reading: Fixtures.path("archives/stored.npz")).array("arr_0")
        #expect(images.shape == [2, 2, 4, 3])
        #expect(try images.read(UInt8.self, rows: 1..<2) == (24..<48).map(UInt8.init))
        #expect(try images.read(UInt8.self, rows: 0..<1) == (0..<24).map(UInt8.init))
        let ramp = try NumPyArchive(reading: Fixtures.path("archives/deflated.npz")).array("ramp")
        for start in [150_000, 199_000, 10, 0] {
            #expect(try ramp.read(Int32.self, rows: start..<start + 1000) == (start..<start + 1000).map { Int32($0 / 100) })
        }
    }

    @Test func aBombIsRefusedBeforeItIsUnpacked() throws {
        let archive = try open("bomb.zip")
        let error = #expect(throws: ArchiveError.self) { try archive.read("bomb") }
        #expect(error?.reason == .oversized)
        #expect(error?.entry == "bomb")
        let limited = #expect(throws: ArchiveError.self) { try open("deflated.npz").read("ramp.npy", limit: 1000) }
        #expect(limited?.reason == .oversized)
    }

    @Test func aWrongChecksumIsAnError() throws {
        let error = #expect(throws: ArchiveError.self) { try open("damaged.zip").read("text") }
        #expect(error?.reason == .unreadable)
        #expect(error?.found == "crc error")
    }

    @Test func whatIsNoArchiveIsRefused() throws {
        #expect(throws: ArchiveError.self) { try open("f4.npy") }
        #expect(throws: ArchiveError.self) { try open("absent.zip") }
        #expect(throws: ArchiveError.self) { try ZipArchive(reading: Fixtures.root.path) }
        #expect(throws: ArchiveError.self) { try ZipArchive(bytes: [], name: "nothing") }
        let whole = try FileBytes(Fixtures.path("archives/deflated.npz")).bytes()
        for length in stride(from: 0, to: whole.count, by: 7) {
            guard let archive = try? ZipArchive(bytes: Array(whole[..<length]), name: "cut") else { continue }
            for entry in archive.entries { _ = try? archive.read(entry) }
        }
    }

    @Test(arguments: [ZipArchive.Packing.stored, .deflated]) func aWrittenArchiveComesBack(packing: ZipArchive.Packing) throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/a.npz"
            let mu = (0..<1000).map { Double($0 / 10) }
            try NumPyArchive.write(
                [("mu", NumPyArray.encode(mu)), ("labels", NumPyArray.encode([1, 2] as [Int64], shape: [2, 1])), ("nothing", NumPyArray.encode([] as [Float]))],
                to: path, packing: packing)
            let archive = try NumPyArchive(reading: path)
            #expect(archive.names == ["mu", "labels", "nothing"])
            #expect(try archive.array("mu").read() == mu)
            #expect(try archive.array("labels").shape == [2, 1])
            #expect(try archive.array("labels").read() == [1, 2] as [Int64])
            #expect(try archive.array("nothing").read() == [] as [Float])
            let zip = try ZipArchive(reading: path)
            #expect(zip.entries[0].isStored == (packing == .stored))
            let first = try FileBytes(path).bytes()
            try NumPyArchive.write(
                [("mu", NumPyArray.encode(mu)), ("labels", NumPyArray.encode([1, 2] as [Int64], shape: [2, 1])), ("nothing", NumPyArray.encode([] as [Float]))],
                to: path, packing: packing)
            #expect(try FileBytes(path).bytes() == first, "the same entries give the same bytes")
            try ZipArchive.write([], to: path)
            #expect(try ZipArchive(reading: path).entries == [])
        }
    }

    @Test func aFailedWriteLeavesTheOldFile() throws {
        try Fixtures.withTemporaryFolder { folder in
            try NumPyArray.write([1] as [Float], to: folder + "/a.npy")
            let before = try FileBytes(folder + "/a.npy").bytes()
            do {
                var file = try AtomicFile(folder + "/a.npy")
                try file.write([1, 2, 3])
            }
            #expect(try FileBytes(folder + "/a.npy").bytes() == before)
            #expect(throws: ArchiveError.self) { try NumPyArray.write([1] as [Float], to: folder + "/absent/a.npy") }
            #expect(throws: ArchiveError.self) { try ZipArchive.write([("a", [1])], to: folder + "/absent/a.zip") }
        }
    }
}
