import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a run came to its end.
public enum RunEnd: Hashable, Sendable {
    /// All steps were done.
    case finished
    /// Somebody stopped it; it can go on.
    case interrupted
    /// A diagnosis or an error stopped it: why, where that is known.
    case failed(String?)
    /// Its process is gone without a word; it can go on.
    case killed

    /// A few words behind the steps that were done.
    var words: String {
        switch self {
        case .finished: "finished"
        case .interrupted: "interrupted"
        case .failed: "failed"
        case .killed: "killed"
        }
    }

    /// Whether `train --resume` goes on where it stopped.
    var canGoOn: Bool { self == .interrupted || self == .killed }
}

/// Whether a run goes on, as far as anybody knows.
public enum RunState: Hashable, Sendable {
    /// Nobody knows: its folder does not say.
    case unknown
    /// It goes on.
    case running
    /// It has ended.
    case ended(RunEnd)

    /// What a store says of the run in a folder.
    ///
    /// A run that went on without its store is not known to have ended: the log is newer then than what the store heard last, and still written. A killed run's last lines are newer as well, so that after a minute of silence the store is believed.
    /// - Parameters:
    ///   - written: When the log was last written; nil without a log.
    ///   - now: This moment.
    public init(of run: RecordedRun?, written: Date?, now: Date) {
        guard let run else {
            self = .unknown
            return
        }
        let wroteLater = written.map { $0.timeIntervalSince1970 > run.updated + 5 && now.timeIntervalSince($0) < 60 } ?? false
        switch run.status {
        case .running: self = .running
        case _ where wroteLater: self = .unknown
        case .finished: self = .ended(.finished)
        case .interrupted: self = .ended(.interrupted)
        case .failed: self = .ended(.failed(run.reason))
        case .killed: self = .ended(.killed)
        }
    }
}

extension RunStore {
    /// The run that was recorded in a folder, not one that only made a file in it.
    /// - Throws: what reading the store throws.
    public func run(in folder: String) throws(TrackingError) -> RecordedRun? {
        let path = Paths.absolute(folder), found = try owner(of: path)
        return found?.folder == path ? found : nil
    }
}
