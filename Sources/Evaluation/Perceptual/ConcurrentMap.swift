import Dispatch

/// The results of independent calls, in order, computed by at most `workers` threads. For code that calls no compute kernels: those keep a team of threads for each calling thread.
func concurrentMap<Result: Sendable>(_ count: Int, workers: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    guard count > 1, workers > 1 else { return (0..<count).map(body) }
    let shares = min(workers, count)
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
        // Each share writes elements of its own, and all have ended before the array is seen.
        nonisolated(unsafe) let elements = buffer
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            for index in stride(from: share, to: count, by: shares) { elements.initializeElement(at: index, to: body(index)) }
        }
        initialized = count
    }
}
