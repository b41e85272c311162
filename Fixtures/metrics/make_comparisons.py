"""Golden values of comparisons and of the search for copies. Writes comparisons.json beside this file.

The exchange test is SciPy's over all exchanges, the Mann-Whitney statistic and the Poisson intervals are SciPy's, C_T is the published procedure (principal components, k-means, Mann-Whitney in
each cell, as in Meehan et al. 2020 and dgm-eval) on scikit-learn, AuthPct its definition, leave-one-out distances are computed without each image.

Needs: numpy, scipy, scikit-learn.
"""

import json
import pathlib

import numpy as np
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances

from synthetic import features, uniform


def frechet(x, y, ddof=1):
    x, y = x.astype(np.float64), y.astype(np.float64)
    a, b = x - x.mean(0), y - y.mean(0)
    a, b = a / np.sqrt(len(x) - ddof), b / np.sqrt(len(y) - ddof)
    difference = x.mean(0) - y.mean(0)
    return float(difference @ difference + (a**2).sum() + (b**2).sum() - 2 * np.linalg.svd(a @ b.T, compute_uv=False).sum())


def leave_one_out():
    out = []
    for d, n, m, ddof in [(12, 90, 60, 1), (40, 25, 30, 1), (24, 200, 20, 0), (16, 60, 16, 1), (3, 20, 3, 1)]:
        x, y = features(71, n, d), features(72, m, d, 0.05, 1.2)
        whole = frechet(x, y, ddof)
        out.append(dict(dimension=d, real=n, fake=m, ddof=ddof, value=whole, changes=[frechet(x, np.delete(y, i, 0), ddof) - whole for i in range(m)]))
    # A generated set with a repeated image and a constant feature, both of which take a dimension away.
    x, y = features(73, 40, 6), features(74, 8, 6)
    x[:, 2], y[:, 2], y[1] = 0.5, 0.5, y[0]
    whole = frechet(x, y)
    flat = dict(real=x.ravel().astype(float).tolist(), fake=y.ravel().astype(float).tolist(), dimension=6, value=whole,
                changes=[frechet(x, np.delete(y, i, 0)) - whole for i in range(len(y))])
    return out, flat


def exchange():
    out = []
    for a, b in [([1.0, 2.0, 4.5, 3.0, 2.5], [3.5, 5.0, 6.0, 4.0, 5.5, 7.0]), ([0.1, 0.4, 0.2], [0.3, 0.15, 0.25, 0.35]), ([1.0, 1.0], [1.0, 1.0, 1.0])]:
        test = stats.permutation_test((a, b), lambda x, y, axis: np.mean(x, axis) - np.mean(y, axis), n_resamples=np.inf, vectorized=True)
        out.append(dict(first=a, second=b, p=float(test.pvalue)))
    return out


def mann_whitney():
    a, b = np.round(uniform(81, np.arange(40)) * 20), np.round(uniform(82, np.arange(31)) * 24)
    u = float(stats.mannwhitneyu(a, b, alternative="less").statistic)
    n, m = len(a), len(b)
    return dict(first=a.tolist(), second=b.tolist(), u=u, z=float((u - (n * m / 2 - 0.5)) / np.sqrt(n * m * (n + m + 1) / 12)))


def poisson():
    out = []
    for count in (0, 1, 7, 60, 4000):
        lower = 0.0 if count == 0 else float(stats.chi2.ppf(0.025, 2 * count) / 2)
        out.append(dict(count=count, lower=lower, upper=float(stats.chi2.ppf(0.975, 2 * count + 2) / 2)))
    return out


def clusters(seed, count, dimension, noise):
    """Three clusters far apart, so that every run of k-means finds them."""
    x = features(seed, count, dimension, 0.0, noise).astype(np.float64)
    x[:, :3] += 6 * np.eye(3)[np.arange(count) % 3]
    return x.astype(np.float32)


def copying():
    d = 80
    train, test = clusters(91, 300, d, 1.0), clusters(92, 150, d, 1.0)
    fresh = clusters(93, 240, d, 1.0)
    copies = fresh.copy()
    copies[:120] = train[:120] + 0.02 * (features(94, 120, d) - 0.3)
    # The last cell is hardly reached by these.
    missing = fresh[np.r_[np.flatnonzero(np.arange(240) % 3 != 2), [2, 5, 8]]]
    out = []
    for name, fake in [("fresh", fresh), ("copies", copies), ("missing", missing)]:
        pca = PCA(n_components=64).fit(train)
        t, p, q = (pca.transform(v.astype(np.float64)) for v in (train, test, fake))
        means = KMeans(n_clusters=3, n_init=10, random_state=0).fit(t)
        cells = [means.predict(v) for v in (t, p, q)]
        zs, weights = [], []
        for c in range(3):
            a, b, g = t[cells[0] == c], p[cells[1] == c], q[cells[2] == c]
            if len(g) / len(q) > 20 / len(q):
                from_g, from_p = pairwise_distances(g, a).min(1), pairwise_distances(b, a).min(1)
                u = stats.mannwhitneyu(from_g, from_p, alternative="less").statistic
                n, m = len(b), len(g)
                zs.append((u - (n * m / 2 - 0.5)) / np.sqrt(n * m * (n + m + 1) / 12))
                weights.append(len(b) / len(p))
        within = pairwise_distances(train.astype(np.float64))
        np.fill_diagonal(within, np.inf)
        across = pairwise_distances(fake.astype(np.float64), train.astype(np.float64))
        nearest = across.argmin(1)
        out.append(dict(name=name, ct=float(np.dot(weights, zs) / np.sum(weights)), authpct=float(100 * np.mean(within.min(1)[nearest] < across.min(1)))))
    return dict(dimension=d, cases=out)


def kmeans():
    x = features(95, 400, 6)
    return dict(inertia=float(KMeans(n_clusters=5, n_init=50, random_state=0).fit(x.astype(np.float64)).inertia_))


if __name__ == "__main__":
    loo, flat = leave_one_out()
    result = dict(leaveOneOut=loo, flat=flat, exchange=exchange(), mannWhitney=mann_whitney(), poisson=poisson(), copying=copying(), kmeans=kmeans())
    (pathlib.Path(__file__).parent / "comparisons.json").write_text(json.dumps(result) + "\n")
    print({k: v for k, v in result.items() if k in ("exchange", "poisson", "copying", "kmeans")}, result["mannWhitney"]["u"], result["mannWhitney"]["z"])
