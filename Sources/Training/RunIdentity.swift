import Archives
import CHDF5
import COneDNN
import COpenBLAS
import Crypto
import Datasets
import Evaluation
import Tensors
import Yams
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the bits of a run depend on besides its configuration: versions, instruction set, threads, and the contents of the data.
struct RunIdentity: Equatable {
    /// What decides, by name.
    let entries: FeatureIdentity

    /// The identity of a run on this machine, now.
    /// - Throws: what reading the data throws.
    init(of trainer: Trainer) throws {
        var hdf5: (major: UInt32, minor: UInt32, release: UInt32) = (0, 0, 0)
        H5get_libversion(&hdf5.major, &hdf5.minor, &hdf5.release)
        let blas = String(cString: openblas_get_config()).split(separator: " ")
        var entries = FeatureIdentity([
            "version": Version.current, "seed": "\(trainer.configuration.seed)", "arithmetic": trainer.backend.name,
            "hdf5": "\(hdf5.major).\(hdf5.minor).\(hdf5.release)", "openblas": blas.dropFirst().first.map(String.init) ?? "unknown",
            "openblas_kernels": String(cString: openblas_get_corename()), "openblas_threads": "\(openblas_get_num_threads())",
            "instruction_set": Self.instructionSet, "threads": "\(Self.threads)"])
        entries["data_sha256"] = try trainer.source.map(Self.digest)
        self.entries = entries
    }

    /// An identity as ``yaml`` wrote it.
    /// - Throws: ``TrainingError`` for text that is none.
    init(yaml: String, file: String) throws(TrainingError) {
        do {
            entries = FeatureIdentity(try YAMLDecoder().decode([String: String].self, from: yaml))
        } catch {
            throw .configuration(file: file, line: nil, reason: "expected 'name: value' lines")
        }
    }

    /// One `name: 'value'` line for each entry, sorted.
    var yaml: String {
        entries.entries.sorted { $0.key < $1.key }.map { name, value in
            "\(name): '\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'\n"
        }.joined()
    }

    /// One line about what differs now from what was; nil where nothing does.
    func warning(since then: RunIdentity) -> String? {
        let names = then.entries.differences(from: entries)
        guard !names.isEmpty else { return nil }
        let changes = names.map { name in
            let (old, new) = (then.entries[name] ?? "unknown", entries[name] ?? "unknown")
            return name.hasSuffix("sha256") ? "\(name) \(old.prefix(8))… is now \(new.prefix(8))…" : "\(name) \(old) is now \(new)"
        }
        return "this run began otherwise, so its bits are no longer those of an uninterrupted one: " + changes.joined(separator: "; ")
    }

    /// Cores that kernels run on.
    static var threads: Int {
        // Looked up instead of linked, because oneDNN decides which OpenMP runtime is in the process.
        guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "omp_get_max_threads") else { return 1 }
        return Int(unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)())
    }

    /// What oneDNN's kernels are made of; its number where the versions of the library do not agree on a name.
    private static var instructionSet: String {
        let number = Int(dnnl_get_effective_cpu_isa().rawValue)
        let names = [0x1: "sse4.1", 0x3: "avx", 0x7: "avx2", 0x27: "avx512", 0x67: "avx512-vnni", 0xe7: "avx512-bf16"]
        return names[number] ?? "oneDNN 0x" + String(number, radix: 16)
    }

    /// SHA-256 of the samples, the same wherever they lie and whatever they are called: of all images' files in order with their classes, of all points, or of the first 256 samples of what has
    /// no end.
    static func digest(_ source: any SampleSource) throws -> String {
        let source = (source as? SelectedSamples)?.source ?? source
        var hash = SHA256()
        let count = source.count ?? 256
        if let images = source as? ImageSamples {
            try images.images.contentDigest().withUnsafeBytes { hash.update(bufferPointer: $0) }
        } else {
            for start in stride(from: 0, to: count, by: 256) {
                try source.read(Array(start..<min(start + 256, count))).withUnsafeBytes { hash.update(bufferPointer: $0) }
            }
        }
        for index in 0..<count { withUnsafeBytes(of: Int64(source.label(index) ?? -1).littleEndian) { hash.update(bufferPointer: $0) } }
        return hash.finalize().hexadecimal
    }
}

extension SampleSource {
    /// SHA-256 of the samples, the same wherever they lie and whatever they are called: of all images' files in order with their classes, of all points, or of the first 256 samples of what has no end.
    /// - Throws: `DatasetError` for samples that cannot be read.
    public func digest() throws -> String { try RunIdentity.digest(self) }
}
