import COneDNN
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The fast backend: oneDNN for windows and products in float32 and bfloat16, Swift loops for the rest, the reference backend for float64.
///
/// Kernels are compiled once for each geometry and kept; constant weights are packed once for each layout that a kernel wants.
/// Call it from one thread: the OpenMP runtime keeps a team of threads for every calling thread.
public final class CPUBackend: Backend {
    /// `cpu (oneDNN 2.6.3)`.
    public let name = "cpu (oneDNN \(OneDNN.version))"
    let engine = OneDNN.Engine()
    let reference = ReferenceBackend()
    let openMP = OpenMP()
    let casts = KernelCache<CastKey>(), permutations = KernelCache<PermuteKey>(), copies = KernelCache<CopyKey>(), reorders = KernelCache<ReorderKey>()
    let convolutions = KernelCache<WindowKey>(), convolutionGradients = KernelCache<GradientKey>(), poolings = KernelCache<PoolKey>()
    let linears = KernelCache<LinearKey>(), products = KernelCache<ProductKey>(), pointProducts = KernelCache<PointProduct>()
    private var layoutNumbers: [PackedLayout: Int] = [:]
    /// Where its storages take their memory.
    public let pool = MemoryPool()

    /// Told of every convolution before it runs; for benchmarks.
    public var observesConvolution: ((ConvolutionCall) -> Void)?

    /// A backend with its own memory and kernels that computes on `threads` cores; all of them when nil.
    public init(threads: Int? = nil) {
        // Looked up instead of linked, because oneDNN decides which OpenMP runtime is in the process.
        if let threads, let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "omp_set_num_threads") {
            unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(Int32(threads))
        }
    }

    /// Fresh elements with undefined contents.
    public func allocate(_ type: ElementType, count: Int) -> Storage { Storage(type, count: count, backend: self, pool: pool) }

    /// Copies numbers in, converting to the storage's format.
    public func write<Element: TensorElement>(_ values: UnsafeBufferPointer<Element>, to storage: Storage) { HostMemory.write(values, to: storage) }

    /// Copies numbers out, converting from the storage's format.
    public func read<Element: TensorElement>(_ storage: Storage, into values: UnsafeMutableBufferPointer<Element>) { HostMemory.read(storage, into: values) }

    /// `output[i] = input[i]` in the output's format.
    public func cast(_ input: Storage, to output: Storage) {
        guard input.elementType != .float64, output.elementType != .float64 else { return reference.cast(input, to: output) }
        let count = input.count
        let kernel = casts.kernel(CastKey(count: count, from: input.elementType, to: output.elementType)) {
            let source = OneDNN.Layout([count], strides: [1], input.elementType), target = OneDNN.Layout([count], strides: [1], output.elementType)
            return reorder(source, target)
        }
        kernel.run(input.address, output.address)
    }

    /// Reorders axes.
    public func permute(_ input: Storage, _ shape: Shape, order: [Int], to output: Storage) {
        guard input.elementType != .float64 else { return reference.permute(input, shape, order: order, to: output) }
        let kernel = permutations.kernel(PermuteKey(shape: shape, order: order, type: input.elementType)) {
            let extents = order.map { shape[$0] }
            return reorder(OneDNN.Layout(extents, strides: order.map { shape.strides[$0] }, input.elementType),
                           OneDNN.Layout(extents, strides: Shape(extents).strides, output.elementType))
        }
        kernel.run(input.address, output.address)
    }

    /// Copies `[rows, columns]` to a column offset of wider rows.
    public func copyColumns(_ input: Storage, rows: Int, columns: Int, to output: Storage, width: Int, offset: Int) {
        guard input.elementType != .float64 else {
            return reference.copyColumns(input, rows: rows, columns: columns, to: output, width: width, offset: offset)
        }
        let kernel = copies.kernel(CopyKey(rows: rows, columns: columns, width: width, type: input.elementType)) {
            reorder(OneDNN.Layout([rows, columns], strides: [columns, 1], input.elementType),
                    OneDNN.Layout([rows, columns], strides: [width, 1], output.elementType))
        }
        kernel.run(input.address, output.address + offset * output.elementType.size)
    }

    /// A kernel, compiled anew, that copies between layouts.
    private func reorder(_ source: OneDNN.Layout, _ target: OneDNN.Layout) -> OneDNN.Primitive {
        var description: dnnl_primitive_desc_t?
        OneDNN.check(onednn_reorder(&description, engine.engine, source.handle, target.handle, nil), "a reorder")
        guard let description else { preconditionFailure("oneDNN gave no reorder") }
        return OneDNN.Primitive(description, engine, arguments: [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)])
    }

    /// The kernel that copies between layouts.
    func copying(_ source: OneDNN.Layout, _ target: OneDNN.Layout) -> OneDNN.Primitive {
        reorders.kernel(ReorderKey(source: source, target: target)) { reorder(source, target) }
    }

    /// `weight` in the layout that a kernel wants; packed once and kept beside the weight.
    func packed(_ weight: Storage, for kernel: OneDNN.Primitive) -> Storage {
        guard let (stored, wanted) = kernel.packing else { return weight }
        let number = kernel.packingNumber ?? number(of: .chosen(wanted))
        kernel.packingNumber = number
        if let packed = weight.packed[number] { return packed }
        let packed = allocate(.float32, count: (wanted.bytes + 3) / 4)
        copying(stored, wanted).run(weight.address, packed.address)
        weight.packed[number] = packed
        return packed
    }

    /// The number under which weights keep their copies in a layout.
    func number(of layout: PackedLayout) -> Int {
        if let number = layoutNumbers[layout] { return number }
        layoutNumbers[layout] = layoutNumbers.count
        return layoutNumbers.count - 1
    }
}

/// How a weight is kept beside itself.
enum PackedLayout: Hashable {
    /// As a kernel of oneDNN chose.
    case chosen(OneDNN.Layout)
    /// At the points of a Winograd convolution with so many inputs and outputs.
    case evaluated(inputs: Int, outputs: Int)
}
