import ArgumentParser
import Datasets
import Images
import Tensors
import Weights

struct DatasetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets", abstract: "Convert, make and inspect training sets.", subcommands: [Pack.self, Info.self, Make.self, List.self])

    /// A collection with its classes, where it has any.
    fileprivate static func open(_ path: String, labels: Bool) throws -> ImageSource {
        guard labels else { return try ImageSource.open(path) }
        do {
            return try ImageSource.open(path, labelled: true)
        } catch {
            guard case .noLabels = error.reason else { throw error }
            let source = try ImageSource.open(path)
            Terminal.write("note: \(error)\n")
            return source
        }
    }

    struct Pack: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write images of one size into one file.",
            discussion: """
                SOURCE is a folder, an archive, an array, MNIST's or EMNIST's idx file (plain or gzipped) or CIFAR's binary files. Classes come along.

                Examples:
                  gan-eval datasets pack photos/ -o photos.h5 --size 64
                  gan-eval datasets pack train-images-idx3-ubyte.gz -o mnist.zip
                  gan-eval datasets pack cifar-10-batches-bin/ -o cifar.npz
                """)

        @Argument(help: "The images.") var source: String
        @Option(name: .shortAndLong, help: "The file to write: .h5, .zip (StyleGAN's layout) or .npz (ADM's).") var output: String
        @Option(help: ArgumentHelp("Crop to a centred square and resize to this many rows and columns.", valueName: "n")) var size: Int?
        @Option(help: "1 for grey, 3 for RGB.") var channels: Int?
        @Option(help: "How images are resized.") var resampler = Resampler.pillowLanczosUInt8.rawValue
        @Option(help: ArgumentHelp("Take only the first images, after shuffling.", valueName: "n")) var limit: Int?
        @Option(help: ArgumentHelp("Leave out the first images, after shuffling: with --limit of the same number for another file, two parts of a set.", valueName: "n")) var skip: Int?
        @Option(help: ArgumentHelp("Shuffle with this seed before --skip and --limit.", valueName: "seed")) var shuffle: UInt64?
        @Flag(help: "Exchange rows and columns: EMNIST's files hold each image transposed.") var transpose = false
        @Flag(help: "Leave classes out.") var noLabels = false
        @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false

        func validate() throws {
            for (name, value) in [("--size", size ?? 1), ("--limit", limit ?? 1)] where value < 1 {
                throw ValidationError("\(name) is \(value); expected a number of at least 1")
            }
            if let channels, channels != 1 && channels != 3 { throw ValidationError("--channels is \(channels); expected 1 or 3") }
            if let skip, skip < 0 { throw ValidationError("--skip is \(skip); expected a number of at least 0") }
            guard Resampler(rawValue: resampler) != nil else {
                throw ValidationError("--resampler is \(resampler); expected one of " + Resampler.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }

        func run() throws {
            _ = try CollectionFile.Kind(path: output)
            let opened = try DatasetsCommand.open(source, labels: !noLabels)
            let ordered = shuffle.map { opened.shuffled(seed: $0) } ?? opened, shuffled = ordered.dropping(first: skip ?? 0)
            var settings = ImageSettings(size: size, channels: channels)
            settings.transposes = transpose
            settings.resampler = Resampler(rawValue: resampler) ?? settings.resampler
            let samples = try ImageSamples(limit.map { shuffled.limited(to: $0) } ?? shuffled, settings)
            let bar = ProgressBar(isQuiet: quiet), count = samples.images.count
            defer { bar.close() }
            try CollectionFile.write(samples, count: count, to: output) { bar.update(output, $0, count) }
            bar.close()
            print("\(output): \(count) images of \(samples.shape[1]) x \(samples.shape[0]) x \(samples.shape[2]), SHA-256 \(try FileDigest.sha256(output))")
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Count, sizes, channels, classes, mean, deviation and digest of a set.")
        @Argument(help: "A set of images or points.") var set: String

        func run() throws {
            if SampleFile.isSampleFile(set) {
                print(PointsSummary(try SampleFile.read(set, labelled: SampleFile.hasClasses(set))))
            } else {
                print(try DatasetSummary(DatasetsCommand.open(set, labels: true)))
            }
            if !ImageSource.isFolder(set) { print("file      SHA-256 \(try FileDigest.sha256(set))") }
        }
    }

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw samples of a known distribution into a file.",
            discussion: "Example: gan-eval datasets make ring:modes=8,deviation=0.02 -n 10000 -o ring.h5; see `gan-eval datasets list`.")
        @Argument(help: "A distribution, with options after a colon.") var distribution: String
        @Option(name: .shortAndLong, help: "How many samples.") var number: Int
        @Option(name: .shortAndLong, help: "The file to write: .h5, or for pictures also .zip or .npz.") var output: String
        @Option(help: "Seed of the samples.") var seed: UInt64 = 0

        func validate() throws {
            guard number > 0 else { throw ValidationError("--number is \(number); expected a number of at least 1") }
        }

        func run() throws {
            let specification = try DataSourceSpecification(parsing: distribution)
            guard specification.isDistribution else {
                throw ValidationError("\(distribution) is no distribution; expected one of " + ToyDistribution.all.map(\.name).joined(separator: ", "))
            }
            let source = try specification.open(stream: RandomStream(seed: seed))
            if source.holdsImages {
                try CollectionFile.write(source, count: number, to: output)
            } else {
                guard try CollectionFile.Kind(path: output) == .hdf5 else {
                    throw ValidationError("--output is \(output); expected a name that ends in .h5, since \(source.name) gives points")
                }
                try SampleFile.write(source, count: number, to: output)
            }
            print("\(output): \(number) samples of \(source.name), seed \(seed), SHA-256 \(try FileDigest.sha256(output))")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the distributions and their options.")

        func run() {
            let width = ToyDistribution.all.map(\.name.count).max() ?? 0
            for distribution in ToyDistribution.all {
                print(distribution.name + String(repeating: " ", count: width - distribution.name.count) + "  " + distribution.summary)
                let options = distribution.options.map { "\($0.name)=\($0.isWhole ? String(Int($0.standard)) : String($0.standard))" }
                print(String(repeating: " ", count: width) + "  " + options.joined(separator: ","))
            }
        }
    }
}
