/// A weights file as its authors publish it.
public struct PublishedWeights: Equatable, Sendable {
    /// What is known of the file's content.
    public enum Digest: Equatable, Sendable, CustomStringConvertible {
        /// The whole SHA-256, 64 hexadecimal digits.
        case sha256(String)
        /// The first digits of the SHA-256, as PyTorch puts them into file names. A weaker check: it finds damage, and an attack only by chance.
        case sha256Prefix(String)

        /// Whether a digest is the published one.
        public func matches(_ sha256: String) -> Bool {
            switch self {
            case .sha256(let digest): sha256 == digest
            case .sha256Prefix(let prefix): sha256.hasPrefix(prefix)
            }
        }

        /// One line for people.
        public var description: String {
            switch self {
            case .sha256(let digest): "SHA-256 \(digest)"
            case .sha256Prefix(let prefix): "a SHA-256 that begins with \(prefix)"
            }
        }
    }

    /// The name under which it is installed: `gan-eval networks install NAME`.
    public let name: String
    /// The file's name in the store.
    public let file: String
    /// Where it is published, the authors' own address first.
    public let urls: [String]
    /// The file's size, where it is known.
    public let bytes: Int?
    /// What the bytes must hash to.
    public let digest: Digest

    /// An entry of the catalogue, or one of a caller's own.
    public init(name: String, file: String, urls: [String], bytes: Int?, digest: Digest) {
        self.name = name
        self.file = file
        self.urls = urls
        self.bytes = bytes
        self.digest = digest
    }
}

/// The published files that networks of this package load.
public enum WeightsCatalog {
    /// Every entry. The torchvision files carry the first 8 digits of their SHA-256 in their names; where no more is known, that is the check.
    public static let all: [PublishedWeights] = [
        PublishedWeights(
            name: "inception-v3", file: "pt_inception-2015-12-05-6726825d.pth",
            urls: [
                "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
                "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth",
            ],
            bytes: 95_628_359, digest: .sha256("6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2")),
        PublishedWeights(
            name: "inception-v3-stylegan", file: "inception-2015-12-05.pt",
            urls: ["https://nvlabs-fi-cdn.nvidia.com/stylegan2-ada-pytorch/pretrained/metrics/inception-2015-12-05.pt"],
            bytes: 95_607_719, digest: .sha256("f58cb9b6ec323ed63459aa4fb441fe750cfe39fafad6da5cb504a16f19e958f4")),
        PublishedWeights(
            name: "inception-v3-torchvision", file: "inception_v3_google-0cc3c7bd.pth",
            urls: ["https://download.pytorch.org/models/inception_v3_google-0cc3c7bd.pth"],
            bytes: nil, digest: .sha256Prefix("0cc3c7bd")),
        PublishedWeights(
            name: "vgg16", file: "vgg16-397923af.pth",
            urls: ["https://download.pytorch.org/models/vgg16-397923af.pth"],
            bytes: nil, digest: .sha256("397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0")),
        PublishedWeights(
            name: "alexnet", file: "alexnet-owt-7be5be79.pth",
            urls: ["https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"],
            bytes: nil, digest: .sha256Prefix("7be5be79")),
        PublishedWeights(
            name: "squeezenet1_1", file: "squeezenet1_1-b8a52dc0.pth",
            urls: ["https://download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth"],
            bytes: nil, digest: .sha256Prefix("b8a52dc0")),
    ]

    /// The entry of a name.
    /// - Throws: `WeightsError` with reason `missing`, which lists the names.
    public static func entry(_ name: String) throws(WeightsError) -> PublishedWeights {
        if let entry = all.first(where: { $0.name == name }) { return entry }
        throw WeightsError(
            .missing, file: name, expected: "one of " + all.map(\.name).joined(separator: ", "), found: "a name that is not published")
    }

    /// The entry whose bytes have a digest, `nil` where none is known to.
    public static func entry(sha256: String) -> PublishedWeights? { all.first { $0.digest == .sha256(sha256) } }
}
