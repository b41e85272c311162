/// How a metric reacts to a growing disturbance.
public enum SanityReaction: String, Sendable {
    /// It gets worse: a distance grows, a score falls.
    case worsens
    /// It gets better.
    case improves
    /// It stays within its noise.
    case holds

    /// What the papers that propose or examine the metrics say they do; nil where they say nothing, or where it depends on the data.
    ///
    /// The reference of all but the metrics of memorisation is the training set, as is usual. Sources: Heusel et al. 2017 (blur, noise), Lucic et al. 2018 (dropped modes), Xu et al. 2018 (dropped modes,
    /// memorisation, sample size), Chong and Forsyth 2020 (bias), Kynkäänniemi et al. 2019 and Naeem et al. 2020 (fidelity against diversity), Bińkowski et al. 2018 (unbiasedness), Bai et al. 2021,
    /// Alaa et al. 2022 and Jiralerspong et al. 2023 (memorisation).
    public static func expected(of metric: String, under disturbance: Disturbance) -> [SanityReaction]? {
        switch disturbance {
        case .blur, .noise, .jpeg: both.contains(metric) || fidelity.contains(metric) || pixels[metric]?.contains(disturbance) == true ? [.worsens] : nil
        case .modeDropping: both.contains(metric) || diversity.contains(metric) ? [.worsens] : nil
        case .modeDuplication: (both.contains(metric) && !sliced.contains(metric)) || diversity.contains(metric) ? [.worsens] : nil
        case .memorisation: memorisation.contains(metric) ? [.worsens] : blind.contains(metric) ? [.improves, .holds] : nil
        case .sampleSize: unbiased.contains(metric) ? [.holds] : optimistic.contains(metric) ? [.improves] : nil
        }
    }

    /// Distances between whole distributions.
    private static let both: Set<String> = [
        "fid", "kid", "mmd", "kd", "cmmd", "mind", "sw1", "sw2", "asw", "fid-infinity", "fld", "prd-f8", "prd-f1-8", "divergence-frontier", "ndb", "bin-jsd", "classifier-two-sample",
    ]
    /// Distances that look at marginals, which repetition of typical images need not move.
    private static let sliced: Set<String> = ["mind", "sw1", "sw2", "asw"]
    /// Whether generated images are like real ones.
    private static let fidelity: Set<String> = ["precision", "density", "realism", "1nn", "intra-fid", "within-class-fid", "conditional-fid", "class-aware-fid", "gan-test"]
    /// Whether generated images are as various as real ones.
    private static let diversity: Set<String> = ["recall", "coverage", "vendi", "mean-similarity"]
    /// What was made to find copies of training images.
    private static let memorisation: Set<String> = ["authenticity", "mifid", "fld"]
    /// Measures against the training set, for which copies are the best images there are.
    private static let blind: Set<String> = ["fid", "kid", "mmd", "kd", "precision", "density", "coverage"]
    /// Estimates whose mean does not depend on the number of images.
    private static let unbiased: Set<String> = ["kid", "mmd", "fid-infinity", "precision", "density"]
    /// Estimates that few generated images make look worse.
    private static let optimistic: Set<String> = ["fid", "coverage", "sw1", "sw2", "mind"]
    /// What metrics of pixels see.
    private static let pixels: [String: Set<Disturbance>] = [
        "sliced-wasserstein": [.blur, .noise, .jpeg], "spectrum-distance": [.blur, .noise], "contrast-divergence": [.blur, .noise], "filter-divergence": [.blur, .noise, .jpeg],
    ]
}
