import HDF5

/// The images of an HDF5 file: a dataset `images` of uint8, `[N, H, W, C]` or `[N, C, H, W]` as its attribute `layout` says
/// (`"NHWC"` or `"NCHW"`; without it, the one that fits), the classes in a dataset `labels`, and their names, if they have any, in `class_names`.
struct HDF5Store: ArrayStore {
    let path: String
    private let images: HDF5Dataset
    let layout: ArrayLayout
    let labels: ClassLabels?

    init(_ path: String, labelled: Bool) throws(DatasetError) {
        let root = try DatasetError.about { () throws(HDF5Error) in try HDF5File(reading: path).root }
        let (images, layout, numbers, names) = try DatasetError.about { () throws(HDF5Error) in
            let images = try root.dataset("images")
            return (images, try Self.layout(of: images, in: path), try labelled && root.contains("labels") ? root.dataset("labels").read(Int.self) : nil,
                    try labelled && root.contains("class_names") ? root.dataset("class_names").readStrings() : nil)
        }
        (self.path, self.images, self.layout) = (path, images, layout)
        guard let numbers else {
            if labelled { throw DatasetError(path: path, .noLabels("there is no dataset labels")) }
            labels = nil
            return
        }
        labels = try ClassLabels(numbers, names: names, of: "/labels", for: layout.count, in: path)
    }

    private static func layout(of images: HDF5Dataset, in path: String) throws(HDF5Error) -> ArrayLayout {
        let shape = try images.shape
        guard images.elementType != .uint8 || !shape.contains(0) else { throw HDF5Error(.mismatched, file: path, object: images.path, expected: "at least one image", found: "shape \(shape)") }
        let stated = try images.attributes.value("layout")
        let axes = ArrayLayout.Axes.allCases.filter { stated == nil || stated?.string == $0.rawValue }
        let fitting = axes.compactMap { ArrayLayout(shape: shape, axes: $0) }
        // Without channels both orders are the same.
        guard images.elementType == .uint8, let layout = fitting.first, fitting.count == 1 || shape.count == 3 else {
            throw HDF5Error(
                .mismatched, file: path, object: images.path,
                expected: "uint8 images of 1 or 3 channels, and an attribute layout (NHWC or NCHW) where their shape leaves it open",
                found: "\(images.elementType) \(shape)" + (stated.map { ", layout \($0.string ?? "that is no text")" } ?? ", no layout"))
        }
        return layout
    }

    func row(_ index: Int) throws(HDF5Error) -> [UInt8] { try images.read(UInt8.self, rows: index..<index + 1) }
}
