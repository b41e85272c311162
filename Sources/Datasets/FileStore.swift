import Images

/// Image files on disk: a folder's, or those that a text file lists.
struct FileStore: ImageStore {
    /// The folder that relative names start from.
    let folder: String
    /// Paths, relative to `folder` or absolute.
    let names: [String]
    /// The classes, if they were asked for.
    let labels: ClassLabels?

    var count: Int { names.count }

    func name(_ index: Int) -> String { names[index] }

    func location(_ index: Int) -> String { joined(folder, names[index]) }

    func read(_ index: Int, into bytes: inout [UInt8]) throws(ImageError) {
        try ImageFile.read(location(index), into: &bytes)
    }
}

/// `name` seen from `folder`; an absolute name stands for itself.
func joined(_ folder: String, _ name: String) -> String {
    if name.utf8.first == UInt8(ascii: "/") || folder.isEmpty { return name }
    return folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
}

/// Whether a name ends in .png, .jpg or .jpeg, in any case of letters.
func hasImageExtension(_ name: String) -> Bool {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let ending = name[dot...].dropFirst().lowercased()
    return ending == "png" || ending == "jpg" || ending == "jpeg"
}

/// The order of paths everywhere: by their bytes, whatever the locale.
func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
