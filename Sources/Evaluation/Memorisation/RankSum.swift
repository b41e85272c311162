/// The Mann–Whitney test of whether one group of numbers tends to be larger than another.
enum RankSum {
    /// U: in how many pairs the first group's number is the larger, ties counting half.
    static func statistic(_ first: [Double], _ second: [Double]) -> Double {
        let all = (first.map { ($0, true) } + second.map { ($0, false) }).sorted { $0.0 < $1.0 }
        var sum = 0.0, start = 0
        while start < all.count {
            var end = start + 1
            while end < all.count, all[end].0 == all[start].0 { end += 1 }
            // Equal numbers share the mean of the ranks start + 1 … end.
            sum += Double(all[start..<end].count { $0.1 }) * Double(start + 1 + end) / 2
            start = end
        }
        return sum - Double(first.count) * Double(first.count + 1) / 2
    }

    /// (U − (nm/2 − ½))/√(nm(n + m + 1)/12): about standard normal where both groups are draws of one continuous distribution. The ½ is Meehan et al.'s, whose code it is to equal.
    static func zScore(_ first: [Double], _ second: [Double]) -> Double {
        let n = Double(first.count), m = Double(second.count)
        return (statistic(first, second) - (n * m / 2 - 0.5)) / (n * m * (n + m + 1) / 12).squareRoot()
    }
}
