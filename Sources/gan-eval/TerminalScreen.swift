import Synchronization
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The whole window of a terminal, as long as the value lives: what was there before comes back.
struct TerminalScreen: ~Copyable {
    private let before: termios
    /// Whether the system has asked this process to end.
    private static let isToEnd = Atomic<Bool>(false)

    /// Nil where standard input and output are no terminal.
    init?() {
        guard isatty(STDIN_FILENO) != 0, isatty(STDOUT_FILENO) != 0 else { return nil }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        before = settings
        // Keys come one by one, unseen, and Ctrl-C is one of them.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        // Interrupts the wait for keys, after which the terminal is put back in order.
        for number in [SIGTERM, SIGHUP] { signal(number) { _ in TerminalScreen.isToEnd.store(true, ordering: .relaxed) } }
        Self.write("\u{1B}[?1049h\u{1B}[?25l")
    }

    deinit {
        Self.write("\u{1B}[?25h\u{1B}[?1049l")
        var settings = before
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    /// Characters across and down.
    var size: (width: Int, height: Int) { Self.window ?? (80, 24) }

    /// Characters across; nil where standard output is no terminal.
    static var width: Int? { window?.width }

    private static var window: (width: Int, height: Int)? {
        var window = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return nil }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    /// Shows lines from the upper left corner, and nothing else.
    func show(_ lines: [String]) { Self.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J") }

    /// Waits for a key, so many seconds at most.
    /// - Returns: Whether the user wants to leave: q, Ctrl-C, Ctrl-D, or the terminal is gone; or the process was asked to end.
    func isLeft(within seconds: Double) -> Bool {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, Int32(seconds * 1000)) > 0 else { return Self.isToEnd.load(ordering: .relaxed) }
        var key: UInt8 = 0
        guard read(STDIN_FILENO, &key, 1) == 1 else { return true }
        return [UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4].contains(key)
    }

    private static func write(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }
}
