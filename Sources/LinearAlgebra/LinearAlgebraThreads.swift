import COpenBLAS
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The threads of the libraries underneath. OpenBLAS keeps one pool per process and OpenMP one number per calling thread, so this is a property of the process: a program sets it once, before its
/// first product, and libraries leave it alone.
public enum LinearAlgebraThreads {
    /// Lets every later product and decomposition use `count` threads.
    public static func use(_ count: Int) {
        precondition(count >= 1, "at least one thread is needed, not \(count)")
        openblas_set_num_threads(blasInteger(count))
        // Looked up instead of linked, because oneDNN decides which OpenMP runtime is in the process.
        if let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "omp_set_num_threads") {
            unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(Int32(count))
        }
    }

    /// How many threads double-precision products and decompositions use now.
    public static var count: Int { Int(openblas_get_num_threads()) }
}
