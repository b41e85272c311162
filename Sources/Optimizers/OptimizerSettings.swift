/// Which optimizer, with all its numbers; defaults are PyTorch's.
public struct OptimizerSettings: Codable, Sendable, Hashable {
    /// The rule.
    public enum Method: String, Codable, Sendable, CaseIterable { case adam, adamW = "adamw", sgd, rmsProp = "rmsprop" }

    /// The rule.
    public var method: Method
    /// Step size, before a schedule's factor.
    public var rate: Double
    /// Adam: memory of the mean of the gradient, 0 ≤ β₁ < 1.
    public var beta1 = 0.9
    /// Adam: memory of the mean of its square, 0 ≤ β₂ < 1.
    public var beta2 = 0.999
    /// Adam, RMSProp: added to the root of the mean square.
    public var eps = 1e-8
    /// Pull towards 0: added to the gradient, or (AdamW) taken from the parameter by itself.
    public var weightDecay = 0.0
    /// SGD, RMSProp: memory of the velocity.
    public var momentum = 0.0
    /// SGD: share of the gradient that does not enter the velocity.
    public var dampening = 0.0
    /// SGD: whether to look ahead along the velocity (Nesterov).
    public var isNesterov = false
    /// RMSProp: memory of the mean square.
    public var alpha = 0.99
    /// RMSProp: whether to divide by the deviation instead of the root mean square.
    public var isCentered = false

    /// A method with its default numbers, which are PyTorch's but for the rate of SGD, 0.01, and of RMSProp, 0.01, as there.
    public init(_ method: Method, rate: Double? = nil) {
        self.method = method
        self.rate = rate ?? (method == .adam || method == .adamW ? 1e-3 : 1e-2)
        if method == .adamW { weightDecay = 0.01 }
    }

    /// Adam; GANs take β₁ = 0.5 or 0.
    public static func adam(rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, eps: Double = 1e-8, weightDecay: Double = 0) -> OptimizerSettings {
        var settings = OptimizerSettings(.adam, rate: rate)
        (settings.beta1, settings.beta2, settings.eps, settings.weightDecay) = (beta1, beta2, eps, weightDecay)
        return settings
    }

    /// Adam with decoupled weight decay.
    public static func adamW(rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, eps: Double = 1e-8, weightDecay: Double = 0.01) -> OptimizerSettings {
        var settings = adam(rate: rate, beta1: beta1, beta2: beta2, eps: eps, weightDecay: weightDecay)
        settings.method = .adamW
        return settings
    }

    /// Gradient descent.
    public static func sgd(rate: Double = 1e-2, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false) -> OptimizerSettings {
        var settings = OptimizerSettings(.sgd, rate: rate)
        (settings.momentum, settings.dampening, settings.weightDecay, settings.isNesterov) = (momentum, dampening, weightDecay, isNesterov)
        return settings
    }

    /// RMSProp; the Wasserstein game with clipping takes a rate of 5e-5.
    public static func rmsProp(rate: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8, weightDecay: Double = 0, momentum: Double = 0,
                               isCentered: Bool = false) -> OptimizerSettings {
        var settings = OptimizerSettings(.rmsProp, rate: rate)
        (settings.alpha, settings.eps, settings.weightDecay, settings.momentum, settings.isCentered) = (alpha, eps, weightDecay, momentum, isCentered)
        return settings
    }

    /// Reads what is stated; the method's defaults stand for the rest.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(try values.decode(Method.self, forKey: .method), rate: try values.decodeIfPresent(Double.self, forKey: .rate))
        beta1 = try values.decodeIfPresent(Double.self, forKey: .beta1) ?? beta1
        beta2 = try values.decodeIfPresent(Double.self, forKey: .beta2) ?? beta2
        eps = try values.decodeIfPresent(Double.self, forKey: .eps) ?? eps
        weightDecay = try values.decodeIfPresent(Double.self, forKey: .weightDecay) ?? weightDecay
        momentum = try values.decodeIfPresent(Double.self, forKey: .momentum) ?? momentum
        dampening = try values.decodeIfPresent(Double.self, forKey: .dampening) ?? dampening
        isNesterov = try values.decodeIfPresent(Bool.self, forKey: .isNesterov) ?? isNesterov
        alpha = try values.decodeIfPresent(Double.self, forKey: .alpha) ?? alpha
        isCentered = try values.decodeIfPresent(Bool.self, forKey: .isCentered) ?? isCentered
    }
}
