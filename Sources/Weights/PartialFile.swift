#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A download under way: `NAME.partial`, and in `NAME.partial.version` what identifies the version it is part of. Held by one process at a time.
final class PartialFile {
    let path: String
    private let descriptor: Int32
    private let versionPath: String

    /// Opens or makes the file and locks it.
    init(for path: String) throws(WeightsError) {
        self.path = path + ".partial"
        versionPath = path + ".partial.version"
        descriptor = open(self.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw WeightsError(.unwritable, file: self.path, expected: "a file that can be written", found: Self.systemMessage())
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw WeightsError(.unwritable, file: self.path, expected: "to be the only installation of this file", found: "another one under way")
        }
    }

    deinit { close(descriptor) }

    /// The bytes there are.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// What identifies the version of the bytes there are.
    var validator: String? {
        get {
            guard let file = fopen(versionPath, "r") else { return nil }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 1024)
            guard fgets(&line, Int32(line.count), file) != nil else { return nil }
            let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return text.isEmpty ? nil : text
        }
        set {
            guard let newValue, let file = fopen(versionPath, "w") else {
                unlink(versionPath)
                return
            }
            fputs(newValue + "\n", file)
            fclose(file)
        }
    }

    func append(_ bytes: [UInt8]) throws(WeightsError) {
        var done = 0
        while done < bytes.count {
            let step = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done) }
            if step < 0 && errno == EINTR { continue }
            guard step > 0 else { throw WeightsError(.unwritable, file: path, expected: "room on the disk", found: Self.systemMessage()) }
            done += step
        }
    }

    /// Drops what there is.
    func restart() throws(WeightsError) {
        unlink(versionPath)
        guard ftruncate(descriptor, 0) == 0 else {
            throw WeightsError(.unwritable, file: path, expected: "a file that can be emptied", found: Self.systemMessage())
        }
    }

    /// Removes the file.
    func discard() {
        unlink(versionPath)
        unlink(path)
    }

    /// Syncs the file to disk and moves it to its final name.
    func publish(as final: String) throws(WeightsError) {
        guard fsync(descriptor) == 0, rename(path, final) == 0 else {
            throw WeightsError(.unwritable, file: final, expected: "to sync \(path) and move it here", found: Self.systemMessage())
        }
        unlink(versionPath)
    }

    static func systemMessage() -> String { String(cString: strerror(errno)).lowercased() }
}
