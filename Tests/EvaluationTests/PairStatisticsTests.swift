import Evaluation
import Statistics
import Testing

@Suite struct PairStatisticsTests {
    @Test func studentQuantilesEqualSciPys() throws {
        for golden in try PerceptualGoldens.read().student {
            let found = StudentDistribution.quantile(golden.p, degreesOfFreedom: golden.freedom)
            #expect(abs(found - golden.quantile) <= 1e-9 * golden.quantile, "\(golden)")
            #expect(StudentDistribution.quantile(1 - golden.p, degreesOfFreedom: golden.freedom) == -StudentDistribution.quantile(1 - (1 - golden.p), degreesOfFreedom: golden.freedom))
        }
        #expect(StudentDistribution.quantile(0.5, degreesOfFreedom: 3) == 0)
    }

    /// Distances of normal points on a line: E |x − y| = 2/√π. 95 % is asked for; 400 repetitions have a standard error of 1.1 points, and where few pairs share images the interval is known to be short.
    @Test(arguments: [("independent", 60, 30, 0.92...0.98), ("some", 60, 200, 0.92...0.98), ("some", 30, 40, 0.87...0.95), ("all", 25, 300, 0.91...0.98)])
    func intervalsCover(_ design: String, _ images: Int, _ pairs: Int, _ accepted: ClosedRange<Double>) {
        var generator = MersenneTwister(seed: 11)
        var covered = 0
        let repetitions = 400
        for _ in 0..<repetitions {
            let points = (0..<images).map { _ in generator.standardNormal() }
            var statistics = PairStatistics(design == "all" ? .all : design == "some" ? .some : .independent, images: images)
            func add(_ a: Int, _ b: Int) { statistics.add(abs(points[a] - points[b]), a, b) }
            switch design {
            case "all": for b in 0..<images { for a in 0..<b { add(a, b) } }
            case "some":
                for number in generator.choice(pairs, of: images * (images - 1) / 2) {
                    let (a, b) = ImagePairing.pair(number: number)
                    add(a, b)
                }
            default: for pair in 0..<pairs { add(2 * pair, 2 * pair + 1) }
            }
            #expect(statistics.count == pairs)
            if let interval = statistics.interval(0.95), interval.contains(2 / Double.pi.squareRoot()) { covered += 1 }
        }
        let share = Double(covered) / Double(repetitions)
        print("coverage of \(design) \(images) images, \(pairs) pairs: \(share)")
        #expect(accepted.contains(share), "\(design), \(images) images, \(pairs) pairs: \(share)")
    }

    @Test func tooFewPairsHaveNoInterval() {
        var one = PairStatistics(.independent, images: 0)
        one.add(3, 0, 0)
        #expect(one.average == 3 && one.interval(0.95) == nil && one.deviation == nil)
        var two = PairStatistics(.all, images: 2)
        two.add(3, 0, 1)
        #expect(two.interval(0.95) == nil)
    }
}
