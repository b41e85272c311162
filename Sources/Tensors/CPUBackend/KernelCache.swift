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
