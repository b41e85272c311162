"""Published formulas written down with NumPy, SciPy and scikit-learn, where nobody's code can be installed or what can be has another convention. Nothing here is taken from gan-eval.

x are real images' features, y generated ones'; p and q class probabilities of both; a and b class labels of both.
"""
import numpy
import ripser
from scipy.spatial.distance import cdist
from scipy.special import rel_entr, softmax
from scipy.stats import entropy, wasserstein_distance
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances, rbf_kernel
from sklearn.neighbors import KernelDensity, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, normalize


# Neighbours

def nearest(points, of, k, own=False):
    """Distances [len(of), k] to the k nearest points, leaving an image itself out of its own set."""
    found = NearestNeighbors(n_neighbors=k + own, algorithm="brute").fit(points).kneighbors(of)[0]
    return found[:, own:]


def realism(x, y, k=3):
    """Kynkäänniemi et al. 2019, equation 3: over the half of the real images with the smaller radii."""
    radii = nearest(x, x, k, own=True)[:, -1]
    kept = radii <= numpy.sort(radii)[(len(radii) - 1) // 2]
    return (radii[kept, None] / euclidean_distances(x[kept], y)).max(0).mean()


def one_nearest_neighbour(x, y):
    """Lopez-Paz and Oquab 2017: leave-one-out accuracy of the nearest neighbour."""
    union, label = numpy.vstack([x, y]), numpy.arange(len(x) + len(y)) < len(x)
    neighbour = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(union).kneighbors(union)[1][:, 1]
    return (label[neighbour] == label).mean()


LEVELS = (numpy.arange(5000) + 0.5) / 5000


def integrated(curve):
    return 1 - 2 * numpy.abs(numpy.array(curve) - LEVELS).mean()


def alpha_precision(x, y):
    """Alaa et al. 2022, equations 5 and 8, by the midpoint rule."""
    own, other = (numpy.linalg.norm(z - x.mean(0), axis=1) for z in (x, y))
    return integrated([(other <= radius).mean() for radius in numpy.quantile(own, LEVELS, method="inverted_cdf")])


def beta_recall(x, y):
    """Alaa et al. 2022, equations 6, 8 and 10, by the midpoint rule: y of the central share cover the x whose nearest x is no nearer."""
    central = numpy.linalg.norm(y - y.mean(0), axis=1)
    covers = euclidean_distances(x, y) <= nearest(x, x, 1, own=True)
    first = numpy.where(covers, central, numpy.inf).min(1)
    return integrated([(first <= radius).mean() for radius in numpy.quantile(central, LEVELS, method="inverted_cdf")])


def cross_lid(x, y, k=100):
    """Barua et al. 2019: the maximum-likelihood dimension of y around each x."""
    distances = nearest(y, x, k)
    return (-k / numpy.log(distances / distances[:, -1:]).sum(1)).mean()


# Kernels, slices and variety

def topological_divergence(x, y):
    """Barannikov et al. 2021, algorithm 1 of whole sets: the total length of the loops of x and y in which all y are at distance 0 of each other."""
    both = numpy.vstack([x, y])
    distances = cdist(both, both)
    distances[len(x):, len(x):] = 0
    loops = ripser.ripser(distances, distance_matrix=True, maxdim=1)["dgms"][1]
    return numpy.subtract(loops[:, 1], loops[:, 0], dtype=float).sum()


def median_distance(x, y):
    union = numpy.vstack([x, y])
    return numpy.median(euclidean_distances(union)[numpy.tril_indices(len(union), -1)])


def gaussian_mmd(x, y, sigma):
    """Gretton et al. 2012, lemma 6, without bias."""
    def kernel(a, b):
        return rbf_kernel(a, b, gamma=1 / (2 * sigma**2))
    n, m = len(x), len(y)
    return (kernel(x, x).sum() - n) / (n * (n - 1)) + (kernel(y, y).sum() - m) / (m * (m - 1)) - 2 * kernel(x, y).mean()


def cmmd(x, y, sigma=10):
    """Jayasumana et al. 2024: 1000 times the biased discrepancy of features of unit length."""
    x, y = normalize(x), normalize(y)
    kernels = [rbf_kernel(a, b, gamma=1 / (2 * sigma**2)).mean() for a, b in ((x, x), (y, y), (x, y))]
    return 1000 * (kernels[0] + kernels[1] - 2 * kernels[2])


def directions(dimension, count=1000):
    """NumPy's, seed 2020."""
    return normalize(numpy.random.RandomState(2020).randn(count, dimension))


def sliced_first(x, y):
    return numpy.mean([wasserstein_distance(x @ u, y @ u) for u in directions(x.shape[1])])


def sliced_second(x, y):
    """The mean squared distance of sorted projections of sets of one size."""
    u = directions(x.shape[1])
    return ((numpy.sort(x @ u.T, axis=0) - numpy.sort(y @ u.T, axis=0)) ** 2).mean()


def mean_similarity(y):
    similarities = cosine_similarity(y)
    return similarities[~numpy.eye(len(y), dtype=bool)].mean()


# Clusters

def shares(x, y, clusters, seed, union=True):
    """Shares of both sets in k-means clusters of their union, or of x."""
    found = KMeans(clusters, n_init=1, random_state=seed).fit(numpy.vstack([x, y]) if union else x)
    return [numpy.bincount(found.predict(z), minlength=clusters) / len(z) for z in (x, y)]


def sized_shares(x, y, clusters, seed):
    """Shares and sizes of both sets in clusters of x, as the authors' test of proportions takes them."""
    p, q = shares(x, y, clusters, seed, union=False)
    return p, len(x), q, len(y)


def divergence_frontier(x, y, runs=10):
    """Liu et al. 2021: twice the integral over t of t·KL(p‖r) + (1 − t)·KL(q‖r), r = tp + (1 − t)q, by the midpoint rule."""
    t = LEVELS[:, None]
    def integral(p, q):
        r = t * p + (1 - t) * q
        return 2 * (t * rel_entr(p, r) + (1 - t) * rel_entr(q, r)).sum(1).mean()
    return numpy.mean([integral(*shares(x, y, 20, seed)) for seed in range(runs)])


# Fréchet distances

def gaussians(m, s, n, t):
    """Between means m, n and covariances s, t: the trace of the root by eigenvalues."""
    return ((m - n) ** 2).sum() + numpy.trace(s + t) - 2 * numpy.sqrt(numpy.linalg.eigvals(s @ t).astype(complex)).real.sum()


def frechet(x, y):
    return gaussians(x.mean(0), numpy.cov(x, rowvar=False), y.mean(0), numpy.cov(y, rowvar=False))


def quarters(count, random):
    order = random.permutation(count)
    return [order[i * count // 4 : (i + 1) * count // 4] for i in range(4)]


def frechet_infinity(x, y):
    """Chong and Forsyth 2020's line in 1/N, through the whole sets and the mean of their quarters."""
    random = numpy.random.RandomState(2020)
    first, second = quarters(len(x), random), quarters(len(y), random)
    whole = frechet(x, y)
    return whole - (numpy.mean([frechet(x[i], y[j]) for i, j in zip(first, second)]) - whole) / 3


def per_class(x, a, y, b):
    return numpy.array([frechet(x[a == c], y[b == c]) for c in numpy.unique(a)])


def class_shares(a):
    return numpy.bincount(a) / len(a)


def class_means(x, a):
    return numpy.stack([x[a == c].mean(0) for c in numpy.unique(a)])


def between_class_frechet(x, a, y, b):
    """Benny et al. 2021: the class means, weighted by the real images' shares."""
    w = class_shares(a)
    moments = []
    for means in (class_means(x, a), class_means(y, b)):
        moments += [w @ means, numpy.cov(means, rowvar=False, aweights=w, ddof=0)]
    return gaussians(*moments)


def conditional_frechet(x, a, y, b):
    """Soloveitchik et al. 2021 with the class as condition."""
    w = class_shares(a)
    pooled = [sum(w[c] * numpy.cov(z[l == c], rowvar=False, ddof=0) for c in range(len(w))) for z, l in ((x, a), (y, b))]
    origin = numpy.zeros(x.shape[1])
    return w @ ((class_means(x, a) - class_means(y, b)) ** 2).sum(1) + gaussians(origin, pooled[0], origin, pooled[1])


def class_aware_frechet(x, p, y, q):
    """Liu et al. 2018: every image belongs to a class with its probability."""
    def weighted(z, w):
        return numpy.average(z, axis=0, weights=w), numpy.cov(z, rowvar=False, aweights=w, ddof=0)
    return numpy.mean([gaussians(*weighted(x, p[:, k]), *weighted(y, q[:, k])) for k in range(p.shape[1])])


# Class scores: q are the generated images' probabilities, p the real ones'

def probabilities(scores):
    return softmax(scores, axis=1)


def divergence_from_mean(q):
    return entropy(q, q.mean(0)[None], axis=1).mean()


def mode_score(p, q):
    """Che et al. 2017 as Xu et al. 2018 write it."""
    return numpy.exp(divergence_from_mean(q) - entropy(q.mean(0), p.mean(0)))


def am_score(p, q):
    return entropy(p.mean(0), q.mean(0)) + entropy(q, axis=1).mean()


def modified_inception_score(q):
    """Gurumurthy et al. 2017, over predicted classes."""
    predicted = q.argmax(1)
    return numpy.mean([numpy.exp(rel_entr(rows[:, None], rows[None]).sum(-1).mean()) for rows in (q[predicted == c] for c in numpy.unique(predicted))])


def inception_infinity(q):
    whole = numpy.exp(divergence_from_mean(q))
    return whole - (numpy.mean([numpy.exp(divergence_from_mean(q[part])) for part in quarters(len(q), numpy.random.RandomState(2020))]) - whole) / 3


def between_class_inception(q, b):
    means = numpy.stack([q[b == c].mean(0) for c in numpy.unique(b)])
    return numpy.exp(class_shares(b) @ entropy(means, q.mean(0)[None], axis=1))


def within_class_inception(q, b):
    return numpy.exp(class_shares(b) @ [divergence_from_mean(q[b == c]) for c in numpy.unique(b)])


# Classifiers: logistic regression with C = 1 on standardised features, trained until its gradient vanishes

def trained(x, a):
    return make_pipeline(StandardScaler(), LogisticRegression(tol=1e-10, max_iter=100_000)).fit(x, a)


def gan_train(x, a, y, b):
    return trained(y, b).score(x, a)


def gan_test(x, a, y, b):
    return trained(x, a).score(y, b)


def held_out(x, a):
    """Probabilities for each x by a classifier that has not seen it; five folds, within each class in turn."""
    place, found = numpy.zeros(len(x), int), numpy.zeros((len(x), len(numpy.unique(a))))
    for c in numpy.unique(a):
        place[a == c] = numpy.arange((a == c).sum())
    for fold in range(5):
        part = place % 5 == fold
        found[part] = trained(x[~part], a[~part]).predict_proba(x[part])
    return found


def boundary_distortion(x, a, y, b):
    return (held_out(x, a).argmax(1) == a).mean() - gan_train(x, a, y, b)


def adversarial_divergence(x, a, y, b):
    return rel_entr(trained(y, b).predict_proba(x), held_out(x, a)).sum(1).mean()


def classifier_two_sample(x, y):
    right, order = [], numpy.random.RandomState(2020).permutation(len(x))
    for fold in range(5):
        held = numpy.isin(numpy.arange(len(x)), order[fold::5])
        model = trained(numpy.vstack([x[~held], y[~held]]), numpy.repeat([0, 1], (~held).sum()))
        right += [model.predict(x[held]) == 0, model.predict(y[held]) == 1]
    return numpy.concatenate(right).mean()


# Densities

def windows(centres, deviation):
    return KernelDensity(bandwidth=deviation, rtol=0, atol=0).fit(centres)


def deviation(centres, validation):
    """The likeliest of 21 from a hundredth to √10 of the centres' spread."""
    tried = numpy.sqrt(((centres - centres.mean(0)) ** 2).mean()) * 10.0 ** (-2 + numpy.arange(21) / 8)
    return max(tried, key=lambda width: windows(centres, width).score(validation))


def parzen_log_likelihood(x, y):
    return windows(y, deviation(y, x[0::2])).score_samples(x[1::2]).mean()


def parzen_coverage(x, y):
    """Tolstikhin et al. 2017: the share of real images above the density that 95 % of held-out generated ones exceed."""
    model = windows(y[0::2], deviation(y[0::2], x[0::2]))
    own = numpy.sort(model.score_samples(y[1::2]))
    return (model.score_samples(x[1::2]) > own[int(len(own) * 0.05)]).mean()


def image_retrieval(x, y):
    return nearest(y, x, 1).mean()


# Influence

def leave_one_out(x, y, i):
    """How the distance changes without one generated image."""
    return frechet(x, numpy.delete(y, i, axis=0)) - frechet(x, y)
