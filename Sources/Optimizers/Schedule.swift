#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The factor of a learning rate at each step, the first of which is step 0.
public indirect enum Schedule: Codable, Sendable, Hashable {
    /// 1 always.
    case constant
    /// 1 until step `start`, then straight to `end` at step `finish`, which it keeps.
    case linear(start: Int, finish: Int, end: Double)
    /// Half a cosine from 1 at step 0 to `end` at step `finish`, which it keeps. Source: Loshchilov and Hutter, arXiv:1608.03983.
    case cosine(finish: Int, end: Double)
    /// Multiplied by `factor` every `interval` steps.
    case step(interval: Int, factor: Double)
    /// `factorˢᵗᵉᵖ`.
    case exponential(factor: Double)
    /// `(step + 1) / steps` of another schedule while `step < steps`, then that schedule.
    case warmUp(steps: Int, then: Schedule)

    /// The factor at `step`.
    public func factor(at step: Int) -> Double {
        switch self {
        case .constant: 1
        case let .linear(start, finish, end):
            if step <= start { 1 } else if step >= finish { end } else { 1 + (end - 1) * Double(step - start) / Double(finish - start) }
        case let .cosine(finish, end): step >= finish ? end : end + (1 - end) * (1 + cos(.pi * Double(step) / Double(finish))) / 2
        case let .step(interval, factor): pow(factor, Double(step / interval))
        case let .exponential(factor): pow(factor, Double(step))
        case let .warmUp(steps, then): then.factor(at: step) * min(Double(step + 1) / Double(steps), 1)
        }
    }
}
