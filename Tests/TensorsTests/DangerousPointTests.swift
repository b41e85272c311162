import Tensors
import Testing

/// Points at which formulas of derivatives divide by zero, multiply zero by infinity or meet a tie; and a check of the checker.
@Suite struct DangerousPointTests {
    /// Both backends in double precision, and the fast one in single.
    private var places: [(backend: any Backend, type: ElementType)] { [(ReferenceBackend(), .float64), (CPUBackend(), .float64), (CPUBackend(), .float32)] }

    /// Value, first and second derivative of `Σ f(x)`, element by element.
    private func derivatives(_ values: [Double], _ backend: any Backend, _ type: ElementType, _ f: (Tensor) -> Tensor) -> (value: [Double], first: [Double], second: [Double]) {
        let x = Tensor(values, shape: [values.count], type: type, on: backend).variable
        let y = f(x)
        let first = gradients(of: y.sum, withRespectTo: [x], createGraph: true)[0]
        return (y.doubles, first.doubles, gradients(of: first.sum, withRespectTo: [x])[0].doubles)
    }

    @Test func theDerivativeOfTheSquareRootAtZeroIsInfinite() {
        for (backend, type) in places {
            let found = derivatives([0, 4], backend, type) { $0.squareRoot }
            #expect(found.value == [0, 2] && found.first == [.infinity, 0.25], "\(backend.name)")
        }
    }

    @Test func theNormAtZeroHasDerivativesZero() {
        for (backend, type) in places {
            let x = Tensor([0.0, 0, 3, 4], shape: [2, 2], type: type, on: backend).variable
            let norm = x.normPerSample
            let first = gradients(of: norm.sum, withRespectTo: [x], createGraph: true)[0]
            let second = gradients(of: first.sum, withRespectTo: [x])[0].doubles
            #expect(norm.doubles == [0, 5] && zip(first.doubles, [0, 0, 0.6, 0.8]).allSatisfy { abs($0 - $1) < 1e-7 })
            // (1 − ûûᵀ)/5 applied to (1, 1).
            #expect(zip(second, [0, 0, (1 - 0.6 * 1.4) / 5, (1 - 0.8 * 1.4) / 5]).allSatisfy { abs($0 - $1) < 1e-7 }, "\(second) on \(backend.name)")
        }
    }

    @Test func tiesShareTheDerivativeEvenly() {
        for (backend, type) in places {
            let a = Tensor([2.0, 2, 1], shape: [3], type: type, on: backend).variable, b = Tensor([2.0, 1, 2], shape: [3], type: type, on: backend).variable
            let larger = gradients(of: Tensor.maximum(a, b).sum, withRespectTo: [a, b]), smaller = gradients(of: Tensor.minimum(a, b).sum, withRespectTo: [a, b])
            #expect(larger.map(\.doubles) == [[0.5, 1, 0], [0.5, 0, 1]] && smaller.map(\.doubles) == [[0.5, 0, 1], [0.5, 1, 0]])
            #expect(gradients(of: Tensor.maximum(a, a).sum, withRespectTo: [a])[0].doubles == [1, 1, 1], "a maximum with itself is itself")
            #expect(gradients(of: a.largest, withRespectTo: [a])[0].doubles == [0.5, 0.5, 0])
            #expect(derivatives([0, -0.0], backend, type) { $0.relu }.first == [0, 0] && derivatives([0], backend, type) { $0.absolute }.first == [0])
            #expect(derivatives([-1, 1], backend, type) { $0.clamped(-1, 1) }.first == [1, 1])
            let image = Tensor(repeating: 1, shape: [1, 2, 2, 1], type: type, on: backend).variable
            #expect(gradients(of: image.pooled(.maximum, kernel: Extent(2), stride: Extent(2)).sum, withRespectTo: [image])[0].doubles == [1, 0, 0, 0], "a window's first maximum")
        }
    }

    @Test func softplusIsFlatOrStraightFarFromZeroToTheSecondOrder() {
        for (backend, type) in places {
            let found = derivatives([-1000, -100, 100, 1000], backend, type) { $0.softplus }
            #expect(found.value[2...] == [100, 1000] && found.first[2...] == [1, 1])
            #expect(abs(found.value[0]) < 1e-44 && abs(found.first[0]) < 1e-44 && abs(found.value[1] - 3.72e-44) < 3e-45 && abs(found.first[1] - 3.72e-44) < 3e-45, "\(found) on \(backend.name)")
            #expect(found.second.allSatisfy { 0 <= $0 && $0 < 4e-44 }, "\(found.second) on \(backend.name)")
            let middle = derivatives([0], backend, type) { $0.softplus }
            #expect(abs(middle.value[0] - 0.6931471806) < 1e-7 && middle.first == [0.5] && middle.second == [0.25])
        }
    }

    @Test func saturatedFunctionsHaveFiniteDerivatives() {
        for (backend, type) in places {
            for (name, f) in [("sigmoid", { $0.sigmoid }), ("tanh", { $0.tanh }), ("error function", { $0.errorFunction }), ("gelu", { $0.gelu })] as [(String, (Tensor) -> Tensor)] {
                let found = derivatives([-1e4, -100, 100, 1e4], backend, type, f)
                #expect((found.value + found.first + found.second).allSatisfy { $0.isFinite }, "\(name): \(found) on \(backend.name)")
                #expect(found.second.allSatisfy { abs($0) < 1e-30 }, "\(name): \(found.second)")
            }
            let logits = Tensor([1e4, 0, -1e4], shape: [1, 3], type: type, on: backend).variable
            let first = gradients(of: logits.logSoftmax.sliced(axis: 1, 1..<2).sum, withRespectTo: [logits], createGraph: true)[0]
            #expect(logits.logSoftmax.doubles == [0, -1e4, -2e4] && first.doubles == [-1, 1, 0])
            #expect(gradients(of: first.squared.sum, withRespectTo: [logits])[0].doubles.allSatisfy { $0 == 0 })
        }
    }

    @Test func anInfinityThatIsNotSelectedHasNoInfluence() {
        for (backend, type) in places {
            let dead = { (x: Tensor) in Tensor.select(x.detached.combined(.greater, x.constant(0)), x.squared, x.constant(.infinity) * x.detached.sign.squared) }
            let constant = derivatives([2, 3], backend, type, dead)
            #expect(constant.value == [4, 9] && constant.first == [4, 6] && constant.second == [2, 2], "\(backend.name)")
            // A branch whose own derivative is infinite needs its argument chosen as well, or 0 · ∞ appears.
            let isPositive = { (x: Tensor) in x.detached.combined(.greater, x.constant(0)) }
            let guarded = { (x: Tensor) in Tensor.select(isPositive(x), Tensor.select(isPositive(x), x, x.constant(1)).logarithm, x.constant(0)) }
            let found = derivatives([0, 4], backend, type, guarded)
            #expect(found.value[0] == 0 && abs(found.value[1] - 1.3862943611) < 1e-6 && found.first == [0, 0.25] && found.second == [0, -0.0625], "\(found) on \(backend.name)")
            let bare = derivatives([0, 4], backend, type) { Tensor.select(isPositive($0), $0.logarithm, $0.constant(0)) }
            #expect(bare.value[0] == 0 && bare.first[0].isNaN && bare.first[1] == 0.25)
        }
    }

    /// x² with derivatives that are wrong in one way each.
    struct WrongSquare: Operation {
        enum Fault: Sendable { case factor, sign, secondOrder }
        static let name = "wrong square"
        let fault: Fault
        var keeps: Kept { .input(0) }
        func shape(of inputs: [Tensor]) -> Shape { inputs[0].shape }
        func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) { backend.unary(.square, inputs[0].storage, to: output) }
        func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
            switch fault {
            case .factor: [gradient * record.input(0)]
            case .sign: [gradient * record.input(0) * -2]
            case .secondOrder: [gradient * record.input(0).detached * 2]
            }
        }
    }

    @Test(arguments: [WrongSquare.Fault.factor, .sign])
    func theCheckerCatchesAWrongFirstDerivative(_ fault: WrongSquare.Fault) {
        let wrong = DerivativeCase("wrong square", [3, 4]) { .applying(WrongSquare(fault: fault), to: $0[0]) }, inputs = wrong.inputs(.float64, on: ReferenceBackend())
        withKnownIssue { expectDerivatives(inputs, "first derivative") { wrong.number($0) } }
    }

    @Test func theCheckerCatchesADerivativeThatIsRightButCannotBeDifferentiated() {
        let wrong = DerivativeCase("wrong square", [3, 4]) { .applying(WrongSquare(fault: .secondOrder), to: $0[0]) }, inputs = wrong.inputs(.float64, on: ReferenceBackend())
        expectDerivatives(inputs, "first derivative") { wrong.number($0) }
        withKnownIssue { expectDerivatives(inputs, "second derivative") { wrong.slope($0, createGraph: true) } }
    }
}
