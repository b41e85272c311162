/// What computes. A backend works on storage and geometry, knows nothing of derivatives, and is the only code that touches a tensor's memory.
///
/// Shapes are known without reading data and scalars enter as numbers, so that a device backend can queue work; `read` is the synchronisation point.
public protocol Backend: AnyObject {
    /// Name in identities and reports, such as `cpu (oneDNN 2.6.3)`.
    var name: String { get }

    /// Fresh elements with undefined contents.
    func allocate(_ type: ElementType, count: Int) -> Storage
    /// Copies numbers in, converting to the storage's format.
    func write<Element: TensorElement>(_ values: UnsafeBufferPointer<Element>, to storage: Storage)
    /// Copies numbers out, converting from the storage's format. Waits for pending work.
    func read<Element: TensorElement>(_ storage: Storage, into values: UnsafeMutableBufferPointer<Element>)

    /// The same number everywhere.
    func fill(_ output: Storage, with value: Double)
    /// `output[i] = mean + deviation · z[i]`, z being the stream's ``RandomStream/normals(_:)``: the same bits from every backend.
    func normal(_ stream: RandomStream, mean: Double, deviation: Double, to output: Storage)
    /// `output[i] = input[i]` in the output's format.
    func cast(_ input: Storage, to output: Storage)
    /// `output[i] = f(input[i])`.
    func unary(_ function: UnaryFunction, _ input: Storage, to output: Storage)
    /// `output[i] = f(a[…], b[…])` with NumPy broadcasting.
    func binary(_ function: BinaryFunction, _ a: Storage, _ aShape: Shape, _ b: Storage, _ bShape: Shape, to output: Storage, _ shape: Shape)
    /// `output[i] = condition[…] ≠ 0 ? a[…] : b[…]` with NumPy broadcasting.
    func select(_ condition: Storage, _ conditionShape: Shape, _ a: Storage, _ aShape: Shape, _ b: Storage, _ bShape: Shape, to output: Storage, _ shape: Shape)
    /// Repeats elements along axes of extent 1 until `input` has the shape of the output.
    func broadcast(_ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape)
    /// Copies a block of `extents` elements from one position to another; the rest of `output` stays as it is.
    func copyBlock(_ input: Storage, _ inputShape: Shape, at source: [Int], extents: [Int], to output: Storage, _ shape: Shape, at target: [Int])
    /// Reorders axes: `output` axis i is `input` axis `order[i]`.
    func permute(_ input: Storage, _ shape: Shape, order: [Int], to output: Storage)
    /// Reduces the axes in `axes`, each to extent 1.
    func reduce(_ function: ReduceFunction, _ input: Storage, _ shape: Shape, axes: [Int], to output: Storage)
    /// Copies `[rows, channels]` blocks side by side: input i lands at column `offset` of rows that are `width` long.
    func copyColumns(_ input: Storage, rows: Int, columns: Int, to output: Storage, width: Int, offset: Int)
    /// `output = activation(input ∗ weight + bias + residual)`, the output written at a channel offset of a wider tensor if the geometry says so.
    func convolution(_ input: Storage, _ weight: Storage, bias: Storage?, residual: Storage?, _ geometry: ConvolutionGeometry, activation: Activation, to output: Storage)
    /// The input's derivative of a convolution, which is the transposed convolution: `input += weight[…] · output` wherever the convolution multiplies them.
    func convolutionInputGradient(_ output: Storage, _ weight: Storage, _ geometry: ConvolutionGeometry, to input: Storage)
    /// The weight's derivative of a convolution.
    func convolutionWeightGradient(_ input: Storage, _ output: Storage, _ geometry: ConvolutionGeometry, to weight: Storage)
    /// A sparse linear map along the middle axis of `[outer, map.columns, inner]`, giving `[outer, map.rows, inner]`.
    func axisMap(_ map: SparseMap, _ input: Storage, outer: Int, inner: Int, to output: Storage)
    /// Spreads the derivative of a pooling over its windows: to the first maximum of each, or evenly. `input` is what was pooled.
    func poolGradient(_ kind: Pooling, _ input: Storage?, _ gradient: Storage, _ geometry: PoolingGeometry, to output: Storage)
    /// Picks from `values` the element at the place of the first maximum of each window of `input`.
    func poolGather(_ input: Storage, _ values: Storage, _ geometry: PoolingGeometry, to output: Storage)
    /// Softmax, or its logarithm, over rows of `columns` elements.
    func softmax(_ input: Storage, columns: Int, logarithm: Bool, to output: Storage)
    /// Maximum or average over windows.
    func pool(_ kind: Pooling, _ input: Storage, _ geometry: PoolingGeometry, to output: Storage)
    /// `output[m, n] = activation(Σ_k a[m, k] · b[n, k] + bias[n])`.
    func linear(_ a: Storage, _ b: Storage, bias: Storage?, rows: Int, inner: Int, columns: Int, activation: Activation, to output: Storage)
    /// `output[i] = op(a[i]) · op(b[i])` for each matrix i of a batch, where op transposes if asked to: `[rows, inner] · [inner, columns]`.
    func product(_ a: Storage, _ b: Storage, _ geometry: ProductGeometry, to output: Storage)
    /// Samples each image bilinearly where its map says; zero outside.
    func warp(_ maps: [AffineMap], _ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape)
    /// The adjoint of `warp`: deals every element out to the four that `warp` would have read.
    func warpAdjoint(_ maps: [AffineMap], _ input: Storage, _ inputShape: Shape, to output: Storage, _ shape: Shape)
    /// Normalises each channel of each outer element by its own mean and (biased) variance, which are written too:
    /// `output = rectifier((input − mean) / √(variance + eps) · weight + bias)`.
    func normalisation(_ input: Storage, weight: Storage, bias: Storage, _ geometry: NormalisationGeometry, mean: Storage, variance: Storage, to output: Storage)
    /// The derivatives of a normalisation in its input (where asked for), weight and bias, the statistics counted as functions of the input.
    /// `output` is the normalisation's result where a rectifier follows.
    func normalisationGradient(_ gradient: Storage, input: Storage, output: Storage?, weight: Storage, mean: Storage, variance: Storage,
                               _ geometry: NormalisationGeometry, toInput: Storage?, weight toWeight: Storage, bias toBias: Storage)
    /// One step of an optimizer for every number of a parameter; nothing that is read is changed.
    func update(_ rule: UpdateRule, _ parameter: Storage, _ gradient: Storage, _ state: [Storage], to newParameter: Storage, _ newState: [Storage])
}
