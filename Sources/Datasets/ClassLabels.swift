#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The classes of a collection's images.
struct ClassLabels: Sendable {
    /// One per image, a position in `classNames`.
    let labels: [Int]
    let classNames: [String]

    /// StyleGAN's label file at the root of a folder or archive: `{"labels": [["00000/img.png", 6], …]}`.
    static let fileName = "dataset.json"

    /// Numbered classes of an array's images.
    /// - Parameters:
    ///   - names: the classes' names, if they have any.
    ///   - array: the labels' name in the file.
    init(_ numbers: [Int], names: [String]? = nil, of array: String, for count: Int, in path: String) throws(DatasetError) {
        guard numbers.count == count else { throw DatasetError(path: path, .malformed("expected \(count) labels in \(array), found \(numbers.count)")) }
        if let names { try self.init(numbers: numbers, names: names, in: path) } else { try self.init(numbers: numbers, in: path) }
    }

    /// Numbered classes 0, 1, 2, ….
    init(numbers: [Int], in path: String) throws(DatasetError) {
        let top = numbers.max() ?? -1
        if let odd = numbers.first(where: { $0 < 0 || $0 >= 1 << 20 }) {
            throw DatasetError(path: path, .noLabels("expected classes 0, 1, 2, …, found \(odd)"))
        }
        labels = numbers
        classNames = (0..<top + 1).map(String.init)
    }

    /// Numbered classes that have names.
    init(numbers: [Int], names: [String], in path: String) throws(DatasetError) {
        if let odd = numbers.first(where: { !names.indices.contains($0) }) {
            throw DatasetError(path: path, .noLabels("expected classes 0…\(names.count - 1), found \(odd)"))
        }
        (labels, classNames) = (numbers, names)
    }

    /// An image's class is the first folder on its path; classes are sorted by their bytes.
    init(folders names: [String], in path: String) throws(DatasetError) {
        let folders = names.map { name in name.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(name[..<$0]) } }
        if let loose = folders.firstIndex(of: nil) {
            throw DatasetError(path: path, .noLabels("expected one sub-folder per class, but \(names[loose]) is in none"))
        }
        let classNames = Set(folders.compactMap { $0 }).sorted(by: precedes)
        let positions = Dictionary(uniqueKeysWithValues: zip(classNames, classNames.indices))
        self.classNames = classNames
        labels = folders.compactMap { $0.flatMap { positions[$0] } }
    }

    /// The content of a `dataset.json`.
    init(json: [UInt8], of names: [String], in path: String) throws(DatasetError) {
        let file: LabelFile
        do {
            file = try JSONDecoder().decode(LabelFile.self, from: Data(json))
        } catch {
            throw DatasetError(path: path, .noLabels("\(Self.fileName) is not of the form {\"labels\": [[\"name.png\", 0], …]}"))
        }
        guard let entries = file.labels else { throw DatasetError(path: path, .noLabels("\(Self.fileName) has none")) }
        let classes = Dictionary(entries.map { ($0.name, $0.label) }) { _, last in last }
        var numbers: [Int] = []
        for name in names {
            guard let number = classes[name] else { throw DatasetError(path: path, .noLabels("\(Self.fileName) has none for \(name)")) }
            numbers.append(number)
        }
        try self.init(numbers: numbers, in: path)
    }
}

private struct LabelFile: Decodable {
    struct Entry: Decodable {
        let name: String
        let label: Int

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            name = try pair.decode(String.self)
            label = try pair.decode(Int.self)
        }
    }

    let labels: [Entry]?
}
