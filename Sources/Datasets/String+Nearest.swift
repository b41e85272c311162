extension String {
    /// The name that was probably meant: one that takes the fewest changes to be this one, its parts before the last dot left out where that is nearer.
    public func nearest(in names: [String]) -> String {
        func changes(_ name: String) -> (Int, Int) {
            let last = name.split(separator: ".").last.map(String.init) ?? name
            return (Swift.min(distance(to: name), distance(to: last)), distance(to: name))
        }
        return names.min { changes($0) < changes($1) } ?? ""
    }

    /// How many bytes must be changed, added or removed to make the other (Levenshtein).
    func distance(to other: String) -> Int {
        let (a, b) = (Array(utf8), Array(other.utf8))
        var row = Array(0...b.count)
        for i in a.indices {
            var previous = row[0]
            row[0] = i + 1
            for j in b.indices { (previous, row[j + 1]) = (row[j + 1], Swift.min(row[j + 1] + 1, row[j] + 1, previous + (a[i] == b[j] ? 0 : 1))) }
        }
        return row[b.count]
    }
}
