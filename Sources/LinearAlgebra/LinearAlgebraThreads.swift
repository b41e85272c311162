import COpenBLAS

/// The threads of the BLAS underneath. OpenBLAS keeps one pool per process, so this is a property of the process: a program sets it once, before its first
/// product, and libraries leave it alone.
public enum LinearAlgebraThreads {
    /// Lets every later product and decomposition use `count` threads.
    public static func use(_ count: Int) {
        precondition(count >= 1, "at least one thread is needed, not \(count)")
        openblas_set_num_threads(blasInteger(count))
    }

    /// How many threads products and decompositions use now.
    public static var count: Int { Int(openblas_get_num_threads()) }
}
