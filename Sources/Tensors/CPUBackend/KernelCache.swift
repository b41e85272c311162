/// Kernels of one kind, compiled once for each key and kept.
///
/// Every kind has a dictionary of its own: keys of all kinds in one would be boxed at every call, which takes longer than a small kernel.
final class KernelCache<Key: Hashable> {
    private var kernels: [Key: OneDNN.Primitive] = [:]
    /// Pictures of ever new sizes must not fill the memory; a game or a network at one size needs some hundreds.
    private let most = 4096

    /// The kernel kept under `key`, compiled on first use.
    func kernel(_ key: Key, _ compile: () -> OneDNN.Primitive) -> OneDNN.Primitive {
        if let kernel = kernels[key] { return kernel }
        let kernel = compile()
        if kernels.count >= most { kernels.removeAll() }
        kernels[key] = kernel
        return kernel
    }
}

// What copies depend on; the keys of windows and products stand beside these.
struct CastKey: Hashable { let count: Int, from: ElementType, to: ElementType }
struct ReorderKey: Hashable { let source, target: OneDNN.Layout }
struct CopyKey: Hashable { let rows, columns, width: Int, type: ElementType }
struct PermuteKey: Hashable { let shape: Shape, order: [Int], type: ElementType }

/// Formats of the two factors and the result.
struct FactorTypes: Hashable {
    let input, weight, output: ElementType
    init(_ input: Storage, _ weight: Storage, _ output: Storage) { (self.input, self.weight, self.output) = (input.elementType, weight.elementType, output.elementType) }
}
