#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A range of numbers along a side of a chart, and the round numbers that are written there.
public struct Axis: Hashable, Sendable {
    /// How numbers lie along the side.
    public enum Scale: Sendable { case linear, logarithmic }

    /// What is shown, ends included.
    public let range: ClosedRange<Double>
    /// Where lines are drawn and numbers written, ascending.
    public let ticks: [Double]
    /// How numbers lie.
    public let scale: Scale

    /// The smallest axis between round numbers that holds all finite `values`; about `count` ticks of 1, 2 or 5 times a power of ten.
    ///
    /// A logarithmic axis has powers of ten, with 2 and 5 times them where few fit, and holds positive values only.
    public init(_ values: some Sequence<Double>, count: Int = 5, scale: Scale = .linear, isTight: Bool = false) {
        self.scale = scale
        let finite = values.filter { $0.isFinite && (scale == .linear || $0 >= Self.least) }
        var (low, high) = (finite.min() ?? (scale == .linear ? 0 : 1), finite.max() ?? (scale == .linear ? 1 : 10))
        switch scale {
        case .linear:
            let size = max(abs(low), abs(high))
            if size < Self.least { (low, high) = (0, 1) } else if high - low <= 1e-12 * size { (low, high) = (low - size / 2, high + size / 2) }
            let step = Self.roundStep((high - low) / Double(max(count, 1)))
            let first = (low / step).rounded(.down), last = (high / step).rounded(.up)
            let all = stride(from: first, through: last, by: 1).map { $0 * step }
            let shown = isTight ? low...high : first * step...last * step
            (range, ticks) = (shown, all.filter { shown.contains($0) })
        case .logarithmic:
            let first = Int(log10(low).rounded(.down)), last = max(Int(log10(high).rounded(.up)), first + 1)
            let factors: [Double] = last - first <= 2 ? [1, 2, 5] : [1]
            let every = max(1, (last - first + count - 1) / max(count, 1))
            let all = stride(from: first, through: last, by: every).flatMap { power in factors.map { $0 * Self.power(power) } }
            let shown = isTight ? low...max(high, low * 1.01) : Self.power(first)...Self.power(last)
            (range, ticks) = (shown, all.filter { shown.contains($0) })
        }
    }

    /// Share of the side at which a number lies: 0 at the lower end, 1 at the upper.
    public func position(_ value: Double) -> Double {
        switch scale {
        case .linear: (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        case .logarithmic: log10(value / range.lowerBound) / log10(range.upperBound / range.lowerBound)
        }
    }

    /// The ticks' numbers with as many decimals as tell them apart; thousands as 10k, millions as 2M.
    public var labels: [String] {
        guard scale == .linear, ticks.count > 1 else { return ticks.map(Self.label) }
        let step = ticks[1] - ticks[0], largest = ticks.map { abs($0) }.max() ?? 0
        guard largest >= 1e-3, largest < 1e12 else {
            return ticks.map { $0 == 0 ? "0" : Self.scientific($0, decimals: max(0, Self.exponent($0) - Self.exponent(step))) }
        }
        let (unit, letter) = largest >= 1e6 && step >= 1e5 ? (1e6, "M") : largest >= 1e4 && step >= 100 ? (1e3, "k") : (1, "")
        let decimals = max(0, Int((-log10(step / unit) - 1e-9).rounded(.up)))
        return ticks.map { abs($0) < step / 2 && unit > 1 ? "0" : Self.plain($0 / unit, decimals) + letter }
    }

    /// What is smaller is shown as 0: powers of ten end soon below.
    private static let least = 1e-290

    private static func roundStep(_ step: Double) -> Double {
        let power = power(Int(log10(step).rounded(.down)))
        return [1, 2, 5].map { $0 * power }.first { $0 >= step * 0.999 } ?? 10 * power
    }

    /// Tens are multiplied, or divided by, exactly while they can be: 0.1 must not become 0.10000000000000001.
    private static func power(_ exponent: Int) -> Double { exponent >= 0 ? pow(10, Double(exponent)) : 1 / pow(10, Double(-exponent)) }

    /// A power of ten, or 2 or 5 times one.
    private static func label(_ value: Double) -> String {
        let exponent = exponent(value)
        return -4..<7 ~= exponent ? plain(value, max(0, -exponent)) : scientific(value, decimals: 0)
    }

    private static func plain(_ value: Double, _ decimals: Int) -> String {
        let scaled = Int((abs(value) * pow(10, Double(decimals))).rounded()), digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return (value < 0 && scaled != 0 ? "−" : "") + padded.dropLast(decimals) + (decimals == 0 ? "" : "." + padded.suffix(decimals))
    }

    private static func scientific(_ value: Double, decimals: Int) -> String {
        let exponent = exponent(value)
        return plain(value / power(exponent), decimals) + "e" + (exponent < 0 ? "−\(-exponent)" : "\(exponent)")
    }

    private static func exponent(_ value: Double) -> Int { Int((log10(abs(value)) + 1e-9).rounded(.down)) }
}
