import NeuralNetworks
import Tensors

/// Old generated samples, so that a critic does not forget what it has learned to recognise.
///
/// Each new sample is kept while there is room. After that it is shown itself with probability ½; otherwise a random old one is shown and replaced by it.
/// Source: Shrivastava et al., *Learning from simulated and unsupervised images through adversarial training*, CVPR 2017, arXiv:1612.07828, section 2.3.
public struct SamplePool {
    /// Number of samples kept at most.
    public let capacity: Int
    /// Old samples, `[1, …]` each.
    public private(set) var samples: [Tensor] = []

    /// An empty pool.
    public init(capacity: Int) { self.capacity = capacity }

    /// What the critic is shown instead of `fresh`, which are kept in part.
    /// - Shape: `[N, …]` to the same.
    public mutating func exchange(_ fresh: Tensor, _ stream: RandomStream) -> Tensor {
        guard capacity > 0 else { return fresh }
        let count = fresh.shape[0], coins = stream["coin"], places = stream["place"].integers(below: capacity, count: count)
        let shown = (0..<count).map { index in
            let sample = fresh.sliced(axis: 0, index..<index + 1)
            if samples.count < capacity {
                samples.append(sample)
            } else if coins.uniform(index) < 0.5 {
                defer { samples[places[index]] = sample }
                return samples[places[index]]
            }
            return sample
        }
        return .concatenated(shown, axis: 0)
    }

    /// The samples for a checkpoint; nil for an empty pool.
    var entry: StateDictionary.Entry? {
        guard let first = samples.first else { return nil }
        return StateDictionary.Entry(shape: Shape([samples.count] + first.shape.dimensions.dropFirst()), values: samples.flatMap(\.floats))
    }

    /// The pool that was saved under a name.
    /// - Throws: ``StateMismatch`` for more samples than there is room for, or other ones than `sample`.
    init(capacity: Int, _ name: String, of state: StateDictionary, _ sample: Shape, on backend: any Backend) throws(StateMismatch) {
        self.init(capacity: capacity)
        guard let entry = state.entries[name] else { return }
        let count = entry.shape.rank > 0 ? entry.shape[0] : 0
        guard entry.shape.dimensions == [count] + sample.dimensions, count <= capacity else {
            var mismatch = StateMismatch()
            mismatch.misshapen = [(name, Shape([capacity] + sample.dimensions), entry.shape)]
            throw mismatch
        }
        samples = (0..<count).map { index in
            Tensor(Array(entry.values[index * sample.count..<(index + 1) * sample.count]), shape: Shape([1] + sample.dimensions), on: backend)
        }
    }
}
