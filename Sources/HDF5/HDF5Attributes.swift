import CHDF5

/// The attributes of a group or dataset.
public struct HDF5Attributes: Sendable {
    let backing: Backing<StoredAttributes>
    let place: Place

    /// The names, in the byte order of their UTF-8.
    public func names() throws(HDF5Error) -> [String] {
        try all(backing.stored(place)).keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The value under a name, `nil` where there is none.
    /// - Throws: `HDF5Error` where its type is neither text nor number, or its content cannot be decoded.
    public func value(_ name: String) throws(HDF5Error) -> HDF5Value? {
        let stored = try backing.stored(place)
        guard let attribute = try all(stored)[name] else { return nil }
        return try read(attribute, stored.file, place.attribute(name))
    }

    private func all(_ stored: StoredAttributes) throws(HDF5Error) -> [String: StoredAttribute] {
        try place.locating { () throws(Damage) in try stored.all() }
    }

    /// The value under a name.
    /// - Throws: `HDF5Error` with reason `missing` where there is none.
    public func require(_ name: String) throws(HDF5Error) -> HDF5Value {
        if let value = try value(name) { return value }
        let names = try self.names()
        throw place.attribute(name).error(
            .missing, expected: "an attribute of this name", found: names.isEmpty ? "no attributes" : "only " + names.joined(separator: ", "))
    }

    /// Writes a value, in place of an earlier one of the same name.
    public func set(_ name: String, _ value: HDF5Value) throws(HDF5Error) {
        switch value {
        case .string(let text): try set(name, strings: [text], extent: nil)
        case .strings(let texts): try set(name, strings: texts, extent: texts.count)
        case .integer(let number): try set(name, numbers: [Int64(number)], extent: nil)
        case .integers(let numbers): try set(name, numbers: numbers.map { Int64($0) }, extent: numbers.count)
        case .number(let number): try set(name, numbers: [number], extent: nil)
        case .numbers(let numbers): try set(name, numbers: numbers, extent: numbers.count)
        case .boolean(let truth): try set(name, truth: truth)
        }
    }

    private func read(_ attribute: StoredAttribute, _ file: StoredFile, _ place: Place) throws(HDF5Error) -> HDF5Value {
        let isScalar = attribute.space.isScalar
        switch attribute.type.element {
        case .string:
            let texts = try place.locating { () throws(Damage) in
                try StoredText(type: attribute.type, file: file, limit: Self.byteLimit).read(attribute.data)
            }
            return isScalar ? .string(texts[0]) : .strings(texts)
        case .float16, .float32, .float64:
            let values: [Double] = try numbers(attribute, place)
            return isScalar ? .number(values[0]) : .numbers(values)
        case .boolean:
            let values: [Int8] = try numbers(attribute, place)
            return isScalar ? .boolean(values[0] != 0) : .integers(values.map { Int($0) })
        case .uint64:
            let values: [UInt64] = try numbers(attribute, place)
            guard let exact = Self.exactly(values) else {
                throw place.error(.mismatched, expected: "whole numbers below 2^63", found: "\(values)")
            }
            return isScalar ? .integer(exact[0]) : .integers(exact)
        case .other:
            throw place.error(.mismatched, expected: "text or numbers", found: "type \(attribute.type.element)")
        default:
            let values: [Int] = try numbers(attribute, place)
            return isScalar ? .integer(values[0]) : .integers(values)
        }
    }

    private func numbers<Element: HDF5Element>(_ attribute: StoredAttribute, _ place: Place) throws(HDF5Error) -> [Element] {
        var data = attribute.data, fits = true
        let values = [Element](unsafeUninitializedCapacity: attribute.space.count) { buffer, initialized in
            guard let start = buffer.baseAddress else { return }
            fits = data.withUnsafeMutableBytes { ElementConversion.convert($0, attribute.type, to: Element.elementType, at: start) }
            initialized = fits ? attribute.space.count : 0
        }
        guard fits else { throw place.error(.unreadable, expected: "numbers that \(Element.self) can hold", found: "one that it cannot") }
        return values
    }

    private static func exactly(_ values: [UInt64]) -> [Int]? {
        let exact = values.compactMap { Int(exactly: $0) }
        return exact.count == values.count ? exact : nil
    }

    private func set(_ name: String, strings: [String], extent: Int?) throws(HDF5Error) {
        try write(name, extent: extent, type: WrittenText.variableLengthType) { id, type in
            strings.isEmpty ? 0 : WrittenText.withPointers(to: strings) { H5Awrite(id, type, $0) }
        }
    }

    private func set<Element: HDF5Element>(_ name: String, numbers: [Element], extent: Int?) throws(HDF5Error) {
        try write(name, extent: extent, type: { H5Tcopy(Element.nativeType) }) { id, type in
            numbers.isEmpty ? 0 : H5Awrite(id, type, numbers)
        }
    }

    private func set(_ name: String, truth: Bool) throws(HDF5Error) {
        try write(name, extent: nil) {
            let type = H5Tenum_create(CHDF5_native_int8())
            var (no, yes): (Int8, Int8) = (0, 1)
            H5Tenum_insert(type, "FALSE", &no)
            H5Tenum_insert(type, "TRUE", &yes)
            return type
        } by: { id, type in
            var value: Int8 = truth ? 1 : 0
            return H5Awrite(id, type, &value)
        }
    }

    private func write(
        _ name: String, extent: Int?, type makeType: () -> hid_t, by write: (hid_t, hid_t) -> herr_t
    ) throws(HDF5Error) {
        let place = place.attribute(name), owner = try backing.handle(place)
        try Library.locked { () throws(HDF5Error) in
            let type = makeType()
            defer { H5Tclose(type) }
            let space = extent.map { H5Screate_simple(1, [hsize_t($0)], nil) } ?? H5Screate(H5S_SCALAR)
            defer { H5Sclose(space) }
            if H5Aexists(owner.id, name) > 0 { H5Adelete(owner.id, name) }
            let id = try Library.check(
                H5Acreate2(owner.id, name, type, space, CHDF5_default(), CHDF5_default()), place, .unwritable, expected: "a new attribute")
            defer { H5Aclose(id) }
            _ = try Library.check(write(id, type), place, .unwritable, expected: "room for an attribute")
        }
    }

    /// Attributes are small; text that claims more than this is not honest.
    private static let byteLimit = 64 << 20
}

extension HDF5Group {
    /// The attributes of the group.
    public var attributes: HDF5Attributes { HDF5Attributes(backing: backing.attributes(\.attributes), place: place) }
}

extension HDF5Dataset {
    /// The attributes of the dataset.
    public var attributes: HDF5Attributes { HDF5Attributes(backing: backing.attributes(\.attributes), place: place) }
}
