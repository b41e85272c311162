import Optimizers

/// How a team's step size changes over a run, as it is written in a configuration: `linear from 50% end 0`.
///
/// Steps are numbers, or shares of the run that `resolved(steps:)` turns into numbers. `linear` alone is CycleGAN's: constant for the first half, then straight to zero
/// (Zhu et al., arXiv:1703.10593, section 4).
public struct ScheduleSetting: Sendable, Hashable, CustomStringConvertible {
    /// A step, or a share of the run.
    enum Moment: Hashable, Sendable {
        case step(Int)
        case share(percent: Double)

        /// `200`, or `50%`.
        init?(_ text: Substring) {
            if text.hasSuffix("%") {
                guard let percent = Double(text.dropLast()), 0...100 ~= percent else { return nil }
                self = .share(percent: percent)
            } else {
                guard let step = Int(text), step >= 0 else { return nil }
                self = .step(step)
            }
        }

        /// Whether it comes later, whatever the length of the run.
        func isAfter(_ other: Moment) -> Bool {
            switch (self, other) {
            case let (.step(a), .step(b)): a > b
            case let (.share(a), .share(b)): a > b
            default: false
            }
        }

        func step(of steps: Int) -> Int {
            switch self {
            case let .step(step): step
            case let .share(percent): Int((percent / 100 * Double(steps)).rounded())
            }
        }

        var text: String {
            switch self {
            case let .step(step): "\(step)"
            case let .share(percent): (percent == percent.rounded() ? "\(Int(percent))" : "\(percent)") + "%"
            }
        }
    }

    /// The factor after the warm-up.
    enum Shape: Hashable, Sendable {
        case constant
        case linear(from: Moment, to: Moment, end: Double)
        case cosine(to: Moment, end: Double)
        case step(every: Int, by: Double)
        case exponential(by: Double)
    }

    /// Steps in which the rate grows to its full size.
    let warmUp: Moment?
    /// What it does then.
    let shape: Shape

    /// The same rate always.
    public static let constant = ScheduleSetting(warmUp: nil, shape: .constant)

    /// What can be written.
    public static let range = "constant; linear [from STEP] [to STEP] [end 0…1]; cosine [to STEP] [end 0…1]; step every STEPS by 0…1; exponential by 0…1; each also behind 'warm-up STEPS then'; steps as numbers or as 0%…100% of the run"

    /// A schedule as it is written; nil for what is none. What is left out: `from 50%` of the run, `to 100%` of it, `end 0`.
    public init?(_ text: String) {
        var words = text.split(separator: " ")[...], warmUp: Moment?
        if words.first == "warm-up" {
            guard words.count >= 4, let moment = Moment(words[1]), words[2] == "then" else { return nil }
            warmUp = moment
            words = words.dropFirst(3)
        }
        guard let kind = words.popFirst(), words.count.isMultiple(of: 2) else { return nil }
        var options: [Substring: Substring] = [:]
        while let name = words.popFirst(), let value = words.popFirst() {
            guard options.updateValue(value, forKey: name) == nil else { return nil }
        }
        func moment(_ name: Substring, _ usual: Double) -> Moment? {
            guard let value = options.removeValue(forKey: name) else { return .share(percent: usual) }
            return Moment(value)
        }
        func factor(_ name: Substring, usual: Double? = nil) -> Double? {
            guard let value = options.removeValue(forKey: name) else { return usual }
            return Double(value).flatMap { 0...1 ~= $0 ? $0 : nil }
        }
        let shape: Shape
        switch kind {
        case "constant": shape = .constant
        case "linear":
            guard let from = moment("from", 50), let to = moment("to", 100), let end = factor("end", usual: 0), !from.isAfter(to) else { return nil }
            shape = .linear(from: from, to: to, end: end)
        case "cosine":
            guard let to = moment("to", 100), let end = factor("end", usual: 0) else { return nil }
            shape = .cosine(to: to, end: end)
        case "step":
            guard let every = options.removeValue(forKey: "every").flatMap({ Int($0) }), every > 0, let by = factor("by") else { return nil }
            shape = .step(every: every, by: by)
        case "exponential":
            guard let by = factor("by") else { return nil }
            shape = .exponential(by: by)
        default: return nil
        }
        guard options.isEmpty else { return nil }
        self.init(warmUp: warmUp, shape: shape)
    }

    private init(warmUp: Moment?, shape: Shape) { (self.warmUp, self.shape) = (warmUp, shape) }

    /// What `init` reads back to the same schedule.
    public var description: String {
        let after = switch shape {
        case .constant: "constant"
        case let .linear(from, to, end): "linear from \(from.text) to \(to.text) end \(end)"
        case let .cosine(to, end): "cosine to \(to.text) end \(end)"
        case let .step(every, by): "step every \(every) by \(by)"
        case let .exponential(by): "exponential by \(by)"
        }
        return warmUp.map { "warm-up \($0.text) then \(after)" } ?? after
    }

    /// The same with shares of a run of `steps` as numbers of steps: what a run keeps, so that going on for longer changes nothing before.
    public func resolved(steps: Int) -> ScheduleSetting {
        func fixed(_ moment: Moment) -> Moment { .step(moment.step(of: steps)) }
        let after: Shape = switch shape {
        // A start behind the end of the run is never reached.
        case let .linear(from, to, end): .linear(from: fixed(from), to: .step(max(from.step(of: steps), to.step(of: steps))), end: end)
        case let .cosine(to, end): .cosine(to: fixed(to), end: end)
        default: shape
        }
        return ScheduleSetting(warmUp: warmUp.map(fixed), shape: after)
    }

    /// The factor of the rate at each step of a run of `steps`.
    public func schedule(steps: Int) -> Schedule {
        let after: Schedule = switch resolved(steps: steps).shape {
        case .constant: .constant
        case let .linear(from, to, end): .linear(start: from.step(of: steps), finish: to.step(of: steps), end: end)
        case let .cosine(to, end): .cosine(finish: to.step(of: steps), end: end)
        case let .step(every, by): .step(interval: every, factor: by)
        case let .exponential(by): .exponential(factor: by)
        }
        let length = warmUp?.step(of: steps) ?? 0
        return length > 0 ? .warmUp(steps: length, then: after) : after
    }
}

extension Field {
    /// A schedule.
    public static func schedule(_ name: String, _ path: WritableKeyPath<Root, ScheduleSetting> & Sendable, _ summary: String) -> Field {
        Field(name: name, summary: summary, range: ScheduleSetting.range, get: { $0[keyPath: path].description }) { root, text in
            guard let value = ScheduleSetting(text) else { return false }
            root[keyPath: path] = value
            return true
        }
    }
}
