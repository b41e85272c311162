import Crypto

extension SHA256Digest {
    /// 64 lower-case hexadecimal digits.
    public var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
