import Datasets
import Optimizers

/// Everything that can be chosen about a game: a value with defaults, whose fields are named, documented and bounded.
public protocol GameConfiguration: Sendable {
    /// The documented defaults.
    init()
    /// Every field, in the order in which `games show` prints them.
    static var fields: [Field<Self>] { get }
}

/// One thing that can be chosen: its name, what it does, which values it takes.
public struct Field<Root>: Sendable {
    /// Dotted name: `generator.channels`.
    public let name: String
    /// What it does, one line.
    public let summary: String
    /// Which values it takes, in words.
    public let range: String
    /// The value as text.
    public func value(of root: Root) -> String { get(root) }
    let get: @Sendable (Root) -> String
    let set: @Sendable (inout Root, String) -> Bool

    /// A whole number of a range.
    public static func integer(_ name: String, _ path: WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>, _ summary: String) -> Field {
        Field(name: name, summary: summary, range: "\(range.lowerBound)…\(range.upperBound)", get: { String($0[keyPath: path]) }) { root, text in
            guard let value = Int(text), range ~= value else { return false }
            root[keyPath: path] = value
            return true
        }
    }

    /// A real number of a range.
    public static func number(_ name: String, _ path: WritableKeyPath<Root, Double> & Sendable, _ range: ClosedRange<Double>, _ summary: String) -> Field {
        Field(name: name, summary: summary, range: "\(range.lowerBound)…\(range.upperBound)", get: { String($0[keyPath: path]) }) { root, text in
            guard let value = Double(text), range ~= value else { return false }
            root[keyPath: path] = value
            return true
        }
    }

    /// Any text.
    public static func text(_ name: String, _ path: WritableKeyPath<Root, String> & Sendable, _ summary: String) -> Field {
        Field(name: name, summary: summary, range: "text", get: { $0[keyPath: path] }) { root, text in
            root[keyPath: path] = text
            return true
        }
    }

    /// `true` or `false`.
    public static func flag(_ name: String, _ path: WritableKeyPath<Root, Bool> & Sendable, _ summary: String) -> Field {
        Field(name: name, summary: summary, range: "true, false", get: { String($0[keyPath: path]) }) { root, text in
            guard let value = Bool(text) else { return false }
            root[keyPath: path] = value
            return true
        }
    }

    /// One of several values by name.
    public static func choice<Value: Sendable>(_ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ values: [(name: String, value: Value)],
                                               named: @escaping @Sendable (Value) -> String, _ summary: String) -> Field {
        Field(name: name, summary: summary, range: values.map(\.name).joined(separator: ", "), get: { named($0[keyPath: path]) }) { root, text in
            guard let value = values.first(where: { $0.name == text }) else { return false }
            root[keyPath: path] = value.value
            return true
        }
    }

    /// The same field of a value inside another one.
    func inside<Outer>(_ prefix: String, _ path: WritableKeyPath<Outer, Root> & Sendable) -> Field<Outer> {
        Field<Outer>(name: "\(prefix).\(name)", summary: summary, range: range, get: { get($0[keyPath: path]) }) { outer, text in set(&outer[keyPath: path], text) }
    }
}

extension GameConfiguration {
    /// The same with some fields set by name.
    /// - Throws: ``GameError`` that names the nearest field, or the values that a field takes.
    public func with(_ settings: [(name: String, value: String)]) throws(GameError) -> Self {
        var changed = self
        for (name, value) in settings { try changed.set(name, value) }
        return changed
    }

    /// Sets one field by name.
    public mutating func set(_ name: String, _ value: String) throws(GameError) {
        guard let field = Self.fields.first(where: { $0.name == name }) else {
            throw GameError("there is no setting '\(name)'; the nearest is '\(name.nearest(in: Self.fields.map(\.name)))'")
        }
        guard field.set(&self, value) else { throw GameError("'\(name)' cannot be '\(value)': it takes \(field.range)") }
    }

    /// Every field with its value, in order.
    public var settings: [(name: String, value: String)] { Self.fields.map { ($0.name, $0.get(self)) } }
}

/// How one team moves.
public struct TeamSettings: Sendable, Hashable {
    /// How weights follow gradients.
    public enum Rule: String, Sendable, CaseIterable { case adam, rmsprop, sgd }

    /// How weights follow gradients.
    public var rule = Rule.adam
    /// Step size.
    public var learningRate: Double
    /// Decay of the mean of gradients (Adam), or momentum.
    public var beta1: Double
    /// Decay of the mean of squared gradients.
    public var beta2: Double
    /// Moves in one step.
    public var repeats: Int
    /// How the step size changes over the run.
    public var schedule = ScheduleSetting.constant

    /// Adam with these settings, the same in every step.
    public init(_ rule: Rule = .adam, learningRate: Double, beta1: Double = 0.5, beta2: Double = 0.999, repeats: Int = 1) {
        (self.rule, self.learningRate, self.beta1, self.beta2, self.repeats) = (rule, learningRate, beta1, beta2, repeats)
    }

    /// The same for an optimizer.
    public var optimizer: OptimizerSettings {
        switch rule {
        case .adam: .adam(rate: learningRate, beta1: beta1, beta2: beta2)
        case .rmsprop: .rmsProp(rate: learningRate, alpha: beta2, momentum: beta1)
        case .sgd: .sgd(rate: learningRate, momentum: beta1)
        }
    }

    /// The fields of a team inside a configuration.
    public static func fields<Root>(_ prefix: String, _ path: WritableKeyPath<Root, TeamSettings> & Sendable) -> [Field<Root>] {
        [Field<TeamSettings>.choice("optimizer", \.rule, Rule.allCases.map { ($0.rawValue, $0) }, named: { $0.rawValue }, "How the weights follow their gradients."),
         .number("learningRate", \.learningRate, 0...1, "Step size; different ones for the teams are the two-time-scale update rule."),
         .number("beta1", \.beta1, 0...0.9999, "Decay of Adam's mean of gradients; momentum of the others."),
         .number("beta2", \.beta2, 0...0.99999, "Decay of the mean of squared gradients."),
         .integer("repeats", \.repeats, 1...1000, "Moves of this team in one step."),
         .schedule("schedule", \.schedule, "How the step size changes over the run."),
        ].map { $0.inside(prefix, path) }
    }
}
