/// A flat, 64-byte aligned run of elements that belongs to one backend.
///
/// Only backends read or write `address`. A storage is written once, by the operation that makes it, and never afterwards:
/// that is what lets packed copies be kept beside it.
public final class Storage {
    /// Format of the elements.
    public let elementType: ElementType
    /// Number of elements.
    public let count: Int
    /// Who made it and computes on it.
    public let backend: any Backend
    /// First byte; for backends only.
    public let address: UnsafeMutableRawPointer
    /// Copies of a constant weight in other layouts, by the backend's numbers for those; for backends only.
    public var packed: [Int: Storage] = [:]

    private let pool: MemoryPool
    private let capacity: Int

    /// Takes memory for `count` elements from `pool`; contents are undefined.
    public init(_ elementType: ElementType, count: Int, backend: any Backend, pool: MemoryPool) {
        self.elementType = elementType
        self.count = count
        self.backend = backend
        self.pool = pool
        (address, capacity) = pool.take(bytes: max(count * elementType.size, 1))
    }

    deinit { pool.giveBack(address, capacity: capacity) }

    /// The elements as `Element`, whose format must be the storage's own.
    public func elements<Element>(as type: Element.Type) -> UnsafeMutableBufferPointer<Element> {
        precondition(MemoryLayout<Element>.size == elementType.size, "\(type) does not fit \(elementType)")
        return UnsafeMutableBufferPointer(start: address.bindMemory(to: type, capacity: count), count: count)
    }
}
