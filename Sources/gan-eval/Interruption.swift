import Synchronization
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C as a question that long work asks between batches. A second one ends the process at once.
enum Interruption {
    private static let happened = Atomic<Bool>(false)

    /// Whether the user wants to stop.
    static var isRequested: Bool { happened.load(ordering: .relaxed) }

    /// Listens for SIGINT and SIGTERM.
    static func install() {
        // Touched here, so that the handler finds it initialised.
        _ = isRequested
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                Interruption.happened.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }
}
