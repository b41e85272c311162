import Archives

/// A value that a pickle describes. Containers are numbers into the machine's table: nothing is nested, so nothing recurses.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    /// A class or function by its full name; never more than a name.
    case global(String)
    case node(Int)
    case storage(Int)
    case tensor(Int)
}

/// A container made by a pickle.
struct PickleNode {
    enum Kind: Equatable { case list, tuple, set, dictionary, object(String) }
    let kind: Kind
    /// The members; a dictionary's keys and values in turn; an object's constructor arguments and state.
    var items: [PickleValue] = []
}

/// Reads Python's pickle format (protocols 0 to 5) into inert values.
///
/// The format is a program for a stack machine that may name any Python function and call it. This machine calls nothing: names outside an allow-list are
/// refused by name, and what the allowed ones would make is built as plain data (`PickleMachine+PyTorch`).
struct PickleMachine {
    var cursor: ByteCursor
    /// Whether classes of a TorchScript archive (`__torch__…`) are data here.
    let allowsScriptClasses: Bool

    private(set) var nodes: [PickleNode] = []
    var storages: [TorchStorage] = []
    var tensors: [TorchTensor] = []
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var memberCount = 0

    /// Far beyond any honest file, whose values number some 10⁵ at most.
    private static let valueLimit = 1 << 22

    init(_ cursor: ByteCursor, allowsScriptClasses: Bool = false) {
        self.cursor = cursor
        self.allowsScriptClasses = allowsScriptClasses
    }

    /// Runs one pickle to its end, which leaves the cursor behind it.
    mutating func run() throws(WeightsError) -> PickleValue {
        stack = []
        marks = []
        memo = [:]
        while true {
            let opcode = try cursor.byte()
            if opcode == UInt8(ascii: ".") { return try pop() }
            if try !pushScalar(opcode), try !pushText(opcode), try !build(opcode), try !remember(opcode) { try construct(opcode) }
            guard stack.count + nodes.count + memo.count + memberCount < Self.valueLimit else {
                throw error(.oversized, expected: "at most \(Self.valueLimit) values", found: "more")
            }
        }
    }

    /// Numbers and constants.
    private mutating func pushScalar(_ opcode: UInt8) throws(WeightsError) -> Bool {
        switch opcode {
        case UInt8(ascii: "N"): push(.none)
        case 0x88: push(.bool(true))
        case 0x89: push(.bool(false))
        case UInt8(ascii: "K"): push(.int(Int(try cursor.byte())))
        case UInt8(ascii: "M"): push(.int(Int(try cursor.unsigned(2))))
        case UInt8(ascii: "J"): push(.int(Int(Int32(truncatingIfNeeded: try cursor.unsigned(4)))))
        case 0x8A: push(try long(Int(try cursor.byte())))
        case 0x8B: push(try long(Int(try cursor.unsigned(4))))
        case UInt8(ascii: "I"):
            let text = try cursor.line()
            push(text == "01" ? .bool(true) : text == "00" ? .bool(false) : try integer(text))
        case UInt8(ascii: "L"):
            let text = try cursor.line()
            push(try integer(text.hasSuffix("L") ? String(text.dropLast()) : text))
        case UInt8(ascii: "F"):
            let text = try cursor.line()
            guard let value = Double(text) else { throw error(.unreadable, expected: "a number", found: "'\(text.prefix(40))'") }
            push(.float(value))
        case UInt8(ascii: "G"):
            push(.float(Double(bitPattern: try cursor.unsigned(8).byteSwapped)))
        default: return false
        }
        return true
    }

    /// Strings and bytes.
    private mutating func pushText(_ opcode: UInt8) throws(WeightsError) -> Bool {
        switch opcode {
        case UInt8(ascii: "U"), 0x8C: push(try string(1))
        case UInt8(ascii: "T"), UInt8(ascii: "X"): push(try string(4))
        case 0x8D: push(try string(8))
        case UInt8(ascii: "C"): push(.bytes(try run(1)))
        case UInt8(ascii: "B"): push(.bytes(try run(4)))
        case 0x8E, 0x96: push(.bytes(try run(8)))
        case UInt8(ascii: "S"):
            let text = try cursor.line()
            guard text.count >= 2, let quote = text.first, quote == "'" || quote == "\"", text.last == quote else {
                throw error(.unreadable, expected: "a quoted string", found: "'\(text.prefix(40))'")
            }
            push(.string(String(text.dropFirst().dropLast())))
        case UInt8(ascii: "V"): push(.string(try cursor.line()))
        default: return false
        }
        return true
    }

    /// Containers.
    private mutating func build(_ opcode: UInt8) throws(WeightsError) -> Bool {
        switch opcode {
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: ")"): push(make(.tuple, []))
        case UInt8(ascii: "t"): push(make(.tuple, try popToMark()))
        case 0x85: push(make(.tuple, try popLast(1)))
        case 0x86: push(make(.tuple, try popLast(2)))
        case 0x87: push(make(.tuple, try popLast(3)))
        case UInt8(ascii: "]"): push(make(.list, []))
        case UInt8(ascii: "l"): push(make(.list, try popToMark()))
        case UInt8(ascii: "a"): try extend(try popLast(1))
        case UInt8(ascii: "e"), 0x90: try extend(try popToMark())
        case 0x8F: push(make(.set, []))
        case 0x91: push(make(.set, try popToMark()))
        case UInt8(ascii: "}"): push(make(.dictionary, []))
        case UInt8(ascii: "d"): push(make(.dictionary, try pairs(try popToMark())))
        case UInt8(ascii: "s"): try extend(try popLast(2))
        case UInt8(ascii: "u"): try extend(try pairs(try popToMark()))
        default: return false
        }
        return true
    }

    /// The stack itself and the memory of earlier values.
    private mutating func remember(_ opcode: UInt8) throws(WeightsError) -> Bool {
        switch opcode {
        case 0x80: _ = try cursor.byte()
        case 0x95: _ = try cursor.unsigned(8)
        case UInt8(ascii: "0"):
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: "2"): push(try top())
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "q"): memo[Int(try cursor.byte())] = try top()
        case UInt8(ascii: "r"): memo[Int(try cursor.unsigned(4))] = try top()
        case UInt8(ascii: "p"): memo[try number(try cursor.line())] = try top()
        case UInt8(ascii: "h"): try recall(Int(try cursor.byte()))
        case UInt8(ascii: "j"): try recall(Int(try cursor.unsigned(4)))
        case UInt8(ascii: "g"): try recall(try number(try cursor.line()))
        default: return false
        }
        return true
    }

    /// Names and what would be calls.
    private mutating func construct(_ opcode: UInt8) throws(WeightsError) {
        switch opcode {
        case UInt8(ascii: "c"): push(try allowed(try cursor.line(), try cursor.line()))
        case 0x93:
            let names = try popLast(2)
            guard case .string(let module) = names[0], case .string(let name) = names[1] else { throw misuse("a name that is not text") }
            push(try allowed(module, name))
        case UInt8(ascii: "R"), 0x81:
            let parts = try popLast(2)
            push(try reduce(parts[0], try items(parts[1], .tuple)))
        case UInt8(ascii: "i"):
            let callable = try allowed(try cursor.line(), try cursor.line())
            push(try reduce(callable, try popToMark()))
        case UInt8(ascii: "o"):
            let parts = try popToMark()
            guard let callable = parts.first else { throw misuse("an object without a class") }
            push(try reduce(callable, Array(parts.dropFirst())))
        case UInt8(ascii: "b"):
            let state = try pop()
            // Attributes of dictionaries (a state dictionary's `_metadata`) and tensors carry no weights.
            if case .node(let index) = try top(), case .object = nodes[index].kind { nodes[index].items.append(state) }
        case UInt8(ascii: "Q"):
            let id = try pop()
            push(try persistent(try items(id, .tuple)))
        default: throw error(.unsupported, expected: "a pickle of protocol 0 to 5", found: "opcode \(opcode) at byte \(cursor.position - 1)")
        }
    }
}

// MARK: - Stack

extension PickleMachine {
    mutating func make(_ kind: PickleNode.Kind, _ items: [PickleValue]) -> PickleValue {
        memberCount += items.count
        nodes.append(PickleNode(kind: kind, items: items))
        return .node(nodes.count - 1)
    }

    /// The members of a container of a certain kind.
    func items(_ value: PickleValue, _ kind: PickleNode.Kind) throws(WeightsError) -> [PickleValue] {
        guard case .node(let index) = value, nodes[index].kind == kind else { throw misuse("something other than a \(kind)") }
        return nodes[index].items
    }

    func error(_ reason: WeightsError.Reason, expected: String, found: String) -> WeightsError {
        WeightsError(reason, file: cursor.source.file, entry: cursor.source.entry, expected: expected, found: found)
    }

    func misuse(_ found: String) -> WeightsError {
        error(.unreadable, expected: "a well-formed pickle", found: "\(found) before byte \(cursor.position)")
    }

    private mutating func push(_ value: PickleValue) { stack.append(value) }

    private func top() throws(WeightsError) -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw misuse("an empty stack") }
        return value
    }

    private mutating func pop() throws(WeightsError) -> PickleValue {
        _ = try top()
        return stack.removeLast()
    }

    private mutating func popLast(_ count: Int) throws(WeightsError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw misuse("an empty stack") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(WeightsError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw misuse("no mark") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    /// Adds members to the container on top of the stack.
    private mutating func extend(_ items: [PickleValue]) throws(WeightsError) {
        guard case .node(let index) = try top(), nodes[index].kind != .tuple else { throw misuse("members without a container") }
        memberCount += items.count
        nodes[index].items += items
    }

    private func pairs(_ items: [PickleValue]) throws(WeightsError) -> [PickleValue] {
        guard items.count.isMultiple(of: 2) else { throw misuse("a key without a value") }
        return items
    }

    private mutating func recall(_ index: Int) throws(WeightsError) {
        guard let value = memo[index] else { throw misuse("no value number \(index)") }
        push(value)
    }

    private mutating func string(_ width: Int) throws(WeightsError) -> PickleValue {
        .string(String(decoding: try run(width), as: UTF8.self))
    }

    private mutating func run(_ width: Int) throws(WeightsError) -> [UInt8] {
        try cursor.bytes(Int(clamping: try cursor.unsigned(width)))
    }

    /// A two's complement number, least significant byte first; one beyond 64 bits is kept as bytes.
    private mutating func long(_ count: Int) throws(WeightsError) -> PickleValue {
        let bytes = try cursor.bytes(count)
        guard bytes.count <= 8 else { return .bytes(bytes) }
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let shift = UInt64(64 - 8 * bytes.count)
        return .int(bytes.isEmpty ? 0 : Int(Int64(bitPattern: value << shift) >> Int64(shift)))
    }

    private func integer(_ text: String) throws(WeightsError) -> PickleValue { .int(try number(text)) }

    private func number(_ text: String) throws(WeightsError) -> Int {
        guard let value = Int(text) else { throw error(.unreadable, expected: "a whole number", found: "'\(text.prefix(40))'") }
        return value
    }
}
