import Synchronization
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C as a question that long work asks between batches. A second one ends the process at once, as does one outside such work.
enum Interruption {
    private static let happened = Atomic<Bool>(false)

    /// Whether this process was told to ignore Ctrl-C, as a shell script's background jobs are; it must go on doing so.
    private static let isIgnored: Bool = {
        guard let previous = signal(SIGINT, SIG_IGN) else { return false }
        if unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { return true }
        signal(SIGINT, previous)
        return false
    }()

    /// Whether the user wants to stop.
    static var isRequested: Bool { happened.load(ordering: .relaxed) }

    /// Begins or ends the time in which Ctrl-C is a question; outside it the system ends the process.
    static func listen(_ isListening: Bool) {
        // Touched here, so that the handler finds it initialised.
        guard !isRequested, !isIgnored else { return }
        guard isListening else {
            signal(SIGINT, SIG_DFL)
            return
        }
        signal(SIGINT) { number in
            Interruption.happened.store(true, ordering: .relaxed)
            signal(number, SIG_DFL)
        }
    }
}
