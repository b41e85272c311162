#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The standard error stream.
enum Terminal {
    /// Whether a person watches.
    static let isInteractive = isatty(STDERR_FILENO) != 0
    /// Whether a person can answer.
    static let canAsk = isInteractive && isatty(STDIN_FILENO) != 0

    /// Writes without buffering.
    static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { systemWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}

/// The system's call under a name that `Terminal.write` does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }

/// Progress of one extraction: a bar with rate and remaining time for a person, a line every few seconds in a log.
final class ProgressBar {
    private let isQuiet: Bool
    private let clock = ContinuousClock()
    private var name = "", start = ContinuousClock.now, first = 0, last = ContinuousClock.now, isOpen = false

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// Shows the progress of work that asks whether it is interrupted: until it is done, Ctrl-C is a question to it.
    func following(_ name: String, unit: String) -> (_ done: Int, _ total: Int) -> Void {
        { done, total in
            Interruption.listen(done < total)
            self.update(name, done, total, unit: unit)
        }
    }

    /// Shows that `done` of `total` images (or other units) of the set `name` have been through, and a few words more.
    func update(_ name: String, _ done: Int, _ total: Int, unit: String = "images", note: String = "") {
        guard !isQuiet else { return }
        let now = clock.now
        if name != self.name || done < first {
            (self.name, start, first, last) = (name, now, done, now - .seconds(60))
        }
        let finished = done >= total
        guard finished || now - last >= (Terminal.isInteractive ? .milliseconds(100) : .seconds(10)) else { return }
        guard done > first || finished else { return }
        last = now
        let seconds = (now - start) / .seconds(1)
        let rate = seconds > 0 ? Double(done - first) / seconds : 0
        let text = "\(name): \(done) of \(total) \(unit), \(Self.rounded(rate)) \(unit)/s" + (finished || rate == 0 ? "" : ", \(Self.time(Double(total - done) / rate)) left")
            + (note.isEmpty ? "" : "; \(note)")
        if Terminal.isInteractive {
            let filled = total > 0 ? done * 24 / total : 24
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
            Terminal.write("\r\u{1B}[K\(bar) \(text)" + (finished ? "\n" : ""))
            isOpen = !finished
        } else {
            Terminal.write(text + "\n")
        }
    }

    /// Writes a line of its own above the bar.
    func say(_ line: String) {
        guard !isQuiet else { return }
        Terminal.write((isOpen ? "\r\u{1B}[K" : "") + line + "\n")
    }

    /// Leaves the cursor on a line of its own, whatever happened.
    func close() {
        if isOpen { Terminal.write("\n") }
        isOpen = false
    }

    private static func rounded(_ rate: Double) -> String { rate < 10 ? String(Double(Int(rate * 10)) / 10) : String(Int(rate)) }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 60 ? "\(whole) s" : whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
