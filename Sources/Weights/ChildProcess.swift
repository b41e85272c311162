#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program that runs beside this one, its standard output and errors read through a pipe each.
///
/// POSIX's `posix_spawn` rather than Foundation's `Process`: the command starts noticeably faster without Foundation.
struct ChildProcess: ~Copyable {
    private let identifier: pid_t
    private let output: Int32
    private let errors: Int32
    private var status: Int32?

    /// Starts a program found on the search path.
    /// - Returns: `nil` where there is no such program.
    init?(_ program: String, _ arguments: [String]) {
        guard let outputs = Self.makePipe() else { return nil }
        guard let problems = Self.makePipe() else {
            for end in outputs { close(end) }
            return nil
        }
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        // Threads of a pool block signals, and a child would inherit that: it could not be ended.
        posix_spawnattr_init(&attributes)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGTERM)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, outputs[1], 1)
        posix_spawn_file_actions_adddup2(&actions, problems[1], 2)
        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        var child = pid_t()
        #if canImport(Darwin)
        let variables = _NSGetEnviron().pointee
        #else
        let variables = environ
        #endif
        let code = posix_spawnp(&child, program, &actions, &attributes, &argv, variables)
        for argument in argv { free(argument) }
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        close(outputs[1])
        close(problems[1])
        guard code == 0 else {
            close(outputs[0])
            close(problems[0])
            return nil
        }
        identifier = child
        output = outputs[0]
        errors = problems[0]
    }

    deinit {
        close(output)
        close(errors)
        if status == nil {
            kill(identifier, SIGTERM)
            var ignored: Int32 = 0
            while waitpid(identifier, &ignored, 0) < 0 && errno == EINTR {}
        }
    }

    /// The next bytes of standard output; empty at its end.
    func readOutput(limit: Int = 1 << 16) -> [UInt8] { Self.read(output, limit) }

    /// All of standard error.
    func readErrors() -> String {
        var bytes: [UInt8] = []
        while bytes.count < 1 << 16 {
            let piece = Self.read(errors, 4096)
            if piece.isEmpty { break }
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits for the end and returns the exit code; 128 and more for a signal.
    mutating func wait() -> Int32 {
        if status == nil {
            var code: Int32 = 0
            while waitpid(identifier, &code, 0) < 0 && errno == EINTR {}
            status = code & 0x7F == 0 ? code >> 8 & 0xFF : 128 + code & 0x7F
        }
        return status ?? 0
    }

    /// A pipe whose ends other programs do not inherit.
    private static func makePipe() -> [Int32]? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    private static func read(_ descriptor: Int32, _ limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            var step = platformRead(descriptor, buffer.baseAddress, limit)
            while step < 0 && errno == EINTR { step = platformRead(descriptor, buffer.baseAddress, limit) }
            count = max(0, step)
        }
    }
}

private func platformRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int { read(descriptor, buffer, count) }
