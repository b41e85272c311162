#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Numbers as people read them.
enum Numeral {
    /// Four significant digits at most.
    static func short(_ value: Double) -> String { significant(value, 4) }

    /// At most `digits` significant digits, without trailing zeros; powers of ten only for what is very large or very small.
    static func significant(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "—" : value < 0 ? "−∞" : "∞" }
        guard value != 0 else { return "0" }
        let exponent = exponent(value, digits)
        guard -4..<7 ~= exponent else {
            let text = fixed(value / power(exponent), digits - 1)
            return trimmed(text) + "e" + (exponent < 0 ? "−\(-exponent)" : "\(exponent)")
        }
        return trimmed(fixed(value, max(0, digits - 1 - exponent)))
    }

    /// With exactly so many decimals and a true minus sign.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return significant(value, 1) }
        let text = format("%.\(decimals)f", abs(value))
        return (value < 0 && text.contains { $0 != "0" && $0 != "." } ? "−" : "") + text
    }

    /// Decimals at which an error shows two significant digits; `fallback` where there is none. Numbers of one column are written alike.
    static func decimals(errors: [Double], values: [Double]) -> Int {
        let smallest = errors.filter { $0.isFinite && $0 > 0 }.min()
        let scale = smallest ?? (values.map(abs).filter { $0.isFinite && $0 > 0 }.min() ?? 1) / 100
        return min(max(1 - exponent(scale, 2), 0), 8)
    }

    /// 17 significant digits, which read back to the same bits.
    static func exact(_ value: Double) -> String { format("%.17g", value) }

    /// A share as `95 %`, which is never broken across lines.
    static func percent(_ share: Double) -> String { significant(share * 100, 3) + "\u{A0}%" }

    /// A p-value: three decimals, or that it is less.
    static func probability(_ p: Double) -> String { p < 0.001 ? "p < 0.001" : "p = " + fixed(p, 3) }

    /// The power of ten of a number when it is rounded to so many digits.
    private static func exponent(_ value: Double, _ digits: Int) -> Int {
        let text = format("%.\(max(0, digits - 1))e", value)
        return Int(text.split(separator: "e").last.map(String.init) ?? "0") ?? 0
    }

    private static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    private static func format(_ pattern: String, _ value: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, pattern, $0) }
        return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
