import Statistics
import Testing

@Suite struct HolmProcedureTests {
    /// R: `p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")`, and with ties, and alone.
    @Test func equalsTheTextbook() {
        let adjusted = HolmProcedure.adjusted([0.01, 0.04, 0.03, 0.005])
        #expect(zip(adjusted, [0.03, 0.06, 0.06, 0.02]).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(HolmProcedure.adjusted([0.5, 0.5]) == [1, 1])
        #expect(HolmProcedure.adjusted([0.2]) == [0.2] && HolmProcedure.adjusted([]).isEmpty)
    }
}
