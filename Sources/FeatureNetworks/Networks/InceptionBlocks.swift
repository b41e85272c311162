import NeuralNetworks
import Tensors

/// A block of Inception-v3: branches on one input, joined along the channels. Property names are those of the published weights.
protocol InceptionBlock: Module {
    func callAsFunction(_ x: Tensor) -> Tensor
}


extension Tensor {
    /// Joins what `append` writes: `channels` at this tensor's place, or at half its resolution after a stride of two.
    fileprivate func joined(_ channels: Int, halved: Bool = false, _ append: (ChannelConcatenation) -> Void) -> Tensor {
        let side = { (n: Int) in halved ? (n - 3) / 2 + 1 : n }
        let whole = ChannelConcatenation([shape[0], side(shape[1]), side(shape[2]), channels], type: elementType, on: backend)
        append(whole)
        return whole.tensor
    }

    fileprivate func pooled3(_ rule: Pooling) -> Tensor { pooled(rule, kernel: Extent(3), stride: Extent(1), padding: Padding(1)) }
}

/// 35×35: 1×1, 5×5, double 3×3, pool.
final class InceptionA: InceptionBlock {
    let branch1x1, branch5x5_1, branch5x5_2, branch3x3dbl_1, branch3x3dbl_2, branch3x3dbl_3, branch_pool: ConvolutionUnit
    private let rule: Pooling

    init(_ input: Int, pool: Int, rule: Pooling) {
        branch1x1 = ConvolutionUnit(input, 64)
        branch5x5_1 = ConvolutionUnit(input, 48)
        branch5x5_2 = ConvolutionUnit(48, 64, kernel: Extent(5), padding: Padding(2))
        branch3x3dbl_1 = ConvolutionUnit(input, 64)
        branch3x3dbl_2 = ConvolutionUnit(64, 96, kernel: Extent(3), padding: Padding(1))
        branch3x3dbl_3 = ConvolutionUnit(96, 96, kernel: Extent(3), padding: Padding(1))
        branch_pool = ConvolutionUnit(input, pool)
        self.rule = rule
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        x.joined(224 + branch_pool.channels) { whole in
            branch1x1.append(x, to: whole)
            branch5x5_2.append(branch5x5_1(x), to: whole)
            branch3x3dbl_3.append(branch3x3dbl_2(branch3x3dbl_1(x)), to: whole)
            branch_pool.append(x.pooled3(rule), to: whole)
        }
    }
}

/// 35×35 to 17×17: 3×3, double 3×3, maximum.
final class InceptionB: InceptionBlock {
    let branch3x3, branch3x3dbl_1, branch3x3dbl_2, branch3x3dbl_3: ConvolutionUnit

    init(_ input: Int) {
        branch3x3 = ConvolutionUnit(input, 384, kernel: Extent(3), stride: 2)
        branch3x3dbl_1 = ConvolutionUnit(input, 64)
        branch3x3dbl_2 = ConvolutionUnit(64, 96, kernel: Extent(3), padding: Padding(1))
        branch3x3dbl_3 = ConvolutionUnit(96, 96, kernel: Extent(3), stride: 2)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        x.joined(480 + x.shape[3], halved: true) { whole in
            branch3x3.append(x, to: whole)
            branch3x3dbl_3.append(branch3x3dbl_2(branch3x3dbl_1(x)), to: whole)
            whole.appendPooling(of: x, .maximum, kernel: Extent(3), stride: Extent(2), padding: .zero)
        }
    }
}

/// 17×17: 1×1, factorised 7×7, double factorised 7×7, pool.
final class InceptionC: InceptionBlock {
    let branch1x1, branch7x7_1, branch7x7_2, branch7x7_3: ConvolutionUnit
    let branch7x7dbl_1, branch7x7dbl_2, branch7x7dbl_3, branch7x7dbl_4, branch7x7dbl_5, branch_pool: ConvolutionUnit
    private let rule: Pooling

    init(_ inner: Int, rule: Pooling) {
        let row = { (input: Int, output: Int) in ConvolutionUnit(input, output, kernel: Extent(1, 7), padding: Padding(0, 3)) }
        let column = { (input: Int, output: Int) in ConvolutionUnit(input, output, kernel: Extent(7, 1), padding: Padding(3, 0)) }
        branch1x1 = ConvolutionUnit(768, 192)
        branch7x7_1 = ConvolutionUnit(768, inner)
        branch7x7_2 = row(inner, inner)
        branch7x7_3 = column(inner, 192)
        branch7x7dbl_1 = ConvolutionUnit(768, inner)
        branch7x7dbl_2 = column(inner, inner)
        branch7x7dbl_3 = row(inner, inner)
        branch7x7dbl_4 = column(inner, inner)
        branch7x7dbl_5 = row(inner, 192)
        branch_pool = ConvolutionUnit(768, 192)
        self.rule = rule
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        x.joined(768) { whole in
            branch1x1.append(x, to: whole)
            branch7x7_3.append(branch7x7_2(branch7x7_1(x)), to: whole)
            branch7x7dbl_5.append(branch7x7dbl_4(branch7x7dbl_3(branch7x7dbl_2(branch7x7dbl_1(x)))), to: whole)
            branch_pool.append(x.pooled3(rule), to: whole)
        }
    }
}

/// 17×17 to 8×8: 3×3, factorised 7×7 and 3×3, maximum.
final class InceptionD: InceptionBlock {
    let branch3x3_1, branch3x3_2, branch7x7x3_1, branch7x7x3_2, branch7x7x3_3, branch7x7x3_4: ConvolutionUnit

    init() {
        branch3x3_1 = ConvolutionUnit(768, 192)
        branch3x3_2 = ConvolutionUnit(192, 320, kernel: Extent(3), stride: 2)
        branch7x7x3_1 = ConvolutionUnit(768, 192)
        branch7x7x3_2 = ConvolutionUnit(192, 192, kernel: Extent(1, 7), padding: Padding(0, 3))
        branch7x7x3_3 = ConvolutionUnit(192, 192, kernel: Extent(7, 1), padding: Padding(3, 0))
        branch7x7x3_4 = ConvolutionUnit(192, 192, kernel: Extent(3), stride: 2)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        x.joined(1280, halved: true) { whole in
            branch3x3_2.append(branch3x3_1(x), to: whole)
            branch7x7x3_4.append(branch7x7x3_3(branch7x7x3_2(branch7x7x3_1(x))), to: whole)
            whole.appendPooling(of: x, .maximum, kernel: Extent(3), stride: Extent(2), padding: .zero)
        }
    }
}

/// 8×8: 1×1, split 3×3, double split 3×3, pool.
final class InceptionE: InceptionBlock {
    let branch1x1, branch3x3_1, branch3x3_2a, branch3x3_2b: ConvolutionUnit
    let branch3x3dbl_1, branch3x3dbl_2, branch3x3dbl_3a, branch3x3dbl_3b, branch_pool: ConvolutionUnit
    private let rule: Pooling

    init(_ input: Int, rule: Pooling) {
        let row = { (input: Int) in ConvolutionUnit(input, 384, kernel: Extent(1, 3), padding: Padding(0, 1)) }
        let column = { (input: Int) in ConvolutionUnit(input, 384, kernel: Extent(3, 1), padding: Padding(1, 0)) }
        branch1x1 = ConvolutionUnit(input, 320)
        branch3x3_1 = ConvolutionUnit(input, 384)
        branch3x3_2a = row(384)
        branch3x3_2b = column(384)
        branch3x3dbl_1 = ConvolutionUnit(input, 448)
        branch3x3dbl_2 = ConvolutionUnit(448, 384, kernel: Extent(3), padding: Padding(1))
        branch3x3dbl_3a = row(384)
        branch3x3dbl_3b = column(384)
        branch_pool = ConvolutionUnit(input, 192)
        self.rule = rule
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        x.joined(2048) { whole in
            branch1x1.append(x, to: whole)
            let single = branch3x3_1(x)
            branch3x3_2a.append(single, to: whole)
            branch3x3_2b.append(single, to: whole)
            let double = branch3x3dbl_2(branch3x3dbl_1(x))
            branch3x3dbl_3a.append(double, to: whole)
            branch3x3dbl_3b.append(double, to: whole)
            branch_pool.append(x.pooled3(rule), to: whole)
        }
    }
}
