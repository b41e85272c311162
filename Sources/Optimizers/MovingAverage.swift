#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import NeuralNetworks
import Tensors

/// A second copy of a network that follows the trained one slowly: samples from it are better than from the network itself.
///
/// `average = decay · average + (1 − decay) · weight` for every parameter; buffers are copied. Source: Karras et al., arXiv:1710.10196; Yazıcı et al., arXiv:1806.04498.
public final class MovingAverage<Network: Module> {
    /// The copy.
    public let network: Network
    /// How slowly it follows.
    public let memory: Memory
    private let pairs: [(source: ModuleEntry, target: ModuleEntry)]

    /// How much of the old average a step keeps.
    public enum Memory: Codable, Sendable, Hashable {
        /// The same share in every step.
        case decay(Double)
        /// Half of it after `images` images, at most after `rampUp` times the images seen so far; StyleGAN2's are 10 000 or 20 000 and 0.05.
        case halfLife(images: Double, rampUp: Double?)

        /// The share that a step of `batch` images keeps when `seen` images came before it.
        public func decay(batch: Int, seen: Int) -> Double {
            switch self {
            case let .decay(decay): decay
            case let .halfLife(images, rampUp):
                pow(0.5, Double(batch) / max(rampUp.map { min(images, Double(seen) * $0) } ?? images, 1e-8))
            }
        }
    }

    /// Makes `network`, which must be built like `source`, a copy that follows it.
    public init(of source: Network, in network: Network, _ memory: Memory) {
        let (from, to) = (source.entries, network.entries)
        precondition(from.map(\.name) == to.map(\.name), "a moving average of \(Network.self) in a network built otherwise")
        (self.network, self.memory) = (network, memory)
        pairs = zip(from, to).map { ($0.entry, $1.entry) }
        for (source, target) in pairs { target.tensor = source.tensor.detached }
    }

    /// Takes a step towards the source.
    /// - Parameters:
    ///   - batch: Images in this step of training.
    ///   - seen: Images before it.
    public func update(batch: Int, seen: Int) {
        let decay = memory.decay(batch: batch, seen: seen)
        for (source, target) in pairs {
            if case .parameter = source {
                target.tensor = target.tensor.updated(by: .average(decay: decay), gradient: source.tensor).parameter
            } else {
                target.tensor = source.tensor.detached
            }
        }
    }
}
