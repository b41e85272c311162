import Tensors

/// A game that can make its own version of given samples: one with an encoder.
public protocol Reconstructing: Game {
    /// Each sample through encoder and generator, in evaluation mode.
    /// - Shape: `[N, …]` to the same; images in −1…1.
    func reconstruct(_ samples: Tensor) -> Tensor
}

/// Which way a translation goes.
public enum TranslationDirection: String, Sendable, CaseIterable {
    /// From domain A to domain B.
    case forward
    /// From domain B to domain A.
    case backward
}

/// A game that carries images from one domain to another and back.
public protocol Translating: Game {
    /// Each image in the other domain, in evaluation mode.
    /// - Shape: `[N, H, W, C]` to the same, in −1…1.
    func translate(_ images: Tensor, _ direction: TranslationDirection) -> Tensor
}

/// A game whose samples can be asked for by class: a label of the data, or a code that the game found by itself.
public protocol ClassSampling: Game {
    /// How many classes there are; the labels of ``SamplingOptions`` lie below.
    var sampleClasses: Int { get }
}
