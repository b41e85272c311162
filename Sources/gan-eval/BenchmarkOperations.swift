import ArgumentParser
import Tensors

extension BenchmarkCommand {
    /// What an operation costs besides its arithmetic: on tensors of one element the arithmetic is nothing.
    struct Operations: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Microseconds of one operation on one element: recorded, differentiated, and its kernel alone.")
        @Option(help: "Operations in a chain.") var length = 1000
        @Option(help: "Chains that are timed; the fastest counts.") var repetitions = 50
        @Option(help: "Cores to use; all by default.") var threads: Int?
        @Option(help: "Print JSON.") var json: String?

        func validate() throws {
            if length < 1 { throw ValidationError("--length is \(length); expected a positive number") }
        }

        /// One link of a chain and the kernel that it calls.
        private struct Link {
            let name: String
            let apply: (Tensor) -> Tensor
            let kernel: () -> Void
        }

        func run() {
            let backend = CPUBackend(threads: threads), clock = ContinuousClock()
            let factor = Tensor([1 as Float], shape: [1, 1], on: backend), first = Tensor([0.5 as Float], shape: [1, 1], on: backend).variable
            let output = backend.allocate(.float32, count: 1)
            let links = [
                Link(name: "multiply", apply: { $0 * factor },
                     kernel: { backend.binary(.multiply, first.storage, first.shape, factor.storage, factor.shape, to: output, first.shape) }),
                Link(name: "leaky rectifier", apply: { $0.leakyRelu() }, kernel: { backend.unary(.leakyRelu(slope: 0.2), first.storage, to: output) }),
                Link(name: "linear", apply: { $0.linear(factor) },
                     kernel: { backend.linear(first.storage, factor.storage, bias: nil, rows: 1, inner: 1, columns: 1, activation: .none, to: output) }),
            ]
            /// Microseconds of one of `length` links.
            func fastest(_ body: () -> Duration) -> Double {
                (0..<max(repetitions, 1)).map { _ in body() / .microseconds(length) }.min() ?? 0
            }
            var fields: [String] = []
            for link in links {
                func chain() -> Tensor { (0..<length).reduce(first) { x, _ in link.apply(x) } }
                let kernel = fastest { clock.measure { for _ in 0..<length { link.kernel() } } }
                var end = first
                let forward = fastest { clock.measure { end = chain() } }
                let derivative = fastest {
                    let output = chain()
                    return clock.measure { _ = gradients(of: output, withRespectTo: [first]) }
                }
                _ = end
                fields.append("\"\(link.name)\": {\"kernel\": \(kernel), \"forward\": \(forward), \"derivative\": \(derivative)}")
                if json == nil { print("\(link.name): kernel \(kernel), recorded \(forward), derivative \(derivative) µs") }
            }
            if json != nil { print("{\(fields.joined(separator: ", "))}") }
        }
    }
}
