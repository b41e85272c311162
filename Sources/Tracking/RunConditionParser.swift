/// Reads a condition from left to right: `or` of `and` of `not`, brackets, comparisons.
struct RunConditionParser {
    private enum Token: Hashable {
        case word(String, isQuoted: Bool), relation(RunCondition.Relation), open, close
    }

    private let text: String
    private var tokens: [(token: Token, position: Int)] = []
    private var next = 0, depth = 0

    init(_ text: String) { self.text = text }

    /// The condition that the whole text is.
    mutating func whole() throws(TrackingError) -> RunCondition.Term {
        tokens = try Self.tokens(of: text)
        let term = try either()
        guard next == tokens.count else { throw expected("'and', 'or' or the end") }
        return term
    }

    private func expected(_ what: String) -> TrackingError { .badCondition(text, position: next < tokens.count ? tokens[next].position : text.count, expected: what) }

    /// Whether the next word is this one; it is taken then.
    private mutating func takes(_ word: String) -> Bool {
        guard next < tokens.count, tokens[next].token == .word(word, isQuoted: false) else { return false }
        next += 1
        return true
    }

    private mutating func either() throws(TrackingError) -> RunCondition.Term {
        var term = try both()
        while takes("or") { term = .or(term, try both()) }
        return term
    }

    private mutating func both() throws(TrackingError) -> RunCondition.Term {
        var term = try single()
        while takes("and") { term = .and(term, try single()) }
        return term
    }

    private mutating func single() throws(TrackingError) -> RunCondition.Term {
        // Deep nesting would exhaust the stack, and nobody means it.
        guard depth < 200 else { throw expected("fewer than 200 brackets and negations in each other") }
        depth += 1
        defer { depth -= 1 }
        if takes("not") { return .not(try single()) }
        guard next < tokens.count else { throw expected("a comparison such as fid<20") }
        if tokens[next].token == .open {
            next += 1
            let term = try either()
            guard next < tokens.count, tokens[next].token == .close else { throw expected("')'") }
            next += 1
            return term
        }
        return try comparison()
    }

    private mutating func comparison() throws(TrackingError) -> RunCondition.Term {
        var field = try word("the name of a field, such as game, tag or fid"), extreme: RunCondition.Extreme?
        if let named = RunCondition.Extreme(rawValue: field), next < tokens.count, case .word = tokens[next].token {
            (extreme, field) = (named, try word("the name of a number"))
        }
        guard next < tokens.count, case let .relation(relation) = tokens[next].token else { throw expected("one of " + RunCondition.Relation.allCases.map(\.rawValue).joined(separator: " ")) }
        next += 1
        let place = next, value = try word("a value")
        if [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(relation), Double(value) == nil {
            next = place
            throw expected("a number behind \(relation.rawValue)")
        }
        return .comparison(extreme: extreme, field: field, relation: relation, value: value)
    }

    private mutating func word(_ what: String) throws(TrackingError) -> String {
        guard next < tokens.count, case let .word(word, isQuoted) = tokens[next].token, isQuoted || !["and", "or", "not"].contains(word) else { throw expected(what) }
        next += 1
        return word
    }

    private static func tokens(of text: String) throws(TrackingError) -> [(token: Token, position: Int)] {
        let characters = Array(text)
        var tokens: [(token: Token, position: Int)] = [], place = 0
        while place < characters.count {
            let start = place, character = characters[place]
            place += 1
            switch character {
            case _ where character.isWhitespace: continue
            case "(": tokens.append((.open, start))
            case ")": tokens.append((.close, start))
            case "\"", "'":
                guard let end = characters[place...].firstIndex(of: character) else { throw .badCondition(text, position: start, expected: "a closing \(character) for this one") }
                tokens.append((.word(String(characters[place..<end]), isQuoted: true), start))
                place = end + 1
            case "<", ">", "=", "!", "~":
                let two = place < characters.count && characters[place] == "=" ? String([character, "="]) : nil
                // Programmers write ==.
                guard let relation = two.flatMap({ $0 == "==" ? .equal : RunCondition.Relation(rawValue: $0) }) ?? RunCondition.Relation(rawValue: String(character)) else {
                    throw .badCondition(text, position: start, expected: "one of " + RunCondition.Relation.allCases.map(\.rawValue).joined(separator: " "))
                }
                if two == "==" || two.map({ $0 == relation.rawValue }) == true { place += 1 }
                tokens.append((.relation(relation), start))
            default:
                while place < characters.count, !characters[place].isWhitespace, !"()<>=!~\"'".contains(characters[place]) { place += 1 }
                tokens.append((.word(String(characters[start..<place]), isQuoted: false), start))
            }
        }
        return tokens
    }
}
