#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Files on their way into memory.
///
/// Read, not mapped: a mapped file that shrinks under the reader kills the process, and for image-sized files copying is
/// as fast.
public enum ImageFile {
    /// The largest file that is read: 1 GiB.
    public static let maximumCount = 1 << 30

    /// The bytes of a regular file.
    /// - Throws: `ImageError` naming `path`.
    public static func read(_ path: String) throws(ImageError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path, into: &bytes)
        return bytes
    }

    /// Replaces `bytes` by those of a regular file, reusing the array's memory.
    /// - Throws: `ImageError` naming `path`.
    public static func read(_ path: String, into bytes: inout [UInt8]) throws(ImageError) {
        let (descriptor, size) = try openRegularFile(path)
        defer { close(descriptor) }
        guard size <= maximumCount else {
            throw ImageError(path: path, .unreadable("\(size) bytes are more than an image file can need (1 GiB)"))
        }
        if bytes.capacity < size {
            bytes = [UInt8](unsafeUninitializedCapacity: size) { _, initialized in initialized = size }
        } else if bytes.count < size {
            bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
        }
        let count = bytes.withUnsafeMutableBytes { fill($0.prefix(size), from: descriptor) }
        guard let count else { throw ImageError(path: path, .unreadable(systemError())) }
        bytes.removeLast(bytes.count - count)
    }

    /// At most `count` bytes from the start of a regular file of any size.
    /// - Throws: `ImageError` naming `path`.
    public static func start(of path: String, count: Int) throws(ImageError) -> [UInt8] {
        let (descriptor, size) = try openRegularFile(path)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: min(count, size))
        let done = bytes.withUnsafeMutableBytes { fill($0[...], from: descriptor) }
        guard let done else { throw ImageError(path: path, .unreadable(systemError())) }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    private static func openRegularFile(_ path: String) throws(ImageError) -> (descriptor: Int32, size: Int) {
        // Without O_NONBLOCK a pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ImageError(path: path, .unreadable(systemError())) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            defer { close(descriptor) }
            throw ImageError(path: path, .unreadable(systemError()))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ImageError(path: path, .unreadable("not a regular file"))
        }
        return (descriptor, Int(status.st_size))
    }

    /// Reads until the buffer is full or the file ends; nil on an error.
    private static func fill(_ buffer: Slice<UnsafeMutableRawBufferPointer>, from descriptor: Int32) -> Int? {
        let buffer = UnsafeMutableRawBufferPointer(rebasing: buffer)
        var done = 0
        while done < buffer.count {
            let count = readSome(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            done += count
        }
        return done
    }

    private static func systemError() -> String { String(cString: strerror(errno)) }
}

/// The system's `read`, which inside `ImageFile` hides behind its own.
private func readSome(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}
