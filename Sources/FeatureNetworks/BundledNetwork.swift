#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds the files that travel with the binary, wherever the command is called from.
public enum BundledNetwork {
    /// The path of a bundled file, or nil where this installation lacks it.
    ///
    /// Looked for in `$GAN_EVAL_RESOURCES`; beside the binary, where a build puts them; in `../share/gan-eval`, where an installation puts them; and
    /// in the sources that this binary was built from.
    public static func path(of file: String) -> String? {
        candidates.map { $0 + "/networks/" + file }.first { access($0, R_OK) == 0 }
    }

    /// The folders that are searched, in order.
    public static var candidates: [String] {
        var folders: [String] = []
        if let override = getenv("GAN_EVAL_RESOURCES") { folders.append(String(cString: override)) }
        if let binary = executable {
            let folder = binary.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            for place in [folder, folder + "/../share/gan-eval"] {
                folders += ["resources", "bundle"].map { "\(place)/gan-eval_FeatureNetworks.\($0)" }
            }
        }
        let sources = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return folders + [sources + "/Resources"]
    }

    /// The real path of the running binary.
    private static var executable: String? {
        #if canImport(Darwin)
        var size = UInt32(PATH_MAX)
        var buffer = [CChar](repeating: 0, count: Int(size))
        guard _NSGetExecutablePath(&buffer, &size) == 0, let real = realpath(buffer, nil) else { return nil }
        #else
        guard let real = realpath("/proc/self/exe", nil) else { return nil }
        #endif
        defer { free(real) }
        return String(cString: real)
    }
}
