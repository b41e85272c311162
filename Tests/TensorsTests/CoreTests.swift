import Foundation
import Tensors
import Testing

@Suite struct CoreTests {
    @Test func shapesBroadcastAsInNumPy() {
        #expect(Shape.broadcast([2, 3], [3]) == [2, 3])
        #expect(Shape.broadcast([2, 1, 4], [3, 1]) == [2, 3, 4])
        #expect(Shape.broadcast([], [5]) == [5])
        #expect(Shape.broadcast([2], [3]) == nil)
        #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
    }

    /// Known answers of the Random123 distribution for Philox 4×32-10, counter and key all zeros and counter zero with the key of all ones.
    @Test func philoxGivesItsPublishedNumbers() {
        #expect(RandomStream(seed: 0).block(0) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    }

    @Test func streamsAreIndependentOfEachOtherAndRepeatable() {
        let root = RandomStream(seed: 1)
        let a = (0..<1000).map { root["a"].uniform($0) }, b = (0..<1000).map { root["b"].uniform($0) }
        #expect(a == (0..<1000).map { RandomStream(seed: 1)["a"].uniform($0) })
        #expect(zip(a, b).filter { $0 == $1 }.count < 3)
        #expect(abs(a.reduce(0, +) / 1000 - 0.5) < 0.04 && a.allSatisfy { 0 <= $0 && $0 < 1 })
    }

    @Test func memoryIsReusedAndOddSizesFit() {
        let backend = CPUBackend()
        for count in [1, 63, 1025, 100_003] {
            let tensor = Tensor((0..<count).map { Float($0) }, shape: [count], on: backend)
            #expect(tensor.floats.last == Float(count - 1))
        }
        let first = backend.allocate(.float32, count: 5000).address
        #expect(backend.allocate(.float32, count: 5000).address == first)
    }

    @Test func normalNumbersAreNormalAndTheSameBitsEverywhere() {
        let numbers = RandomStream(seed: 5)["latents"].normals(100_001)
        let mean = numbers.reduce(0, +) / 100_001, variance = numbers.reduce(0) { $0 + $1 * $1 } / 100_001
        let fourth = numbers.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 100_001
        #expect(abs(mean) < 4 / 316.2 && abs(variance - 1) < 4 * 2.0.squareRoot() / 316.2 && abs(fourth - 3) < 4 * 96.0.squareRoot() / 316.2)
        // Φ(1) − Φ(−1) = 0.682689…
        #expect(abs(Double(numbers.count { abs($0) < 1 }) / 100_001 - 0.682689492) < 4 * 0.4654 / 316.2)
        let hash = numbers.reduce(UInt64(0)) { ($0 ^ $1.bitPattern) &* 0x100_0000_01B3 }
        #expect(numbers.first == RandomStream(seed: 5)["latents"].normals(1).first && hash == 0x771cae032a44db58, "Fixtures/random/normals.py")
    }

    /// The vectors' hyperbolic tangent against the C library's, rounded to float32: the last bit may differ where the exact value lies between two floats.
    @Test func hyperbolicTangentsAreExactAtEverySizeAndSign() {
        let sizes = stride(from: -45.0, through: 5, by: 0.01).map { Float(exp2($0)) }
        let values = sizes + sizes.map { -$0 } + [0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 9.010913, -20, 1e30]
        let results = Tensor(values, shape: [values.count], on: CPUBackend()).tanh.floats
        for (value, result) in zip(values, results) {
            let exact = tanh(Double(value))
            #expect(value.isNaN ? result.isNaN : abs(Double(result) - exact) <= 0.5000001 * Double(Float(exact).ulp), "tanh \(value) = \(exact), \(result)")
        }
        #expect(values.count % 8 != 0)
    }

    @Test func ordersArePermutationsAndIntegersStayBelowTheirBound() {
        let stream = RandomStream(seed: 9)
        #expect(stream.permutation(1000).sorted() == Array(0..<1000) && stream.permutation(1000) != Array(0..<1000) && stream.permutation(0).isEmpty)
        let integers = stream.integers(below: 7, count: 7000)
        for value in 0..<7 { #expect(abs(integers.count { $0 == value } - 1000) < 120) }
    }
}
