#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Splits loops over the team of threads that oneDNN's kernels use; two teams would fight for the cores.
///
/// The runtime is looked up instead of linked, because oneDNN decides which one is in the process. Without one, loops run on the calling thread.
struct OpenMP {
    private typealias Region = @convention(c) (UnsafeMutableRawPointer?) -> Void
    private typealias Parallel = @convention(c) (Region, UnsafeMutableRawPointer?, UInt32, UInt32) -> Void
    private typealias Number = @convention(c) () -> Int32

    private let parallel: Parallel?
    private let thread: Number?, threads: Number?

    init() {
        func find<Function>(_ name: String, _ type: Function.Type) -> Function? {
            dlsym(UnsafeMutableRawPointer(bitPattern: 0), name).map { unsafeBitCast($0, to: type) }
        }
        (parallel, thread, threads) = (find("GOMP_parallel", Parallel.self), find("omp_get_thread_num", Number.self), find("omp_get_num_threads", Number.self))
    }

    private struct Work {
        let parts: Int
        let thread: Number, threads: Number
        let body: (Int) -> Void
    }

    /// Calls `body` once with each of `0..<parts`, on several threads at a time where `elements` numbers are worth it. Parts must not depend on each other.
    func forEach(_ parts: Int, elements: Int, _ body: (Int) -> Void) {
        guard let parallel, let thread, let threads, parts > 1, elements >= 1 << 15 else {
            for part in 0..<parts { body(part) }
            return
        }
        withoutActuallyEscaping(body) { body in
            var work = Work(parts: parts, thread: thread, threads: threads, body: body)
            withUnsafeMutablePointer(to: &work) { pointer in
                parallel({ raw in
                    guard let work = raw?.assumingMemoryBound(to: Work.self).pointee else { return }
                    let (number, count) = (Int(work.thread()), Int(work.threads()))
                    for part in work.parts * number / count..<work.parts * (number + 1) / count { work.body(part) }
                }, UnsafeMutableRawPointer(pointer), 0, 0)
            }
        }
    }
}
