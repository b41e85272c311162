import Archives
import Evaluation
import LinearAlgebra

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Times the Fréchet distance between two `.npy` arrays of features, for `compare.py`.
///
/// Prints one line per route, `route wall-seconds cpu-seconds value`, each the best of a few repetitions.
@main struct DistanceBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let threads = Int(arguments[3]), threads >= 1 else {
            print("usage: distance-benchmark FIRST.npy SECOND.npy THREADS")
            return
        }
        LinearAlgebraThreads.use(threads)
        let (first, second) = (try features(arguments[1]), try features(arguments[2]))
        let (a, b) = (try Moments(first).statistics(), try Moments(second).statistics())
        try time("statistics") { try Moments(first).statistics().mean[0] }
        try time("distance-from-statistics") { try FrechetDistance(a, b).value }
        try time("distance-from-features") { try FrechetDistance(first, second).value }
        // The metric alone, with its interval, and with FID∞ as well: what either adds is the difference.
        for (route, interval, limit) in [("fid", false, 0), ("fid-with-interval", true, 0), ("fid-with-interval-and-limit", true, Int.max)] {
            let metric = FrechetInceptionDistance(givesInterval: interval, extrapolationLimit: limit)
            try time(route) { try metric(real: .features(first), fake: .features(second)).value }
        }
        let subsets = KernelInceptionDistance.Subsets(count: 10, size: min(1000, first.count, second.count))
        try time("kid-10-subsets") { try KernelInceptionDistance(estimator: .subsets(subsets), precision: .float32)(real: first, fake: second).value }
    }

    private static func features(_ path: String) throws -> FeatureSet {
        let array = try NumPyArray(reading: path)
        return try FeatureSet(array.read(Float.self), dimension: array.shape[1])
    }

    private static func time(_ route: String, _ body: () throws -> Double) throws {
        let clock = ContinuousClock()
        var (wall, cpu, value) = (Double.infinity, Double.infinity, 0.0)
        for _ in 0..<3 {
            let start = processSeconds()
            wall = min(wall, try clock.measure { value = try body() } / .seconds(1))
            cpu = min(cpu, processSeconds() - start)
        }
        print(route, wall, cpu, value)
    }

    /// Processor time of all threads.
    private static func processSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
