"""The table of pairs. A line says what is measured, by whose convention, our command, the peer, the peer's command or expression over the names of peers.py, and how far the two may be apart."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Pair:
    """tolerance: of the peer's value, or absolute after "±". ours_at: the way to the number in our JSON, theirs_at in a peer's JSON."""
    metric: str
    protocol: str
    ours: str
    peer: str
    theirs: str
    tolerance: str
    note: str = ""
    ours_at: str = "value"
    theirs_at: str = ""

    @property
    def absolute(self):
        return self.tolerance.startswith("±")

    @property
    def limit(self):
        return float(self.tolerance.removeprefix("±"))


def evaluate(protocol, metrics):
    return f"gan-eval evaluate crops/real crops/fake --network inception-v3 --weights inception.pth --protocol {protocol} --metrics {metrics} --json"


def measure(metric, sets="real.h5 fake.h5", options=""):
    return " ".join(f"gan-eval evaluate {sets} --metrics {metric} {options} --json".split())


FIDELITY = "fidelity --input1 crops/fake --input2 crops/real --isc --fid --kid --kid-subset-size 24 --batch-size 1 --cpu --feature-extractor-weights-path inception.pth --cache-root fidelity --input1-cache-name fake --input2-cache-name real --json --silent"
DEFICIENT = "500 images of 1280 features: eigenvalues of a rank-deficient product"
ROOT = "24 images of 2048 features: SciPy's root of a rank-deficient product adds its rounding"

# From image files to the number: decoding, resizing, network and formula together.
FILES = [
    Pair("fid", "pytorch-fid", evaluate("pytorch-fid", "fid"), "pytorch-fid", "python -m pytorch_fid crops/real crops/fake --device cpu --batch-size 1 --num-workers 0", "1e-4", ROOT),
    Pair("fid", "pytorch-fid", "gan-eval fid few/real few/fake --network inception-v3 --weights inception.pth --protocol pytorch-fid --tap 64 --json", "pytorch-fid",
         "python -m pytorch_fid few/real few/fake --dims 64 --device cpu --batch-size 50 --num-workers 0", "1e-5", "more images than features; float32 networks on both sides"),
    Pair("fid", "torch-fidelity", evaluate("torch-fidelity", "fid,is"), "torch-fidelity", FIDELITY, "1e-4", "24 images of 2048 features: eigenvalues of a rank-deficient product", theirs_at="frechet_inception_distance"),
    Pair("is", "torch-fidelity", evaluate("torch-fidelity", "fid,is"), "torch-fidelity", FIDELITY, "1e-6", "the same shuffle, seed 2020", theirs_at="inception_score_mean"),
    Pair("is", "torch-fidelity", evaluate("torch-fidelity", "fid,is"), "torch-fidelity", FIDELITY, "1e-5", "deviation over splits", "details.std_over_splits", "inception_score_std"),
    Pair("fid", "clean-fid", evaluate("clean-fid", "fid,kid"), "clean-fid", 'fid_from_feats(clean("crops/real"), clean("crops/fake"))', "1e-4", ROOT),
    Pair("kid", "clean-fid", evaluate("clean-fid", "fid,kid"), "clean-fid", 'kernel_distance(clean("crops/real"), clean("crops/fake"))', "1e-5", "all 24 images in every subset; the peer sums in float32"),
    Pair("fid", "clean-fid-legacy-pytorch", evaluate("clean-fid-legacy-pytorch", "fid"), "clean-fid", 'exact(clean("crops/real", "legacy_pytorch"), clean("crops/fake", "legacy_pytorch"), mean=numpy.float32)', "1e-5",
         "the peer's features; trace from the nuclear norm in NumPy"),
    Pair("fid", "clean-fid-legacy-tensorflow", evaluate("clean-fid-legacy-tensorflow", "fid,kid"), "clean-fid", 'exact(clean("crops/real", "legacy_tensorflow"), clean("crops/fake", "legacy_tensorflow"), mean=numpy.float32)', "1e-5",
         "the peer's features; trace as above"),
    Pair("kid", "clean-fid-legacy-tensorflow", evaluate("clean-fid-legacy-tensorflow", "fid,kid"), "torch-fidelity", FIDELITY, "1e-4", "all 24 images in every subset; the same resize but for the rounding of a grid", theirs_at="kernel_inception_distance_mean"),
    Pair("fid", "stylegan", evaluate("stylegan", "fid"), "formula", 'exact(clean("crops/real", "legacy_tensorflow"), clean("crops/fake", "legacy_tensorflow"), ddof=0)', "1e-5",
         "StyleGAN's formula, divisor N, on clean-fid's features of its resize; needs CUDA itself"),
    Pair("fid", "adm", evaluate("adm", "fid,is"), "formula", 'exact(fidelity("real", "2048"), fidelity("fake", "2048"), mean=numpy.float32)', "1e-5",
         "the evaluator's formula on torch-fidelity's features; needs TensorFlow 1 itself"),
    Pair("fid", "ttur", evaluate("ttur", "fid,is"), "formula", 'exact(fidelity("real", "2048"), fidelity("fake", "2048"))', "1e-5", "the original code's formula on torch-fidelity's features; needs TensorFlow 1 itself"),
    Pair("is", "adm", evaluate("adm", "fid,is"), "formula", 'inception_score(fidelity("fake", "logits_unbiased"), 1)["is_mean"]', "1e-5", "as above; one run of up to 5000 images"),
    Pair("is", "ttur", evaluate("ttur", "fid,is"), "formula", 'inception_score(fidelity("fake", "logits_unbiased"), 10)["is_mean"]', "1e-5", "as above; ten splits in the order of the images"),
] + [
    Pair("fid", tap, f"gan-eval fid crops/real crops/fake --network inception-v3 --weights inception.pth --protocol adm --tap {tap} --json", "formula", f'exact(*spatial.features("{tap}"), mean=numpy.float32)', "1e-5",
         "sFID as this tool reads it; PyTorch's module, TensorFlow 1's resize by torch-fidelity")
    for tap in ("sfid-adm", "sfid-dgm-eval", "sfid-pyiqa")
]

# Of the same features, which gan-eval has extracted from 500 + 500 digits with the bundled network.
DISTANCES = [
    Pair("fid", "default", measure("fid"), "torchmetrics", "torchmetrics_distance(FrechetInceptionDistance, real, fake)", "1e-4", DEFICIENT),
    Pair("fid", "default", measure("fid"), "formula", "exact(real, fake)", "1e-9", "trace from the nuclear norm"),
    Pair("fid", "pytorch-fid", measure("fid", "few-real.h5 few-fake.h5", "--protocol pytorch-fid"), "pytorch-fid", "calculate_frechet_distance(*moments(few_real, few_fake))", "1e-8", "200 images of 64 features"),
    Pair("fid", "pytorch-fid", measure("fid", "few-real.h5 few-fake.h5", "--protocol pytorch-fid"), "torchmetrics", "torchmetrics_distance(FrechetInceptionDistance, few_real, few_fake)", "1e-8"),
    Pair("fid", "pytorch-fid", measure("fid", "few-real.h5 few-fake.h5", "--protocol pytorch-fid"), "torch-fidelity", "torch_fidelity_fid(few_real, few_fake)", "1e-8"),
    Pair("fid", "pytorch-fid", measure("fid", "few-real.h5 few-fake.h5", "--protocol pytorch-fid"), "clean-fid", "fid_from_feats(few_real, few_fake)", "1e-8"),
    Pair("kid", "default", measure("kid"), "torch-fidelity", 'kid_features_to_metric(tensor(fake), tensor(real), kid_subsets=1, kid_subset_size=500, **kid_settings)["kernel_inception_distance_mean"]', "1e-9", "one subset of all images, in float64"),
    Pair("kid", "default", measure("kid"), "torchmetrics", "torchmetrics_distance(KernelInceptionDistance, real, fake, subsets=1, subset_size=500)", "1e-9", "one subset of all images"),
    Pair("kid", "default", measure("kid"), "clean-fid", "kernel_distance(real, fake, num_subsets=1)", "1e-9", "one subset of all images"),
    Pair("is", "default", measure("is"), "torch-fidelity", 'isc_features_to_metric(tensor(scores))["inception_score_mean"]', "1e-9", "ten splits, shuffled with seed 2020"),
]

PRC = 'prc_features_to_metric(tensor({}), tensor(real), **prc_settings)["{}"]'
CLOSED = "k = 3, ≤"
STRICT = "k = 5, <"
NEIGHBOURS = [
    Pair(metric, "default", measure(metric, f"real.h5 {name}.h5"), "torch-fidelity", PRC.format(name, key), "±1e-7", CLOSED + "; the peer's mean is float32")
    for name in ("fake", "others") for metric, key in (("precision", "precision"), ("recall", "recall"), ("f-score", "f_score"))
] + [
    Pair(metric, "default", measure(metric, f"real.h5 {name}.h5"), "prdc", f'compute_prdc(real, {name}, nearest_k=3)["{metric}"]', "±1e-9", "k = 3; the peer compares with <, which matters only where distances are equal")
    for name in ("others",) for metric in ("precision", "recall")
] + [
    Pair(metric, "default", measure(metric, f"real.h5 {name}.h5"), "prdc", f'compute_prdc(real, {name}, nearest_k=5)["{metric}"]', "±1e-9", STRICT)
    for name in ("fake", "others") for metric in ("density", "coverage")
]

SMALL = "small-real.h5 small-fake.h5"
SMALL_SETS = "small_real, small_fake"
RULE = "the formula's integral by a midpoint rule of 5000 points"
SUPPORT = [
    Pair("realism", "default", measure("realism"), "dgm-eval", 'authors.silently(authors.dgm("prdc").compute_prdc, real, fake, 3, realism=True)["realism"].mean()', "1e-8", "of 500 radii < the median and ≤ the 250th are the same"),
    Pair("realism", "default", measure("realism"), "formula", "formulas.realism(real, fake)", "1e-8"),
    Pair("1nn", "default", measure("1nn"), "formula", "formulas.one_nearest_neighbour(real, fake)", "±1e-9", "scikit-learn's neighbours"),
    Pair("1nn", "default", measure("1nn", "real.h5 others.h5"), "formula", "formulas.one_nearest_neighbour(real, others)", "±1e-9"),
    Pair("alpha-precision", "default", measure("alpha-precision", "real.h5 others.h5"), "formula", "formulas.alpha_precision(real, others)", "±1e-3", RULE),
    Pair("beta-recall", "default", measure("beta-recall", "real.h5 others.h5"), "formula", "formulas.beta_recall(real, others)", "±1e-3", RULE),
    Pair("alpha-precision", "default", measure("alpha-precision", "real.h5 others.h5"), "evaluating-generative-models", "authors.alaa(real, others)[0]", "±0.01", "the authors sum 30 levels, both ends in full; ours is the exact integral"),
    Pair("authenticity", "default", measure("authenticity", "real.h5 others.h5"), "dgm-eval", 'authors.dgm("authpct").compute_authpct(real, others) / 100', "±1e-7", "AuthPct; the peer's distances are float32"),
    Pair("cross-lid", "default", measure("cross-lid"), "formula", "formulas.cross_lid(real, fake)", "1e-8", "scikit-learn's neighbours"),
    Pair("imd", "default", measure("imd"), "imd", "authors.imd(real, fake)", "1e-5", "the same random vectors"),
    Pair("geometry-score", "default", measure("geometry-score", SMALL), "geometry-score", f"authors.geometry_score({SMALL_SETS})", "1e-3", "gudhi's witness complexes on the same landmarks; it leaves loops uncounted in a complex without triangles"),
    Pair("mtop", "default", measure("mtop", SMALL), "formula", f"formulas.topological_divergence({SMALL_SETS})", "1e-5", "Ripser's loops, in float32; sets below 1000 images are taken whole"),
    Pair("mtop", "default", measure("mtop", SMALL), "formula", "formulas.topological_divergence(small_fake, small_real)", "1e-5", "the sets exchanged", "details.from_fake"),
]

DIRECTIONS = "the same 1000 directions"
KERNELS = [
    Pair("mmd", "default", measure("mmd"), "formula", "formulas.gaussian_mmd(real, fake, formulas.median_distance(real, fake))", "1e-8", "scikit-learn's kernel"),
    Pair("kd", "default", measure("kd"), "dgm-eval", 'authors.silently(authors.dgm("mmd").compute_mmd, real, fake, n_subsets=1).mean()', "1e-8", "500 images are every subset"),
    Pair("cmmd", "default", measure("cmmd"), "cmmd-pytorch", "authors.cmmd(real, fake)", "1e-6", "the translation to PyTorch; the same formula, in float64"),
    Pair("cmmd", "default", measure("cmmd"), "formula", "formulas.cmmd(real, fake)", "1e-6", "a difference of means of nearly 1"),
    Pair("sw1", "default", measure("sw1"), "formula", "formulas.sliced_first(real, fake)", "1e-8", "SciPy's `wasserstein_distance`, " + DIRECTIONS),
    Pair("sw2", "default", measure("sw2"), "formula", "formulas.sliced_second(real, fake) ** 0.5", "1e-8", DIRECTIONS),
    Pair("mind", "default", measure("mind"), "formula", "3 * 1280 * formulas.sliced_second(real, fake)", "1e-8", DIRECTIONS),
    Pair("asw", "default", measure("asw"), "dgm-eval", 'authors.dgm("sw").sw_approx(real, fake)', "1e-8"),
    Pair("vendi", "default", measure("vendi"), "vendi-score", "vendi.score_X(fake)", "1e-6", "the peer keeps eigenvalues that rounding leaves of zero"),
    Pair("vendi", "default", measure("vendi"), "vendi-score", "vendi.score_dual(fake, q=2)", "1e-8", "order 2", "details.q2"),
    Pair("vendi", "default", measure("vendi"), "vendi-score", 'vendi.score_dual(fake, q="inf")', "1e-8", "order ∞", "details.q_infinity"),
    Pair("vendi", "default", measure("vendi"), "dgm-eval", 'authors.dgm("vendi").compute_vendi_score(fake)', "1e-6"),
    Pair("mean-similarity", "default", measure("mean-similarity"), "formula", "formulas.mean_similarity(fake)", "1e-8", "scikit-learn's cosines"),
]

STARTS = "other starts of k-means"
CLUSTERS = [
    Pair("prd-f8", "default", measure("prd-f8", "real.h5 others.h5"), "precision-recall-distributions", "authors.prd(real, others)[0]", "±0.03", STARTS + "; the peer's k-means sees small batches"),
    Pair("prd-f1-8", "default", measure("prd-f1-8", "real.h5 others.h5"), "precision-recall-distributions", "authors.prd(real, others)[1]", "±0.03", STARTS + "; the peer's k-means sees small batches"),
    Pair("divergence-frontier", "default", measure("divergence-frontier"), "formula", "formulas.divergence_frontier(real, fake)", "±0.04", STARTS),
    Pair("ndb", "default", measure("ndb", SMALL), "gans-n-gmms", f"authors.ndb(*formulas.sized_shares({SMALL_SETS}, 100, 0))[0]", "±0.15", STARTS),
    Pair("bin-jsd", "default", measure("bin-jsd", SMALL), "gans-n-gmms", f"authors.ndb(*formulas.sized_shares({SMALL_SETS}, 100, 0))[1]", "±0.08", STARTS),
]

TRAINING = "--training small-others.h5"
LIKELIHOOD = [
    Pair("fld", "default", measure("fld", SMALL, TRAINING), "fld", "authors.fld(small_others, small_real, small_fake)", "±0.05", "the same halves of the training set; float32"),
    Pair("fls", "default", measure("fls", SMALL, TRAINING), "dgm-eval", "authors.dgm_fls(small_others, small_real, small_fake)", "±0.05", "the same 250 images of each set; float32"),
    Pair("parzen-log-likelihood", "default", measure("parzen-log-likelihood", SMALL), "formula", f"formulas.parzen_log_likelihood({SMALL_SETS})", "1e-8", "scikit-learn's `KernelDensity`"),
    Pair("parzen-coverage", "default", measure("parzen-coverage", SMALL), "formula", f"formulas.parzen_coverage({SMALL_SETS})", "±1e-9", "scikit-learn's `KernelDensity`"),
    Pair("image-retrieval", "default", measure("image-retrieval"), "formula", "formulas.image_retrieval(real, fake)", "1e-8", "scikit-learn's neighbours"),
]

CLASSES = "small_real, real_labels, small_fake, labels"
PROBABILITIES = "formulas.probabilities(small_scores)"
REAL_PROBABILITIES = "formulas.probabilities(small_real_scores)"
EXACT = "1e-8"
SCORES = [
    Pair("is", "default", measure("is", SMALL), "torch-fidelity", 'isc_features_to_metric(tensor(small_scores))["inception_score_mean"]', EXACT, "of ten digits"),
    Pair("is-infinity", "default", measure("is-infinity", SMALL), "torchmetrics", "torchmetrics_score(small_scores, 1)", EXACT, "the Inception Score in one split", "details.one_split_score"),
    Pair("mode-score", "default", measure("mode-score", SMALL), "formula", f"formulas.mode_score({REAL_PROBABILITIES}, {PROBABILITIES})", EXACT, "SciPy's entropies"),
    Pair("am-score", "default", measure("am-score", SMALL), "formula", f"formulas.am_score({REAL_PROBABILITIES}, {PROBABILITIES})", EXACT, "SciPy's entropies"),
    Pair("modified-is", "default", measure("modified-is", SMALL), "formula", f"formulas.modified_inception_score({PROBABILITIES})", EXACT),
    Pair("is-infinity", "default", measure("is-infinity", SMALL), "formula", f"formulas.inception_infinity({PROBABILITIES})", EXACT, "a line through the same quarters"),
    Pair("between-class-is", "default", measure("between-class-is", SMALL), "formula", f"formulas.between_class_inception({PROBABILITIES}, labels)", EXACT),
    Pair("within-class-is", "default", measure("within-class-is", SMALL), "formula", f"formulas.within_class_inception({PROBABILITIES}, labels)", EXACT),
    Pair("fid-infinity", "default", measure("fid-infinity", SMALL), "formula", f"formulas.frechet_infinity({SMALL_SETS})", EXACT, "a line through the same quarters"),
    Pair("mifid", "default", measure("mifid"), "torchmetrics", "torchmetrics_distance(MemorizationInformedFrechetInceptionDistance, real, fake)", "1e-4", DEFICIENT + "; no penalty here"),
    Pair("mifid", "default", measure("mifid", "real.h5 others.h5"), "torchmetrics", "torchmetrics_distance(MemorizationInformedFrechetInceptionDistance, real, others)", "1e-4", DEFICIENT + "; other real digits are near enough to be penalised"),
    Pair("mifid-kaggle", "default", measure("mifid-kaggle", "real.h5 others.h5"), "torchmetrics", "torchmetrics_distance(MemorizationInformedFrechetInceptionDistance, others, real)", "1e-4", "the sets exchanged, which gives the competition's mean; as above"),
    Pair("intra-fid", "default", measure("intra-fid", SMALL), "formula", f"formulas.per_class({CLASSES}).mean()", EXACT),
    Pair("within-class-fid", "default", measure("within-class-fid", SMALL), "formula", f"formulas.class_shares(real_labels) @ formulas.per_class({CLASSES})", EXACT),
    Pair("between-class-fid", "default", measure("between-class-fid", SMALL), "formula", f"formulas.between_class_frechet({CLASSES})", "1e-6", "ten means in 16 dimensions: the formula's eigenvalues are of a rank-deficient product"),
    Pair("conditional-fid", "default", measure("conditional-fid", SMALL), "formula", f"formulas.conditional_frechet({CLASSES})", EXACT),
    Pair("class-aware-fid", "default", measure("class-aware-fid", SMALL), "formula", f"formulas.class_aware_frechet(small_real, {REAL_PROBABILITIES}, small_fake, {PROBABILITIES})", EXACT),
]

LINEAR = "scikit-learn's logistic regression"
CLASSIFIERS = [
    Pair("gan-train", "default", measure("gan-train", SMALL), "formula", f"formulas.gan_train({CLASSES})", "±1e-9", LINEAR),
    Pair("gan-test", "default", measure("gan-test", SMALL), "formula", f"formulas.gan_test({CLASSES})", "±1e-9", LINEAR),
    Pair("boundary-distortion", "default", measure("boundary-distortion", SMALL), "formula", f"formulas.boundary_distortion({CLASSES})", "±1e-9", LINEAR),
    Pair("adversarial-divergence", "default", measure("adversarial-divergence", SMALL), "formula", f"formulas.adversarial_divergence({CLASSES})", "1e-5", LINEAR),
    Pair("classifier-two-sample", "default", measure("classifier-two-sample", "small-real.h5 small-others.h5"), "formula", "formulas.classifier_two_sample(small_real, small_others)", "±1e-9", LINEAR),
]

COPIES = "gan-eval copies small-fake.h5 --training small-others.h5 --held-out small-real.h5 --pixels 0 --json"
MEMORISATION = [
    Pair("AuthPct", "`copies`", COPIES, "dgm-eval", 'authors.dgm("authpct").compute_authpct(small_others, small_fake)', "±1e-4", "the peer's distances are float32", "authpct"),
    Pair("C_T", "`copies`", COPIES, "dgm-eval", "authors.dgm_ct(small_others, small_real, small_fake)", "±0.5", "k-means of the training set from other starts", "ct"),
    Pair("influence", "`explain`", "gan-eval explain small-real.h5 small-fake.h5 --json", "formula", "-formulas.leave_one_out(small_real, small_fake, 0)", "1e-6", "the first image, left out", "generated.0.influence"),
]

def pictures(name, metrics, options=""):
    return " ".join(f"gan-eval pairs pairs/{name}-a.png pairs/{name}-b.png --metrics {metrics} {options} --json".split())


TRUNKS = {"alex": "alexnet", "vgg": "vgg16", "squeeze": "squeezenet1_1"}
FLOAT = "float32 network against float64"
PICTURES = [
    Pair("lpips", f"{trunk}, {version}", pictures("noise", "lpips", f"--network {trunk} --weights {trunk}.h5 --lpips-version {version}"), "lpips", f'pictures.lpips("{net}", "noise", "{version}")', "1e-5", FLOAT)
    for net, trunk in TRUNKS.items() for version in ("0.1", "0.0")
] + [
    Pair("lpips", f"{trunk}, torchmetrics", pictures("noise", "lpips", f"--network {trunk} --weights {trunk}.h5 --unit-length torchmetrics"), "torchmetrics", f'pictures.torchmetrics_lpips("{net}", "noise")', "1e-5", FLOAT)
    for net, trunk in TRUNKS.items()
] + [
    Pair("lpips", "efficientnet-lite0", pictures("noise", "lpips"), "efficientnet-lite-pytorch", 'pictures.bundled_lpips("noise")', "1e-5", "the bundled network's PyTorch module and this package's weights; " + FLOAT),
    Pair("dists", "vgg16", pictures("noise", "dists", "--network vgg16 --weights vgg16.h5"), "DISTS-pytorch", 'pictures.dists("noise")', "1e-5", FLOAT),
    Pair("ssim", "default", pictures("noise", "ssim"), "scikit-image", 'pictures.ssim(*pictures.pair("noise"))', "1e-10"),
    Pair("ms-ssim", "default", pictures("shift", "ms-ssim"), "torchmetrics", 'pictures.ms_ssim("shift")', "1e-6"),
    Pair("ms-ssim", "tensorflow", pictures("shift", "ms-ssim", "--ms-ssim tensorflow"), "pytorch-msssim", 'pictures.ms_ssim_after("shift")', "1e-10", "the peer with its window in float64"),
    Pair("psnr", "default", pictures("noise", "psnr"), "scikit-image", 'pictures.psnr(*pictures.pair("noise"))', "1e-10"),
    Pair("sharpness", "default", pictures("noise", "sharpness"), "formula", 'pictures.fixtures.sharpness(*pictures.pair("noise"))', "1e-10"),
    Pair("ssim", "default", "gan-eval ssim few/real few/fake --json", "scikit-image", "pictures.mean(pictures.ssim)", "1e-10", "mean over 200 pairs of digits with the same name"),
    Pair("psnr", "default", "gan-eval psnr few/real few/fake --json", "scikit-image", "pictures.mean(pictures.psnr)", "1e-10", "mean over 200 pairs of digits with the same name"),
]


FEW = "few/real few/fake"
WHOLE = [
    Pair("sliced-wasserstein", "default", measure("sliced-wasserstein", FEW), "formula", "numpy.mean(pictures.pixels.sliced(*pictures.few(), 128, 4, 1))", "1e-5", "SciPy's convolutions, the same patches and directions; float32 patches against float64"),
    Pair("sliced-wasserstein", "default", measure("sliced-wasserstein", FEW), "progressive_growing_of_gans", "authors.sliced_wasserstein(*pictures.few())", "0.1", "other patches and directions"),
    Pair("spectrum-distance", "default", measure("spectrum-distance", FEW), "formula", 'pictures.pixels.spectrum(*pictures.few())["distance"]', "1e-8", "NumPy's Fourier transform"),
    Pair("spectral-slope", "default", measure("spectral-slope", FEW), "formula", 'pictures.pixels.spectrum(*pictures.few())["slope"]', "1e-8", "NumPy's Fourier transform and `polyfit`"),
    Pair("contrast-divergence", "default", measure("contrast-divergence", FEW), "formula", 'pictures.pixels.low_level(*pictures.few())["contrast"]', "1e-8"),
    Pair("filter-divergence", "default", measure("filter-divergence", FEW), "formula", 'pictures.pixels.low_level(*pictures.few())["filter"]', "1e-8"),
]

SECTIONS = [
    ("From image files to the number", "Decoding, resizing, network and formula together, each protocol against the tool it reproduces.", FILES),
    ("Distances and scores of the same features", "The peers' formulas on the features that gan-eval has extracted. Values of the protocols' random subsets and splits are in `Tests/EvaluationTests`.", DISTANCES),
    ("Neighbours", "`fake` and, for counts that are not small, `others`: other real digits.", NEIGHBOURS),
    ("Supports and shapes", "Measures that look at where the sets lie and how they are connected.", SUPPORT),
    ("Kernels, slices and variety", "Random directions are NumPy's, seed 2020, on both sides.", KERNELS),
    ("Clusters", "k-means starts at random, so that two programs never have the same clusters: tolerances are about four standard deviations of what starts alone move, but for PRD's, which is a guess on the wide side. For given shares `Tests/EvaluationTests` compares exactly.", CLUSTERS),
    ("Likelihoods and densities", "FLD and FLS see `others` as the training set and `real` as unseen images.", LIKELIHOOD),
    ("Class scores and classes", "On 16 principal components, 50 images of each class, and scores of ten digits by a logistic regression that has seen neither set (`Scripts/agreement/data.py`).", SCORES),
    ("Classifiers", "On the same 16 components. A share of right answers agrees only if every image is judged alike.", CLASSIFIERS),
    ("Memorisation and influence", "What `gan-eval copies` and `gan-eval explain` print.", MEMORISATION),
    ("Pairs of pictures", "A crop of a photograph with noise, one that is shifted and darkened, and 200 pairs of digits; the trunks' weights are generated, the heads are the published ones.", PICTURES),
    ("Whole images", "Of 200 + 200 digits.", WHOLE),
]
PAIRS = [pair for _, _, pairs in SECTIONS for pair in pairs]

# What has no pair, and why.
UNCOMPARED = {
    "KID over random subsets of 1000 images": "needs more images than are committed; the peers' own values for other subsets, drawn by the same generator, are in `Fixtures/metrics` and `Fixtures/protocols`",
    "perceptual path length": "needs a generator",
    "support by the birthday paradox": "no program to install was found",
    "intervals and p-values": "the peers give none; how often they cover is in [Uncertainty](../../Documentation/Uncertainty.md)",
}
