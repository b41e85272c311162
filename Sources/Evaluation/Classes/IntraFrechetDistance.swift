/// Intra-FID: the Fréchet distance of each class, averaged over the classes. It sees what FID does not: images of the wrong class, and classes without variety.
///
///     intra-FID = 1/C · Σ_c FID(real of class c, generated of class c)
///
/// Source: Miyato & Koyama 2018, *cGANs with projection discriminator*, arXiv:1802.05637; as StudioGAN computes it. With classes weighted by their frequency it is ``WithinClassFrechetDistance``.
public struct IntraFrechetDistance: Sendable, Hashable {
    /// How means and covariances are taken.
    public var convention: MomentConvention

    /// A distance under a convention of moments.
    public init(convention: MomentConvention = .unbiased) { self.convention = convention }

    /// The mean distance; each class's is the detail `fid_of_class_…` with the class's name.
    ///
    /// Classes match by name; one with fewer than two images in a set is left out with a warning, and classes with no more images than features are warned of: their distances are exact for these images,
    /// but mostly bias. The interval covers the mean expected from classes of these sizes.
    /// - Throws: `dimensionMismatch`; `badShape` for labels of another number; `tooFewImages` where no class has two images in both sets.
    public func callAsFunction(
        real: FeatureSet, labels realLabels: ImageLabels, fake: FeatureSet, labels fakeLabels: ImageLabels, confidence: Double = 0.95
    ) throws(EvaluationError) -> MetricResult {
        try self(ClassGroups(real: real, realLabels, fake: fake, fakeLabels, fewest: 2, for: "intra-fid"), confidence)
    }

    func callAsFunction(_ groups: ClassGroups, _ confidence: Double) throws(EvaluationError) -> MetricResult {
        let classes = try ClassDistances(groups, convention)
        let equal = [Double](repeating: 1 / Double(classes.values.count), count: classes.values.count)
        return classes.result("intra-fid", weights: equal, groups, confidence)
    }
}

/// The Fréchet distance within each class.
struct ClassDistances {
    let names: [String], values: [Double], standardErrors: [Double]
    private let fewest: Int, dimension: Int

    init(_ groups: ClassGroups, _ convention: MomentConvention) throws(EvaluationError) {
        var values: [Double] = [], errors: [Double] = []
        for group in groups.groups {
            let pair = try GaussianPair(.features(group.real), .features(group.fake), convention)
            var uncertainty = try FrechetUncertainty(pair, convention, counts: (group.real.count, group.fake.count))
            uncertainty.addFirst(group.real.values)
            uncertainty.addSecond(group.fake.values)
            values.append(FrechetDistance(pair).value)
            errors.append(uncertainty.standardError ?? 0)
        }
        (names, self.values, standardErrors) = (groups.groups.map(\.name), values, errors)
        fewest = groups.groups.map { min($0.real.count, $0.fake.count) }.min() ?? 0
        dimension = groups.groups.first?.real.dimension ?? 0
    }

    /// The weighted mean; `weights` sum to 1.
    func result(_ metric: String, weights: [Double], _ groups: ClassGroups, _ confidence: Double) -> MetricResult {
        let value = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let error = zip(standardErrors, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }.squareRoot()
        var result = MetricResult(metric: metric, value: value, details: [.init("classes", Double(values.count)), .init("smallest_class", Double(fewest))],
                                  realCount: groups.realCount, fakeCount: groups.fakeCount, warnings: groups.warnings)
        for (name, value) in zip(names, values) { result.details.append(.init("fid_of_class", ofClass: name, value)) }
        if fewest <= dimension {
            result.warnings.append("a class has only \(fewest) images in a set for \(dimension) features: distances of classes are mostly small-sample bias; compare only values of equal numbers of images")
        }
        result.addInterval(standardError: error, confidence)
        return result
    }
}

/// Intra-FID as `gan-eval evaluate --metrics intra-fid` reports it.
struct IntraFrechetMetric: Metric {
    let about = MetricDescription(
        "intra-fid", "Intra-FID", "FID of each class, averaged", needs: [.real, .features, .labels], better: .smaller, cost: "N·d² + C·d³", paper: "Miyato & Koyama 2018, arXiv:1802.05637")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try IntraFrechetDistance(convention: sets.proto.frechet.convention)(ClassGroups(sets, fewest: 2, for: name), sets.confidence)
    }
}
