import Reports
import Testing

@Suite struct AxisTests {
    @Test func ticksAreRoundAndHoldEveryNumber() {
        for index in 0..<2000 {
            // Three sequences that fill their ranges evenly.
            let size = share(index, 0.6180339887) * 12 - 6, low = (share(index, 0.4142135624) * 20 - 10) * tens(size)
            let values = [low, low + (0.001 + 9.999 * share(index, 0.7320508076)) * tens(size)]
            let axis = Axis(values), step = axis.ticks[1] - axis.ticks[0], mantissa = step / tens(tenth(step))
            #expect(axis.range.contains(values[0]) && axis.range.contains(values[1]), "\(values)")
            #expect((2...8).contains(axis.ticks.count) && [1, 2, 5, 10].contains { abs($0 - mantissa) < 1e-6 }, "\(values): \(axis.ticks)")
            #expect(Set(axis.labels).count == axis.labels.count, "\(values): \(axis.labels)")
            #expect(abs(axis.position(axis.range.lowerBound)) < 1e-12 && abs(axis.position(axis.range.upperBound) - 1) < 1e-12)
        }
    }

    @Test(arguments: [
        ([0, 1], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), ([0, 3000], ["0", "1000", "2000", "3000"]), ([2e-5, 8e-5], ["2e−5", "4e−5", "6e−5", "8e−5"]), ([0, 3e6], ["0", "1M", "2M", "3M"]), ([0, 50_000], ["0", "10k", "20k", "30k", "40k", "50k"]),
        ([-0.03, 0.01], ["−0.03", "−0.02", "−0.01", "0.00", "0.01"]), ([7, 7], ["2", "4", "6", "8", "10", "12"]), ([], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ] as [([Double], [String])])
    func labelsReadAsPeopleWriteThem(_ values: [Double], _ labels: [String]) {
        #expect(Axis(values).labels == labels)
    }

    @Test func logarithmicTicksArePowersOfTen() {
        let axis = Axis([0.003, 200, -4, 0, .nan, .infinity], scale: .logarithmic)
        #expect(axis.range == 0.001...1000 && axis.labels == ["0.001", "0.1", "10", "1000"], "\(axis.labels)")
        #expect(abs(axis.position(1) - 0.5) < 1e-12)
        #expect(Axis([2, 30], scale: .logarithmic).labels == ["1", "2", "5", "10", "20", "50", "100"])
    }

    /// Numbers as small, as large or as near to each other as there are.
    @Test(arguments: [[.leastNonzeroMagnitude, .leastNormalMagnitude / 256], [-.leastNonzeroMagnitude], [1, 1 + 1e-15], [-1e300, 1e300], [1e300], [1e-300, 1], [1e-289, 1e-288], [-3e299, -3e299 * (1 - 1e-15)]] as [[Double]])
    func everyNumberHasItsPlace(_ values: [Double]) {
        for scale in [Axis.Scale.linear, .logarithmic] {
            for isTight in [false, true] {
                let axis = Axis(values, scale: scale, isTight: isTight), held = values.filter { scale == .linear || $0 > 1e-290 }
                #expect(axis.ticks.count < 200 && axis.labels.count == axis.ticks.count && axis.range.lowerBound < axis.range.upperBound)
                for value in held { #expect((-1e-9...1 + 1e-9).contains(axis.position(value)), "\(value) is at \(axis.position(value)) of \(axis.range)") }
            }
        }
    }

    private func share(_ index: Int, _ step: Double) -> Double { (Double(index) * step).truncatingRemainder(dividingBy: 1) }
    private func tens(_ exponent: Double) -> Double { (0..<Int(abs(exponent).rounded(.down))).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 } }
    private func tenth(_ value: Double) -> Double {
        var (rest, exponent) = (value, 0.0)
        while rest >= 9.999999 { (rest, exponent) = (rest / 10, exponent + 1) }
        while rest < 0.9999999 { (rest, exponent) = (rest * 10, exponent - 1) }
        return exponent
    }
}
