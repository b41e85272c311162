import Archives
import Foundation
import TestSupport
import Testing

/// Where results go.
@Suite struct AtomicFileTests {
    /// A result may be sent through a pipe or into a device; as root, a rename would take the device's place.
    @Test func linksStayAndDevicesAreWritten() throws {
        try Fixtures.withTemporaryFolder { folder in
            func kind(_ name: String) throws -> FileAttributeType? { try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.type] as? FileAttributeType }
            try AtomicFile.write([1], to: folder + "/target")
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "target")
            try AtomicFile.write([2, 3], to: folder + "/link")
            #expect(try FileBytes(folder + "/target").bytes() == [2, 3] && kind("link") == .typeSymbolicLink)
            try ZipArchive.write([("a", [1])], to: folder + "/link")
            #expect(try ZipArchive(reading: folder + "/target").entries.count == 1 && kind("link") == .typeSymbolicLink)

            #expect(mkfifo(folder + "/pipe", 0o600) == 0 && AtomicFile.isStream("/dev/null") && !AtomicFile.isStream(folder + "/target"))
            let reader = open(folder + "/pipe", O_RDONLY | O_NONBLOCK)
            defer { close(reader) }
            try AtomicFile.write([4, 5, 6], to: folder + "/pipe")
            var bytes = [UInt8](repeating: 0, count: 9)
            #expect(read(reader, &bytes, 9) == 3 && bytes.prefix(3) == [4, 5, 6] && AtomicFile.isStream(folder + "/pipe"))
            // An open file goes on where it is.
            let file = open(folder + "/open", O_WRONLY | O_CREAT, 0o600)
            defer { close(file) }
            try AtomicFile.write([7], to: "/dev/fd/\(file)")
            try AtomicFile.write([8], to: "/proc/self/fd/\(file)")
            #expect(try FileBytes(folder + "/open").bytes() == [7, 8])
            #expect(throws: ArchiveError(.unwritable, file: folder + "/pipe", expected: "a file", found: "a pipe or a device")) { try ZipArchive.write([("a", [1])], to: folder + "/pipe") }
            #expect(throws: ArchiveError.self) { try AtomicFile.write([1], to: "/dev/fd/9999") }
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == ["target", "link", "pipe", "open"])
        }
    }
}
