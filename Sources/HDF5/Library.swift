import CHDF5

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The C library, which writes files; entered by one thread at a time: distributions ship it without thread safety.
enum Library {
    private static let lock = RecursiveLock()
    /// At the end of the process the library would write again what a full disk did not take, and crash. Nothing is lost: what is not committed is not wanted.
    private static let staysOutOfTheEnd: Bool = H5dont_atexit() >= 0

    /// Runs `body` while no other thread is inside the library.
    static func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        _ = staysOutOfTheEnd
        CHDF5_silence()
        return try body()
    }

    /// Passes on a non-negative result; turns a negative one into an error that carries the library's own message.
    static func check<Code: SignedInteger>(
        _ code: Code, _ place: Place, _ reason: HDF5Error.Reason, expected: String
    ) throws(HDF5Error) -> Code {
        if code >= 0 { return code }
        throw place.error(reason, expected: expected, found: lastMessage)
    }

    /// The most specific message of the failure that just happened, in one line; what the system said stands in it between times and addresses.
    static var lastMessage: String {
        guard let message = CHDF5_last_message() else { return "a failure without a message" }
        let text = String(cString: message)
        guard let mark = text.firstRange(of: "error message = '") else { return text.split(whereSeparator: \.isNewline).joined(separator: " ") }
        return text[mark.upperBound...].prefix { $0 != "'" }.lowercased()
    }
}

/// An identifier of the library that is closed when the last reference goes.
final class Handle: Sendable {
    let id: hid_t
    private let close: @Sendable (hid_t) -> herr_t

    init(_ id: hid_t, close: @escaping @Sendable (hid_t) -> herr_t) {
        self.id = id
        self.close = close
    }

    deinit { _ = Library.locked { close(id) } }
}

/// A lock that its owner may take again: releasing a `Handle` inside a locked region closes it under the same lock.
///
/// `@unchecked Sendable`: the only stored property is the address of a mutex, set once; the mutex itself is made for use by many threads.
private final class RecursiveLock: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() {
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
}
