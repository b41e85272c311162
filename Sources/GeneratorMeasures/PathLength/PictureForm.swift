import Datasets
import Evaluation
import NeuralNetworks
import Tensors

/// How a generator's samples become pictures that a perceptual distance compares.
struct PictureForm {
    private let convention: PerceptualPathLength.Convention
    private let crops: Bool
    private let side: Int?

    init(_ convention: PerceptualPathLength.Convention, crops: Bool, side: Int?) { (self.convention, self.crops, self.side) = (convention, crops, side) }

    /// The pictures, in units of 0…255.
    /// - Shape: samples `[N, H, W, 1 or 3]` in −1…1.
    /// - Throws: `badOption` for a side that pictures cannot be brought to, and for pictures smaller than the distance allows.
    func pictures(_ samples: Tensor, atLeast smallest: Int, for title: String) throws(EvaluationError) -> [Picture] {
        var images = convention == .torchFidelity
            ? Tensor(PixelScale.bytes(samples.floats).map(Float.init), shape: samples.shape, on: samples.backend)
            : (samples + 1) * 127.5
        let whole = samples.shape[1]
        if crops {
            let (row, column) = (samples.shape[1] / 8, samples.shape[2] / 8)
            images = images.sliced(axis: 1, 3 * row..<7 * row).sliced(axis: 2, 2 * column..<6 * column)
        }
        if let side = side ?? (convention == .stylegan ? nil : 64) {
            images = try resized(images, to: side)
        } else if whole >= 512 {
            images = images.downsampled(whole / 256)
        }
        let (height, width) = (images.shape[1], images.shape[2])
        guard min(height, width) >= smallest else {
            throw .badOption(name: "the size of the samples", value: "\(width) x \(height)", expected: "at least \(smallest) x \(smallest) for \(title); --size \(max(64, smallest)) enlarges them")
        }
        let floats = images.floats, size = height * width * images.shape[3], isGrey = images.shape[3] == 1
        return (0..<images.shape[0]).map { index in
            let pixels = floats[index * size..<(index + 1) * size]
            return Picture(height: height, width: width, pixels: isGrey ? pixels.flatMap { [$0, $0, $0] } : Array(pixels))
        }
    }

    /// Averages of blocks where both sides shrink, bilinear otherwise: `F.interpolate` with `area` and `bilinear`, as torch-fidelity and torchmetrics call it.
    private func resized(_ images: Tensor, to side: Int) throws(EvaluationError) -> Tensor {
        let (height, width) = (images.shape[1], images.shape[2])
        guard (1...4096).contains(side) else { throw .badOption(name: "--size", value: "\(side)", expected: "a number of pixels from 1 to 4096") }
        guard height != side || width != side else { return images }
        guard height > side, width > side else { return images.resized(to: Extent(side, side), .bilinear) }
        guard height % side == 0, width == height else {
            throw .badOption(name: "--size", value: "\(side)", expected: "a divisor of \(height), the side of the samples, or a larger number")
        }
        return images.downsampled(height / side)
    }
}
