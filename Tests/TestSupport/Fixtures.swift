import Foundation

/// The repository's `Fixtures` folder, found from this file's own place, and scratch folders for tests that write.
public enum Fixtures {
    /// `<repository>/Fixtures`.
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// The path of a fixture, given relative to `Fixtures`.
    public static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }

    /// Runs `body` with a fresh empty folder and removes the folder afterwards.
    public static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gan-eval-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }

    /// Runs `body` bound by the permissions of files even as root: with the file system identity of nobody, which is this thread's own.
    public static func heedingPermissions(_ body: () throws -> Void) rethrows {
        #if os(Linux)
        guard geteuid() == 0 else { return try body() }
        // Swift's module of the C library leaves <sys/fsuid.h> out.
        guard let symbol = dlsym(nil, "setfsuid") else { preconditionFailure("Linux without setfsuid") }
        let setIdentity = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)
        _ = setIdentity(65534)
        defer { _ = setIdentity(0) }
        #endif
        try body()
    }
}
