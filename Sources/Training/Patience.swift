import NeuralNetworks

/// Hears complaints until one has lasted for so long that no odd step explains it.
struct Patience {
    /// Complaints in a row that are enough.
    let limit: Int
    /// Complaints in a row so far.
    private(set) var strikes = 0

    init(_ limit: Int) { self.limit = limit }

    /// Takes a complaint, or the news that there is none.
    /// - Throws: ``TrainingError/diverged(step:diagnosis:)`` with the last complaint; a run that is not to be stopped is told once instead.
    mutating func hear(_ complaint: String?, _ run: Run, at step: Int) throws {
        strikes = complaint == nil ? 0 : strikes + 1
        guard let complaint, strikes == limit else { return }
        guard run.trainer.configuration.stopsEarly else { return run.note("step \(step): \(complaint)") }
        throw TrainingError.diverged(step: step, diagnosis: complaint)
    }

    /// The strikes for a checkpoint.
    var entry: StateDictionary.Entry {
        get { StateDictionary.Entry(shape: [], values: [Float(strikes)]) }
        // A number that no checkpoint of ours holds counts as none.
        set { strikes = newValue.values.first.flatMap { Int(exactly: $0) } ?? 0 }
    }
}

/// A hook that remembers its patience only.
protocol PatientHook: RememberingHook {
    /// What stands between a complaint and the end of the run.
    var patience: Patience { get set }
}

extension PatientHook {
    var memory: StateDictionary {
        get { StateDictionary(["patience": patience.entry]) }
        set { if let entry = newValue.entries["patience"] { patience.entry = entry } }
    }
}
