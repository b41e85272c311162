/// The batches made ahead: those that readers wait for and those after the last one taken. A jump to any number costs one batch.
final class BatchQueue: Sendable {
    private struct State: Sendable {
        /// The number after the last one taken.
        var next = 0
        /// How many readers wait for each number.
        var waiting: [Int: Int] = [:]
        var claimed: Set<Int> = []
        var ready: [Int: Result<Minibatch, DatasetError>] = [:]
        var stopped = false

        func wants(_ index: Int, ahead: Int) -> Bool { waiting[index] != nil || (next..<next + ahead).contains(index) }
    }

    private let maker: BatchMaker
    private let ahead: Int
    private let state = Monitor(State())

    init(_ maker: BatchMaker, ahead: Int) {
        self.maker = maker
        self.ahead = ahead
    }

    /// The readers' side: waits for a batch and lets those after it be made.
    func take(_ index: Int) -> Result<Minibatch, DatasetError> {
        state.update { state in
            state.waiting[index, default: 0] += 1
            state.next = index + 1
        }
        let result = state.wait { $0.ready[index] }
        state.update { state in
            state.waiting[index] = state.waiting[index].flatMap { $0 > 1 ? $0 - 1 : nil }
            state.ready = state.ready.filter { state.wants($0.key, ahead: ahead) }
        }
        return result
    }

    func stop() { state.update { $0.stopped = true } }

    /// A worker's life: claim the first batch that is wanted, make it, report it; until the queue is stopped.
    func work() {
        while let index = claim() {
            let result = Result { () throws(DatasetError) in try maker.batch(at: index) }
            state.update { state in
                state.claimed.remove(index)
                if state.wants(index, ahead: ahead) { state.ready[index] = result }
            }
        }
    }

    private func claim() -> Int? {
        state.wait { state -> Int?? in
            if state.stopped { return .some(nil) }
            let numbers = state.waiting.keys.sorted() + Array(state.next..<state.next + ahead)
            let next = numbers.first { !state.claimed.contains($0) && state.ready[$0] == nil }
            guard let next else { return nil }
            state.claimed.insert(next)
            return .some(next)
        }
    }
}
