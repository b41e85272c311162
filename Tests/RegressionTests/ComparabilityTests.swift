import Regression
import Testing

/// Which nights are compared with the baseline.
@Suite struct ComparabilityTests {
    private func measured(_ identity: [String: String]) -> MeasuredCase { MeasuredCase(name: "case", identity: identity, realCount: 10, fakeCount: 10, metrics: []) }

    private func problems(_ baseline: [String: String], _ tonight: [String: String]) -> [Problem.Kind] { Comparability.differences(measured(baseline), measured(tonight)).problems.map(\.kind) }

    @Test func everyKindOfChangeIsTold() {
        let one = ["network": "a", "weights_sha256": "1", "protocol": "p", "real_images_sha256": "r", "fake_images_sha256": "f", "version": "1", "size": "8"]
        #expect(problems(one, one).isEmpty)
        for (name, kind) in [("network", Problem.Kind.changedWeights), ("weights_sha256", .changedWeights), ("protocol", .changedProtocol), ("real_images_sha256", .changedReference), ("size", .changedProtocol)] {
            #expect(problems(one, one.merging([name: "other"]) { $1 }) == [kind], "\(name)")
            #expect(problems(one.filter { $0.key != name || name == "network" }, one).count == (name == "network" ? 0 : 1), "\(name)")
        }
        #expect(problems(one, one.merging(["fake_images_sha256": "g", "version": "2"]) { $1 }).isEmpty)
    }

    /// A metric of features beside one of pictures, or without it, is new or gone; nothing has changed for the others.
    @Test func picturesNeedNoNetwork() {
        let pictures = ["protocol": "p", "real_images_sha256": "r", "seed": "0"], both = pictures.merging(["network": "a", "weights_sha256": "1", "resampler": "box"]) { $1 }
        #expect(problems(pictures, both).isEmpty && problems(both, pictures).isEmpty)
        #expect(problems(pictures, both.merging(["protocol": "q"]) { $1 }) == [.changedProtocol] && problems(both.merging(["real_images_sha256": "s"]) { $1 }, pictures) == [.changedReference])
    }
}
