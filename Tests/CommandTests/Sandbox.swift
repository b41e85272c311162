import Foundation
import TestSupport
import Testing

/// Every test of the built command. One at a time: each command uses all cores.
@Suite(.serialized) struct Commands {}

/// A folder that stands for a user's home, with room for the test's own files, and the built command run inside it.
final class Sandbox {
    /// Where the test puts its files.
    let folder: String
    /// Whether the command is bound by the permissions of files even where the tests run as root, who otherwise may read everything.
    var heedsPermissions = false

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gan-eval-command-" + UUID().uuidString).path
        for name in ["home", "temporary"] { try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A path in the folder.
    func path(_ name: String) -> String { folder + "/" + name }

    /// The names in one of the sandbox's folders, sorted; none where it does not exist.
    func names(in name: String) -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted() }

    /// Where the command keeps features.
    var cache: [String] { names(in: "cache/gan-eval") }

    /// Copies the first `count` digits 0 of a set (`real` or `fake`) into a folder.
    func digits(_ set: String, _ count: Int, as name: String? = nil) throws -> String {
        let source = Fixtures.path("digits/\(set)/0"), target = path(name ?? set)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        let images = try FileManager.default.contentsOfDirectory(atPath: source).sorted().prefix(count)
        try #require(images.count == count)
        for image in images { try FileManager.default.copyItem(atPath: source + "/" + image, toPath: target + "/" + image) }
        return target
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// The environment of a user whose home is this sandbox.
    private var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["HOME"] = path("home")
        environment["XDG_CACHE_HOME"] = path("cache")
        environment["GAN_EVAL_STORE"] = path("runs/runs.sqlite")
        environment["GAN_EVAL_HOME"] = path("gan-eval")
        environment["TMPDIR"] = path("temporary")
        // Other tests compute at the same time; a thread that spins while it waits takes their cores.
        environment["OMP_WAIT_POLICY"] = environment["OMP_WAIT_POLICY"] ?? "passive"
        return environment
    }

    /// Starts the command.
    /// - Parameter seconds: longer than anything takes on a busy machine; a command that hangs fails the test instead of stopping it.
    func start(_ arguments: [String], within seconds: Double = 900) throws -> Run {
        let binary = try Self.binary()
        guard heedsPermissions && geteuid() == 0 else { return try Run(binary, arguments, environment, folder: folder, within: seconds) }
        // Still root, who owns the sandbox and can reach the binary wherever it was built, but without the capabilities to pass over permissions.
        return try Run("/usr/bin/setpriv", ["--bounding-set=-dac_override,-dac_read_search", binary] + arguments, environment, folder: folder)
    }

    /// Runs lines of shell to their end.
    func shell(_ lines: String) throws -> Outcome { try Run("/bin/sh", ["-c", lines], environment, folder: folder).finish() }

    /// Runs the command to its end.
    func run(_ arguments: String...) throws -> Outcome { try start(arguments).finish() }

    /// Runs the command and reads the JSON that it prints.
    func report(_ arguments: String...) throws -> Report {
        let outcome = try start(arguments + ["--json", "-", "--quiet"]).finish()
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return try Report(outcome.output)
    }

    /// The command that was built with these tests: beside their bundle.
    static func binary() throws -> String {
        let own = [URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()] + Bundle.allBundles.map(\.bundleURL)
        let places = own.map { $0.deletingLastPathComponent().appendingPathComponent("gan-eval").path }
        return try #require(places.first(where: FileManager.default.isExecutableFile), "gan-eval is in none of \(places)")
    }
}

/// How a command ended.
struct Outcome {
    let status: Int32
    let wasSignalled: Bool
    let output: String
    let errors: String

    /// The lines of the error stream.
    var errorLines: [Substring] { errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast(errors.hasSuffix("\n") ? 1 : 0) }
}

/// A command under way. Its streams go to files, so that no full pipe can stop it.
final class Run {
    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let streams: (output: String, errors: String)
    private let deadline: Date

    fileprivate init(_ binary: String, _ arguments: [String], _ environment: [String: String], folder: String, within seconds: Double = 900) throws {
        deadline = Date(timeIntervalSinceNow: seconds)
        let name = folder + "/stream-" + UUID().uuidString
        streams = (name + ".output", name + ".errors")
        process.executableURL = URL(fileURLWithPath: binary)
        (process.arguments, process.environment) = (arguments, environment)
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        let files = (output: try Self.file(streams.output), errors: try Self.file(streams.errors))
        (process.standardOutput, process.standardError) = (files.output, files.errors)
        // The child has them; a process that has ended keeps its own open, and a thousand commands are more than some systems allow.
        defer { for file in [files.output, files.errors] { try? file.close() } }
        process.terminationHandler = { [ended] _ in ended.signal() }
        // Tests run on threads that block signals, and a child inherits what its parent's thread blocks.
        var signals = sigset_t(), before = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// Waits for the end.
    func finish() throws -> Outcome {
        if ended.wait(timeout: .now() + deadline.timeIntervalSinceNow) == .timedOut {
            send(SIGKILL)
            Issue.record("\(process.arguments ?? []) did not end")
            ended.wait()
        }
        return Outcome(
            status: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
            output: try String(contentsOfFile: streams.output, encoding: .utf8), errors: try String(contentsOfFile: streams.errors, encoding: .utf8))
    }

    /// Waits for the first whole line of progress and returns it; nil where the command ended without one.
    func firstProgress() throws -> String? {
        while Date() < deadline {
            let lines = try String(contentsOfFile: streams.errors, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first { return String(line) }
            guard process.isRunning else { return nil }
            usleep(1000)
        }
        return nil
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
