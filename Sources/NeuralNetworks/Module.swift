import Tensors

/// Something that owns parameters, buffers and other modules in its stored properties.
///
/// The names of the properties are the names of the entries, joined by dots as in PyTorch: `Mixed_5b.branch1x1.conv.weight`.
/// Elements of an array are named by their index: `features.0.weight`.
public protocol Module: AnyObject {}

/// A module whose parts are named by their numbers alone, `0.weight`, as in PyTorch's `Sequential`.
public protocol ModuleSequence: Module {
    /// The parts, in order.
    var modules: [any Module] { get }
}

/// A module whose parts get their names when it is built, not when it is written. A name may have dots: `layer1.0.conv1`.
public protocol NamedModules: Module {
    /// The parts with their names.
    var named: [(name: String, module: any Module)] { get }
}

/// A module from one tensor to one tensor that needs nothing else; usable wherever a ``ContextualLayer`` is.
public protocol Layer: ContextualLayer {
    /// Applies the layer.
    func callAsFunction(_ x: Tensor) -> Tensor
}

extension Layer {
    /// Applies the layer, which is the same in training.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { self(x) }
}

/// One named leaf of a module.
public enum ModuleEntry {
    /// Numbers that training changes.
    case parameter(Parameter)
    /// Numbers that it does not.
    case buffer(Buffer)

    /// Shape, in PyTorch's layout.
    public var shape: Shape {
        switch self {
        case let .parameter(parameter): parameter.shape
        case let .buffer(buffer): buffer.shape
        }
    }

    /// How an initialiser treats it.
    public var role: ModuleNumbers.Role {
        switch self {
        case let .parameter(parameter): parameter.role
        case let .buffer(buffer): buffer.role
        }
    }

    /// The numbers.
    public var tensor: Tensor {
        get {
            switch self {
            case let .parameter(parameter): parameter.tensor
            case let .buffer(buffer): buffer.tensor
            }
        }
        nonmutating set {
            switch self {
            case let .parameter(parameter): parameter.tensor = newValue
            case let .buffer(buffer): buffer.tensor = newValue
            }
        }
    }
}

extension Module {
    /// Every parameter and buffer with its dotted name, in order of declaration.
    public var entries: [(name: String, entry: ModuleEntry)] {
        var found: [(String, ModuleEntry)] = []
        collect(from: self, name: "", into: &found)
        return found
    }

    /// Every parameter with its dotted name.
    public var parameters: [(name: String, parameter: Parameter)] {
        entries.compactMap { name, entry in
            if case let .parameter(parameter) = entry { (name, parameter) } else { nil }
        }
    }

    /// Every buffer with its dotted name.
    public var buffers: [(name: String, buffer: Buffer)] {
        entries.compactMap { name, entry in
            if case let .buffer(buffer) = entry { (name, buffer) } else { nil }
        }
    }
}

private func collect(from value: Any, name: String, into found: inout [(String, ModuleEntry)]) {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
        if let some = mirror.children.first { collect(from: some.value, name: name, into: &found) }
        return
    }
    switch value {
    case let parameter as Parameter: found.append((name, .parameter(parameter)))
    case let buffer as Buffer: found.append((name, .buffer(buffer)))
    case let sequence as any ModuleSequence:
        for (index, element) in sequence.modules.enumerated() { collect(from: element, name: name.isEmpty ? "\(index)" : "\(name).\(index)", into: &found) }
    case let owner as any NamedModules:
        for part in owner.named { collect(from: part.module, name: name.isEmpty ? part.name : name + "." + part.name, into: &found) }
    case is any Module:
        var next: Mirror? = mirror
        while let level = next {
            for child in level.children {
                guard let label = child.label else { continue }
                collect(from: child.value, name: name.isEmpty ? label : name + "." + label, into: &found)
            }
            next = level.superclassMirror
        }
    case let list as [any Module]:
        for (index, element) in list.enumerated() { collect(from: element, name: "\(name).\(index)", into: &found) }
    default:
        precondition(!holdsEntries(mirror), "\(name) holds parameters in a \(type(of: value)), whose elements have no names: use a property or an array of modules")
    }
}

/// Whether a container that the walk cannot name has a parameter somewhere inside.
private func holdsEntries(_ mirror: Mirror) -> Bool {
    switch mirror.displayStyle {
    case .tuple, .dictionary, .set, .collection, .enum:
        mirror.children.contains { child in
            child.value is Parameter || child.value is Buffer || child.value is any Module || holdsEntries(Mirror(reflecting: child.value))
        }
    default: false
    }
}
