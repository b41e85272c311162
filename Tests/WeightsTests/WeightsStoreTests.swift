import Archives
import Foundation
import TestSupport
import Testing
import Weights

/// One at a time: a program started for one test would inherit the sockets of another.
@Suite(.serialized) struct WeightsStoreTests {
    static let file = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    static let digest = FileDigest.sha256(file)

    /// A store in a fresh folder and a server that answers as told.
    private func withServer(_ behaviours: [String: LoopbackServer.Behaviour], _ body: (WeightsStore, LoopbackServer) throws -> Void) throws {
        try Fixtures.withTemporaryFolder { folder in
            let server = try LoopbackServer(Self.file, behaviours)
            defer { server.stop() }
            var store = WeightsStore(folder: folder + "/deep/store")
            store.options.attempts = 1
            store.options.stallTimeout = 2
            try body(store, server)
        }
    }

    private func weights(_ urls: [String], bytes: Int? = file.count, digest: PublishedWeights.Digest = .sha256(digest)) -> PublishedWeights {
        PublishedWeights(name: "net", file: "net.pth", urls: urls, bytes: bytes, digest: digest)
    }

    private func problem(_ body: () throws(WeightsError) -> String) -> WeightsError? {
        do { _ = try body() } catch { return error }
        return nil
    }

    private func files(_ store: WeightsStore) -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: store.folder)) ?? []).sorted() }

    @Test func aFileIsInstalledOnce() throws {
        try withServer(["/a": .honest]) { store, server in
            let entry = weights([server.url("/a")])
            #expect(problem { () throws(WeightsError) in try store.verify(entry) }?.found.contains("gan-eval networks install net") == true)
            var seen: [Int] = []
            let path = try store.install(entry) { received, total in
                seen.append(received)
                #expect(total == Self.file.count)
            }
            #expect(path == store.path(of: entry))
            #expect(try FileBytes(path).bytes() == Self.file)
            #expect(seen.last == Self.file.count && seen == seen.sorted())
            #expect(files(store) == ["net.pth"])
            #expect(try store.verify(entry) == Self.digest)
            try store.install(entry)
            #expect(server.requests.count == 1, "what is installed is not asked for again")
        }
    }

    @Test func redirectionsAreFollowed() throws {
        try withServer(["/a": .redirect(to: "/b"), "/b": .redirect(to: "/c"), "/c": .honest]) { store, server in
            try store.install(weights([server.url("/a")]))
            #expect(server.requests.map(\.path) == ["/a", "/b", "/c"])
        }
    }

    @Test func aBrokenDownloadGoesOnWhereItEnded() throws {
        try withServer(["/a": .breaksOff(after: 100_000)]) { store, server in
            let entry = weights([server.url("/a")])
            let error = problem { () throws(WeightsError) in try store.install(entry) }
            #expect(error?.reason == .unavailable)
            #expect(error?.found.hasPrefix("an end after 100000 bytes") == true, "\(String(describing: error))")
            #expect(error?.found.contains("gan-eval networks import net FILE") == true)
            #expect(files(store) == ["net.pth.partial", "net.pth.partial.version"])
            let path = try store.install(entry)
            #expect(try FileBytes(path).bytes() == Self.file)
            #expect(server.requests[1].fields["range"] == "bytes=100000-")
            #expect(server.requests[1].fields["if-range"]?.isEmpty == false)
            #expect(files(store) == ["net.pth"])
        }
    }

    @Test func anotherAttemptFollowsByItself() throws {
        try withServer(["/a": .breaksOff(after: 50_000)]) { store, server in
            var patient = store
            patient.options.attempts = 2
            let path = try patient.install(weights([server.url("/a")]))
            #expect(try FileBytes(path).bytes() == Self.file)
            #expect(server.requests.map { $0.fields["range"] } == [nil, "bytes=50000-"])
        }
    }

    @Test func aServerWithoutRangesSendsTheWholeAgain() throws {
        try withServer(["/a": .breaksOff(after: 100_000), "/b": .wholeOnly]) { store, server in
            _ = problem { () throws(WeightsError) in try store.install(weights([server.url("/a")])) }
            let path = try store.install(weights([server.url("/b")]))
            #expect(try FileBytes(path).bytes() == Self.file)
        }
    }

    @Test func aFileThatChangedIsBegunAnew() throws {
        let old = [UInt8](repeating: 9, count: Self.file.count)
        try withServer(["/a": .changes(after: 100_000, from: old)]) { store, server in
            let entry = weights([server.url("/a")])
            #expect(problem { () throws(WeightsError) in try store.install(entry) } != nil)
            let path = try store.install(entry)
            #expect(try FileBytes(path).bytes() == Self.file)
        }
    }

    @Test func wrongBytesAreDeletedAndBothDigestsNamed() throws {
        try withServer(["/a": .honest]) { store, server in
            let wrong = String(repeating: "0", count: 64)
            let error = problem { () throws(WeightsError) in try store.install(weights([server.url("/a")], digest: .sha256(wrong))) }
            #expect(error?.reason == .wrongDigest)
            #expect(error?.expected.contains(wrong) == true)
            #expect(error?.found.contains(Self.digest) == true)
            #expect(files(store) == [])
        }
    }

    @Test(arguments: [100, 299_999, 300_001, 10_000_000]) func aWrongLengthIsRefused(bytes: Int) throws {
        try withServer(["/a": .honest]) { store, server in
            let error = problem { () throws(WeightsError) in try store.install(weights([server.url("/a")], bytes: bytes)) }
            #expect(error?.reason == .wrongDigest)
            #expect(error?.found.hasPrefix("one of 300000") == true, "\(String(describing: error))")
            #expect(files(store).allSatisfy { $0 != "net.pth" })
        }
    }

    @Test func aStallEndsInTime() throws {
        try withServer(["/a": .stalls(after: 1000)]) { store, server in
            let start = ContinuousClock.now
            let error = problem { () throws(WeightsError) in try store.install(weights([server.url("/a")])) }
            #expect(error?.reason == .unavailable)
            #expect(error?.found.contains("too slow for too long") == true, "\(String(describing: error))")
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test(arguments: [404, 500]) func aRefusalIsNamed(status: Int) throws {
        try withServer(["/a": .status(status)]) { store, server in
            let error = problem { () throws(WeightsError) in try store.install(weights([server.url("/a")])) }
            #expect(error?.reason == .unavailable)
            #expect(error?.found.hasPrefix("HTTP status \(status)") == true)
            #expect(files(store) == ["net.pth.partial"])
        }
    }

    @Test func theNextAddressHelps() throws {
        try withServer(["/a": .status(404), "/b": .honest]) { store, server in
            try store.install(weights([server.url("/a"), server.url("/b")]))
            #expect(server.requests.map(\.path) == ["/a", "/b"])
        }
    }

    @Test func withoutAServerTheErrorSaysWhatToDo() throws {
        try withServer([:]) { store, server in
            server.stop()
            let error = problem { () throws(WeightsError) in try store.install(weights([server.url("/a")])) }
            #expect(error?.reason == .unavailable)
            #expect(error?.found.contains("By hand: download \(server.url("/a"))") == true, "\(String(describing: error))")
        }
    }

    @Test func aFileBroughtByHandIsCheckedToo() throws {
        try withServer([:]) { store, server in
            let path = store.folder + ".pth"
            try FileManager.default.createDirectory(atPath: store.folder, withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: path, contents: Data(Self.file))
            try store.importFile(path, as: weights([]))
            #expect(try store.verify(weights([])) == Self.digest)
            try store.importFile(path, as: weights([], bytes: nil, digest: .sha256Prefix(String(Self.digest.prefix(8)))))
            let error = problem { () throws(WeightsError) in try store.importFile(path, as: weights([], digest: .sha256Prefix("00000000"))) }
            #expect(error?.reason == .wrongDigest)
        }
    }

    @Test func theStoreFollowsTheEnvironment() {
        func folder(_ variables: [String: String]) -> String { WeightsStore.standard { variables[$0] }.folder }
        #expect(folder(["GAN_EVAL_HOME": "/g", "HOME": "/h"]) == "/g/weights")
        #if os(macOS)
        #expect(folder(["HOME": "/h"]) == "/h/Library/Caches/gan-eval/weights")
        #else
        #expect(folder(["HOME": "/h"]) == "/h/.cache/gan-eval/weights")
        #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "/x", "GAN_EVAL_HOME": ""]) == "/x/gan-eval/weights")
        #endif
    }

    @Test func theCatalogIsConsistent() throws {
        #expect(Set(WeightsCatalog.all.map(\.name)).count == WeightsCatalog.all.count)
        #expect(Set(WeightsCatalog.all.map(\.file)).count == WeightsCatalog.all.count)
        for entry in WeightsCatalog.all {
            #expect(entry.urls.allSatisfy { $0.hasPrefix("https://") } && !entry.urls.isEmpty)
            switch entry.digest {
            case .sha256(let digest):
                #expect(digest.count == 64 && digest.allSatisfy { "0123456789abcdef".contains($0) })
                // The file names of PyTorch carry the first 8 digits.
                if entry.file.hasSuffix(".pth") { #expect(entry.file.contains(digest.prefix(8))) }
            case .sha256Prefix(let prefix): #expect(entry.file.contains(prefix))
            }
        }
        #expect(throws: WeightsError.self) { try WeightsCatalog.entry("inception") }
    }

    /// FIPS 180-2, appendix B.
    @Test func theDigestIsSHA256() {
        #expect(FileDigest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
