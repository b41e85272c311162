import Images

/// Numbers over a picture's places as colours, from black over purple, red and orange to pale yellow.
public struct HeatMap {
    /// Columns.
    public let width: Int
    /// The numbers, row by row.
    public let values: [Float]
    /// The number that gets the brightest colour; 0 gets black.
    public let largest: Float

    /// A map whose brightest colour is its largest number.
    public init(_ values: [Float], width: Int) {
        precondition(width > 0 && !values.isEmpty && values.count.isMultiple(of: width), "\(values.count) values in rows of \(width)")
        (self.values, self.width, largest) = (values, width, values.max() ?? 0)
    }

    /// Red, green and blue at equal steps; their luma rises steadily, so that the map can be read in grey as well.
    private static let anchors: [SIMD3<Float>] = [[0, 0, 4], [40, 11, 84], [101, 21, 110], [159, 42, 99], [212, 72, 66], [245, 125, 21], [250, 193, 39], [252, 255, 164]]

    /// The map as a picture.
    public var image: Image {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(values.count * 3)
        for value in values {
            let place = largest > 0 ? min(max(value / largest, 0), 1) * Float(Self.anchors.count - 1) : 0
            let index = min(Int(place), Self.anchors.count - 2)
            let part = place - Float(index)
            let colour = Self.anchors[index] * (1 - part) + Self.anchors[index + 1] * part
            pixels += [UInt8(colour.x.rounded()), UInt8(colour.y.rounded()), UInt8(colour.z.rounded())]
        }
        return Image(width: width, height: values.count / width, channels: 3, pixels: pixels)
    }
}
