import Images

/// A picture as pair measures take it: three channels in float32.
public struct Picture: Sendable, Equatable {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
    /// The values.
    /// - Shape: `[height, width, 3]`, in units of 0…255.
    public let pixels: [Float]

    /// A picture of given values.
    public init(height: Int, width: Int, pixels: [Float]) {
        precondition(height > 0 && width > 0 && pixels.count == height * width * 3, "\(pixels.count) values cannot fill [\(height), \(width), 3]")
        (self.height, self.width, self.pixels) = (height, width, pixels)
    }

    /// A decoded image as it is; grey is repeated into the three channels.
    public init(_ image: Image) {
        self.init(height: image.height, width: image.width, pixels: image.rgb.pixels.map(Float.init))
    }

    /// `600 x 400`: columns by rows, for messages.
    var size: String { "\(width) x \(height)" }

    /// Whether another picture has the same height and width.
    func hasSize(of other: Picture) -> Bool { height == other.height && width == other.width }
}

/// How pictures of any size become squares of one size before they are compared.
public struct PictureResizing: Sendable, Equatable {
    /// Rows and columns.
    public let side: Int
    /// How pixels are weighted; results are clipped to 0…255 and not rounded.
    public let resampler: Resampler

    /// Squares of `side` pixels.
    /// - Throws: `badOption` for a side outside 1…8192.
    public init(side: Int, resampler: Resampler = .pillowBicubic) throws(EvaluationError) {
        guard (1...8192).contains(side) else { throw .badOption(name: "--size", value: "\(side)", expected: "a number of pixels from 1 to 8192") }
        (self.side, self.resampler) = (side, resampler)
    }

    /// What it is called in identities.
    var description: String { "\(resampler.rawValue) to \(side) x \(side), clipped" }
}
