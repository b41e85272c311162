import COneDNN

/// oneDNN's objects as Swift classes that free themselves. Failures here are programming errors or exhausted memory, never a user's doing.
enum OneDNN {
    /// Stops with oneDNN's status and what was attempted.
    static func check(_ status: dnnl_status_t, _ action: @autoclosure () -> String) {
        precondition(status == dnnl_success, "oneDNN refused \(action()) with status \(status.rawValue)")
    }

    /// `2.6.3`.
    static var version: String {
        let number = onednn_version()
        return "\(number / 10000).\(number / 100 % 100).\(number % 100)"
    }

    /// Whether a residual is laid into the destination beforehand and accumulated, rather than read by the kernel.
    ///
    /// oneDNN 2.2 (Ubuntu 22.04) accepts a residual as a binary post-operation of 1x1 and depthwise convolutions and stores garbage; 2.6 is the oldest found right.
    static let accumulatesResidual = onednn_version() < 2_06_00

    static func dataType(_ type: ElementType) -> dnnl_data_type_t {
        switch type {
        case .float32: dnnl_f32
        case .bfloat16: dnnl_bf16
        case .float64: preconditionFailure("oneDNN does not compute in float64")
        }
    }

    /// A CPU engine with its stream.
    final class Engine {
        let engine: dnnl_engine_t
        let stream: dnnl_stream_t

        init() {
            var engine: dnnl_engine_t?, stream: dnnl_stream_t?
            OneDNN.check(dnnl_engine_create(&engine, dnnl_cpu, 0), "an engine")
            OneDNN.check(dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue)), "a stream")
            guard let engine, let stream else { preconditionFailure("oneDNN gave no engine") }
            (self.engine, self.stream) = (engine, stream)
        }

        deinit {
            dnnl_stream_destroy(stream)
            dnnl_engine_destroy(engine)
        }
    }

    /// A memory descriptor; equal when oneDNN says that the bytes lie alike.
    final class Layout: Hashable {
        let handle: onednn_layout_t

        private init(_ handle: onednn_layout_t?, _ what: @autoclosure () -> String) {
            guard let handle else { preconditionFailure("oneDNN refused \(what())") }
            self.handle = handle
        }

        /// Logical extents with explicit strides in elements.
        convenience init(_ dimensions: [Int], strides: [Int], _ type: ElementType) {
            self.init(onednn_layout_strided(Int32(dimensions.count), dimensions.map(Int64.init), dataType(type), strides.map(Int64.init)),
                      "layout \(dimensions) with strides \(strides)")
        }

        /// The layout that the kernel likes best.
        convenience init(any dimensions: [Int], _ type: ElementType) {
            self.init(onednn_layout_any(Int32(dimensions.count), dimensions.map(Int64.init), dataType(type)), "layout any \(dimensions)")
        }

        /// What a primitive chose for an argument.
        convenience init(chosenBy description: dnnl_primitive_desc_t, _ query: dnnl_query_t) {
            self.init(onednn_chosen_layout(description, query, 0), "its own layout")
        }

        deinit { onednn_layout_destroy(handle) }

        var bytes: Int { onednn_layout_size(handle) }
        static func == (a: Layout, b: Layout) -> Bool { onednn_layout_equal(a.handle, b.handle) != 0 }
        func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
    }

    /// A compiled kernel with a memory object for each of its arguments.
    final class Primitive {
        /// The kernel's name, for benchmarks and diagnosis.
        let implementation: String
        /// How the constant weight is stored and how this kernel wants it; nil where that is the same, or there is none.
        let packing: (stored: Layout, wanted: Layout)?
        /// Under which number weights keep their copies for this kernel, once that is known.
        var packingNumber: Int?
        private let engine: Engine
        private let primitive: dnnl_primitive_t
        private var arguments: [dnnl_exec_arg_t] = []

        /// Compiles `description` and destroys it; `arguments` are the layouts by argument index.
        init(_ description: dnnl_primitive_desc_t, _ engine: Engine, arguments: [(Int32, Layout)], weights: (stored: Layout, wanted: Layout)? = nil) {
            self.engine = engine
            packing = weights.flatMap { $0.stored == $0.wanted ? nil : $0 }
            implementation = String(cString: onednn_implementation_name(description))
            var primitive: dnnl_primitive_t?
            OneDNN.check(dnnl_primitive_create(&primitive, description), "to compile \(implementation)")
            guard let primitive else { preconditionFailure("oneDNN gave no primitive") }
            self.primitive = primitive
            dnnl_primitive_desc_destroy(description)
            for (index, layout) in arguments {
                var memory: dnnl_memory_t?
                OneDNN.check(onednn_memory_create(&memory, layout.handle, engine.engine, nil), "a memory object")
                if let memory { self.arguments.append(dnnl_exec_arg_t(arg: index, memory: memory)) }
            }
        }

        deinit {
            arguments.forEach { dnnl_memory_destroy($0.memory) }
            dnnl_primitive_destroy(primitive)
        }

        /// Runs on these addresses, given in the order of `arguments`, and waits.
        func run(_ addresses: UnsafeMutableRawPointer?...) {
            precondition(addresses.count == arguments.count, "\(addresses.count) addresses for \(arguments.count) arguments")
            for (argument, address) in zip(arguments, addresses) { OneDNN.check(dnnl_memory_set_data_handle(argument.memory, address), "an address") }
            OneDNN.check(dnnl_primitive_execute(primitive, engine.stream, Int32(arguments.count), arguments), implementation)
            OneDNN.check(dnnl_stream_wait(engine.stream), implementation)
        }
    }

    /// Post-operations applied by the kernel before it stores; one that accumulates adds what the destination holds.
    static func withAttributes<R>(addition: Layout?, activation: Activation, accumulates: Bool = false, _ body: (dnnl_primitive_attr_t?) -> R) -> R {
        var attributes: dnnl_primitive_attr_t?, operations: dnnl_post_ops_t?
        check(dnnl_primitive_attr_create(&attributes), "attributes")
        check(dnnl_post_ops_create(&operations), "post-operations")
        defer {
            dnnl_post_ops_destroy(operations)
            dnnl_primitive_attr_destroy(attributes)
        }
        if accumulates { check(onednn_append_sum(operations), "a sum") }
        if let addition {
            check(accumulatesResidual ? onednn_append_sum(operations) : onednn_append_binary(operations, dnnl_binary_add, addition.handle), "a residual")
        }
        switch activation {
        case .none: break
        case .relu: check(onednn_append_eltwise(operations, dnnl_eltwise_relu, 0, 0), "ReLU")
        case .relu6: check(onednn_append_eltwise(operations, dnnl_eltwise_clip, 0, 6), "ReLU6")
        case let .leakyRelu(slope): check(onednn_append_eltwise(operations, dnnl_eltwise_relu, Float(slope), 0), "leaky ReLU")
        }
        check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations")
        return body(attributes)
    }
}
