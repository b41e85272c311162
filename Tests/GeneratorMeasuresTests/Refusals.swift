import Testing

/// A call must fail with an error that says these words.
func refused(_ words: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: () throws -> Any) {
    do {
        let result = try call()
        Issue.record("nothing was thrown: \(result)", sourceLocation: sourceLocation)
    } catch {
        #expect("\(error)".contains(words), sourceLocation: sourceLocation)
    }
}
