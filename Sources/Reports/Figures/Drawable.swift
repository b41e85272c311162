extension Double {
    /// The number, where an axis can hold it: differences of larger ones are infinite. Others are drawn as what is no number.
    var drawable: Double { abs(self) <= 1e300 ? self : .nan }
}

extension ClosedRange<Double> {
    /// The interval, where an axis can hold both ends.
    var drawable: ClosedRange? { abs(lowerBound) <= 1e300 && abs(upperBound) <= 1e300 ? self : nil }
}
