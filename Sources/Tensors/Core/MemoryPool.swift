import Synchronization

/// Keeps freed blocks for reuse, since mapping fresh pages for every activation costs as much as a small convolution.
///
/// Sizes are rounded up to eighths of a power of two, so at most 1/8 is wasted and shapes that differ a little share blocks.
public final class MemoryPool: Sendable {
    /// What a pool holds at one moment.
    public struct Usage: Hashable, Sendable {
        /// Blocks in use: one for each living storage.
        public var blocks = 0
        /// Bytes in use.
        public var bytes = 0
        /// Bytes kept for reuse.
        public var keptBytes = 0
    }

    private struct FreeList: ~Copyable {
        var blocks: [Int: [UInt]] = [:]
        var usage = Usage()
    }

    private let free = Mutex(FreeList())
    private let limit: Int

    /// A pool that keeps at most `limit` unused bytes.
    public init(limit: Int = 1 << 30) { self.limit = limit }

    deinit { drain() }

    /// What is in use and what is kept for reuse.
    public var usage: Usage { free.withLock { $0.usage } }

    /// A block of at least `bytes` and its true capacity.
    func take(bytes: Int) -> (UnsafeMutableRawPointer, Int) {
        let capacity = Self.capacity(for: bytes)
        let reused = free.withLock { list -> UInt? in
            list.usage.blocks += 1
            list.usage.bytes += capacity
            guard let address = list.blocks[capacity]?.popLast() else { return nil }
            list.usage.keptBytes -= capacity
            return address
        }
        if let reused, let pointer = UnsafeMutableRawPointer(bitPattern: reused) { return (pointer, capacity) }
        return (.allocate(byteCount: capacity, alignment: 64), capacity)
    }

    /// Keeps a block for the next taker, or frees it when the pool is full.
    func giveBack(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
        let kept = free.withLock { list in
            list.usage.blocks -= 1
            list.usage.bytes -= capacity
            guard list.usage.keptBytes + capacity <= limit else { return false }
            list.blocks[capacity, default: []].append(UInt(bitPattern: pointer))
            list.usage.keptBytes += capacity
            return true
        }
        if !kept { pointer.deallocate() }
    }

    /// Frees every unused block.
    public func drain() {
        free.withLock { list in
            for address in list.blocks.values.joined() { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
            list.blocks = [:]
            list.usage.keptBytes = 0
        }
    }

    private static func capacity(for bytes: Int) -> Int {
        guard bytes > 4096 else { return (bytes + 63) & ~63 }
        let step = 1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount - 3)
        return (bytes + step - 1) & ~(step - 1)
    }
}
