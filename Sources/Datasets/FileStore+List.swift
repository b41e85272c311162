extension FileStore {
    /// The images that a text file lists, one path per line in the list's order, relative to the list's own folder. Empty
    /// lines and lines that start with `#` are passed over; an integer after a tab is the image's class.
    init(list path: String, text: String, labelled: Bool) throws(DatasetError) {
        var names: [String] = []
        var labels: [Int] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let fields = line.split(separator: "\t", maxSplits: 1)
            guard let first = fields.first, !line.hasPrefix("#") else { continue }
            let name = String(first)
            names.append(name)
            guard labelled else { continue }
            guard fields.count > 1, let label = Int(fields[1]) else {
                throw DatasetError(path: path, .noLabels("expected `path<tab>class` with an integer in line \(number + 1)"))
            }
            labels.append(label)
        }
        guard !names.isEmpty else { throw DatasetError(path: path, .noImages(kind: "list", otherEntries: 0)) }
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
        self.init(folder: folder, names: names, labels: labelled ? try ClassLabels(numbers: labels, in: path) : nil)
    }
}
