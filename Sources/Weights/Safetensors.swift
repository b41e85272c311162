import Archives

/// The safetensors format: the length of a JSON header (8 bytes), the header, then the bytes of all tensors without gaps.
struct Safetensors: WeightsContents {
    let format = WeightsFile.Format.safetensors
    let arrays: [WeightsArray]
    /// The texts under `__metadata__`.
    let metadata: [String: String]

    /// The format's own limit of a header.
    private static let headerLimit = 100_000_000

    static let types: [(code: String, type: WeightsElementType)] = [
        ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16), ("I64", .int64), ("I32", .int32), ("I16", .int16), ("I8", .int8),
        ("U64", .uint64), ("U32", .uint32), ("U16", .uint16), ("U8", .uint8), ("BOOL", .boolean),
    ]

    /// Whether a file begins with a length and an opening brace.
    static func begins(_ start: [UInt8], count: Int) -> Bool { count >= 10 && start[8] == UInt8(ascii: "{") }

    init(_ source: some ByteSource) throws(WeightsError) {
        func error(_ reason: WeightsError.Reason, _ entry: String = "", expected: String, found: String) -> WeightsError {
            WeightsError(reason, file: source.file, entry: entry, expected: expected, found: found)
        }
        var cursor = ByteCursor(source)
        let length = try cursor.unsigned(8)
        guard length <= UInt64(min(Self.headerLimit, cursor.remaining)) else {
            throw error(.oversized, expected: "a header of at most \(min(Self.headerLimit, cursor.remaining)) bytes", found: "one of \(length)")
        }
        let header = try cursor.bytes(Int(length))
        let (origin, available) = (cursor.position, cursor.remaining)
        var parser = SafetensorsHeader(header)
        guard let contents = parser.parse() else {
            throw error(.unreadable, expected: "a JSON header of dtype, shape and data_offsets", found: "something else at byte \(8 + parser.position)")
        }
        metadata = contents.metadata
        var end = 0
        var arrays: [WeightsArray] = []
        for tensor in contents.tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard let type = Self.types.first(where: { $0.code == tensor.type })?.type else {
                throw error(.unsupported, tensor.name, expected: "elements of type \(Self.types.map(\.code).joined(separator: " "))", found: tensor.type)
            }
            guard tensor.begin == end, tensor.end >= tensor.begin, tensor.end <= available else {
                throw error(
                    .oversized, tensor.name, expected: "bytes from \(end) on, among \(available)", found: "bytes \(tensor.begin) to \(tensor.end)")
            }
            end = tensor.end
            let count = (tensor.end - tensor.begin) / type.size
            let bytes = try StridedBytes(
                tensor.name, source: source, elementType: type, origin: origin + tensor.begin, available: count, shape: tensor.shape)
            guard tensor.shape.reduce(1, *) * type.size == tensor.end - tensor.begin else {
                throw error(
                    .mismatched, tensor.name, expected: "\(tensor.end - tensor.begin) bytes of \(type)", found: "shape \(tensor.shape)")
            }
            arrays.append(WeightsArray(name: tensor.name, shape: tensor.shape, elementType: type, storage: .strided(bytes)))
        }
        guard end == available else { throw error(.mismatched, expected: "\(end) bytes of tensors", found: "\(available)") }
        self.arrays = arrays
    }
}
