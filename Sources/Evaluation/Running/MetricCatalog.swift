/// Every metric of the package.
public enum MetricCatalog {
    /// In the order of tables.
    public static let all: [any Metric] = [
        FrechetMetric(), KernelMetric(), InceptionScoreMetric(), PrecisionMetric(), RecallMetric(), DensityMetric(), CoverageMetric(),
        RealismMetric(), FScoreMetric(), NearestNeighbourTestMetric(), AlphaPrecisionMetric(), BetaRecallMetric(), AuthenticityMetric(),
        PRDRecallMetric(), PRDPrecisionMetric(), DivergenceFrontierMetric(), DifferentBinsMetric(), BinDivergenceMetric(),
        GaussianDiscrepancyMetric(), KernelDistanceMetric(), NormalisedDiscrepancyMetric(),
        SlicedMetric(form: .mind), SlicedMetric(form: .first), SlicedMetric(form: .second), ApproximateSlicedMetric(),
        VendiMetric(), MeanSimilarityMetric(), CrossLIDMetric(), IntrinsicDistanceMetric(), GeometryScoreMetric(), TopologicalDivergenceMetric(),
        FeatureLikelihoodMetric(form: .fld), FeatureLikelihoodMetric(form: .fls),
        FrechetInfinityMetric(), MemorizationInformedMetric(.real), MemorizationInformedMetric(.generated),
        ModeScoreMetric(), ActivationMaximizationMetric(), ModifiedInceptionMetric(), InceptionScoreInfinityMetric(),
        IntraFrechetMetric(), WithinClassFrechetMetric(), BetweenClassFrechetMetric(), ConditionalFrechetMetric(), ClassAwareFrechetMetric(),
        BetweenClassInceptionMetric(), WithinClassInceptionMetric(),
        ClassificationAccuracyMetric(.generated), ClassificationAccuracyMetric(.real), ClassifierTwoSampleMetric(), BoundaryDistortionMetric(), AdversarialDivergenceMetric(),
        SlicedWassersteinMetric(), SpectrumDistanceMetric(), SpectralSlopeMetric(), ContrastDivergenceMetric(), FilterDivergenceMetric(),
        ParzenLogLikelihoodMetric(), ParzenCoverageMetric(), ImageRetrievalMetric(),
    ]

    /// What other commands measure: its name, the command, its paper.
    public static let elsewhere: [(name: String, command: String, paper: String)] = [
        ("lpips", "gan-eval lpips A B", "Zhang et al. 2018"), ("dists", "gan-eval pairs A B --metrics dists", "Ding et al. 2020"),
        ("ssim", "gan-eval ssim A B", "Wang et al. 2004"), ("ms-ssim", "gan-eval pairs A B --metrics ms-ssim", "Wang et al. 2003, Odena et al. 2017"),
        ("psnr", "gan-eval psnr A B", "10 log10(255^2 / MSE)"), ("sharpness", "gan-eval pairs A B --metrics sharpness", "Mathieu et al. 2016"),
        ("relative similarity test", "gan-eval compare", "Bounliphone et al. 2016, arXiv 1511.04581"),
        ("AuthPct", "gan-eval copies", "Alaa et al. 2021, arXiv 2102.08921"),
        ("data-copying test C_T", "gan-eval copies", "Meehan et al. 2020, arXiv 2004.05675"),
        ("support size by the birthday paradox", "gan-eval copies", "Arora & Zhang 2017, arXiv 1706.08224"),
        ("perceptual path length (PPL)", "gan-eval path-length RUN", "Karras et al. 2019, arXiv 1812.04948"),
        ("tournament win rate, skill rating", "gan-eval tournament RUN …", "Olsson et al. 2018, arXiv 1808.04888"),
        ("GAM", "gan-eval tournament RUN …", "Im et al. 2016, arXiv 1602.05110"),
        ("duality gap", "gan-eval duality-gap RUN", "Grnarova et al. 2019, arXiv 1811.05512"),
        ("reconstruction error", "gan-eval reconstruction-error RUN", "Xiang & Li 2017, arXiv 1704.03971"),
        ("linear separability", "gan-eval separability RUN", "Karras et al. 2019, arXiv 1812.04948"),
        ("independent Wasserstein critic", "gan-eval critic REAL FAKE", "Danihelka et al. 2017, arXiv 1705.05263"),
        ("CAS and GAN-test by trained networks", "gan-eval cas REAL FAKE", "Ravuri & Vinyals 2019, arXiv:1905.10887, Shmelkov et al. 2018, arXiv:1807.09499"),
        ("NRDS", "gan-eval nrds REAL FAKE FAKE …", "Zhang et al. 2018, arXiv 1801.06790"),
    ]

    /// What the field's reviews name and this package does not measure, each with the reason.
    public static let absent: [(name: String, reason: String)] = [
        ("HYPE", "asks people whether an image is real (Zhou et al. 2019)"),
        ("Neuroscore", "reads people's brain waves (Wang et al. 2020)"),
        ("Rapid scene categorisation", "times people's answers (Denton et al. 2015)"),
        ("Preference judgement", "asks people to rank models"),
        ("FVD", "is for videos and needs I3D's weights"),
        ("FAD", "is for sound and needs VGGish's weights"),
        ("CMMD and CLIP-FID on CLIP", "need its weights and a vision transformer, which is not among the networks"),
        ("FD-DINOv2", "needs DINOv2's weights and a vision transformer, which is not among the networks"),
        ("SwAV-FID", "needs SwAV's weights for ResNet-50, which is not among the networks"),
        ("FCN-score", "needs a segmentation network and segmented images"),
        ("Seeing what a GAN cannot generate (FSD)", "needs a segmentation network (Bau et al. 2019)"),
        ("Caption score, SOA", "are for images made from text, and need a captioner or a detector"),
        ("GAN steerability, GAN dissection", "need the generator's inside and edits of it, not images"),
        ("Annealed importance sampling", "needs a decoder with a likelihood (Wu et al. 2017)"),
        ("Generalisation probes", "need data sets made for them (Zhao et al. 2018)"),
        ("Equivariance EQ-T, EQ-R", "need a generator that can be moved and turned (Karras et al. 2021)"),
        ("Universal fake detector", "needs a classifier trained on many generators' images (Wang et al. 2020)"),
        ("Fairness of attributes", "needs classifiers of the attributes"),
    ]

    /// A line for each metric, for people.
    public static var table: String {
        var rows = [["METRIC", "TELLS", "NEEDS", "BETTER", "COST", "PAPER"]]
        rows += all.map(\.about).map { [$0.name, $0.summary, $0.needs.text, $0.better.rawValue, $0.cost, $0.paper] }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            zip(row, widths).dropLast().map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ") + "  " + (row.last ?? "")
        }
        if !elsewhere.isEmpty { lines += ["", "Measured by other commands:"] + elsewhere.map { "  \($0.name): `\($0.command)`, \($0.paper)" } }
        if !absent.isEmpty { lines += ["", "Not measured:"] + absent.map { "  \($0.name): \($0.reason)" } }
        return lines.joined(separator: "\n")
    }

    /// The metrics of a comma-separated list of names.
    /// - Throws: `badOption` with every name.
    public static func named(_ list: String) throws(EvaluationError) -> [any Metric] {
        let expected = "a list of " + all.map(\.name).joined(separator: ", ")
        var found: [any Metric] = []
        for name in list.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            guard let metric = all.first(where: { $0.name == name }) else { throw .badOption(name: "--metrics", value: name, expected: expected) }
            found.append(metric)
        }
        guard !found.isEmpty else { throw .badOption(name: "--metrics", value: list, expected: expected) }
        return found
    }

    /// Metrics whose own standard error is of new generated images; where the real ones count as random too it is larger than that, on the safe side. Those of others are of new real images against the same
    /// generated ones, as recall's, or there is none.
    public static let withErrorsOfGenerated: Set<String> = [
        "fid", "kid", "is", "precision", "density", "coverage", "realism", "alpha-precision", "authenticity", "mmd", "kd", "cmmd", "mean-similarity", "fid-infinity", "is-infinity", "mode-score",
        "am-score", "modified-is", "intra-fid", "within-class-fid", "within-class-is", "between-class-is", "gan-test", "spectrum-distance", "spectral-slope",
    ]
}
