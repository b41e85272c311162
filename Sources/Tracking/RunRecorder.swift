/// Tells a store what a run does, and never stops the run.
///
/// Numbers are collected for two seconds and written in one transaction. A store that cannot be written is said once; numbers wait, and it is tried again every minute and at the end.
public final class RunRecorder {
    /// Called with a line about a store that cannot be written.
    public var note: (String) -> Void = { _ in }
    /// Whether the store could not be written at some time, so that it may lack what was not numbers.
    public private(set) var hasFailed = false
    /// The run as it is in the store.
    public private(set) var run: RecordedRun

    private let opening: () throws -> RunStore
    /// The store, and how the run is put into it, which is done once.
    private var store: RunStore?, start: ((RunStore, RecordedRun) throws -> RecordedRun)?
    private var waiting: [MetricSeries.Name: [MetricPoint]] = [:], order: [MetricSeries.Name] = []
    private var written = ContinuousClock.now, retry: ContinuousClock.Instant?

    /// A recorder of a run that begins later.
    /// - Parameter opening: Opens the store; called again where it could not be opened.
    public init(_ run: RecordedRun, opening: @escaping () throws -> RunStore) { (self.run, self.opening) = (run, opening) }

    /// Puts the run into the store, now or as soon as that can be written.
    /// - Parameter start: Completes the run and puts it there.
    public func begin(_ start: @escaping (RunStore, RecordedRun) throws -> RecordedRun) {
        self.start = start
        attempt { _, _ in }
    }

    /// Adds numbers to the run's curves.
    /// - Parameter isPressing: Writes them now.
    public func add(_ series: [MetricSeries], isPressing: Bool = false) {
        for series in series {
            if waiting[series.name] == nil { order.append(series.name) }
            waiting[series.name, default: []] += series.points
        }
        if isPressing || ContinuousClock.now - written > .seconds(2) { flush() }
    }

    /// Writes the numbers that wait.
    public func flush() {
        written = .now
        guard attempt({ store, run in try store.append(order.map { MetricSeries($0, waiting[$0] ?? []) }, to: run) }) else { return }
        (waiting, order) = ([:], [])
    }

    /// Does something with the store and the run in it; a store that could not be written is left alone for a minute.
    /// - Returns: Whether it was done.
    @discardableResult
    public func attempt(_ body: (RunStore, RecordedRun) throws -> Void) -> Bool {
        if let retry, ContinuousClock.now < retry { return false }
        do {
            let store = try self.store ?? opening()
            self.store = store
            if let start { run = try start(store, run) }
            start = nil
            try body(store, run)
            retry = nil
            return true
        } catch {
            if !hasFailed { note("note: not recorded for now: \(error)") }
            hasFailed = true
            // Only of the store is there hope; a file that another has removed is gone.
            if error is TrackingError { retry = .now + .seconds(60) }
            return false
        }
    }

    /// Writes what waits, and how the run has ended; the store is tried once more.
    /// - Parameter body: Adds what is known only now.
    /// - Returns: Whether all of the run is in the store.
    public func end(_ status: RecordedRun.Status, step: Int?, reason: String? = nil, _ body: (RunStore, RecordedRun) throws -> Void = { _, _ in }) -> Bool {
        retry = nil
        flush()
        return attempt { store, run in
            try body(store, run)
            try store.update(run, status: status, step: step, reason: reason)
        }
    }
}
