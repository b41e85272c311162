"""Golden values of the measures of two sets of features. Writes distribution.json beside this file.

Peers' own functions where there are any, otherwise the papers' formulas in float64:
- α-precision, β-recall: `metrics/evaluation.py` of github.com/vanderschaarlab/evaluating-generative-models, and the formulas with the integral by a fine midpoint rule;
- authenticity: `dgm_eval/metrics/authpct.py` of github.com/layer6ai-labs/dgm-eval;
- NDB's test and divergence: `utils/ndb.py` of github.com/eitanrich/gans-n-gmms.
Give the folders of these three repositories in PEERS, in this order, separated by colons.

Needs: numpy, scipy, torch, torch-fidelity, scikit-learn, matplotlib.
"""

import importlib.util
import json
import os
import pathlib

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.spatial.distance import cdist
from scipy.stats import norm
from sklearn.cluster import KMeans
from torch_fidelity.metric_prc import prc_features_to_metric

from synthetic import features, uniform


def module(folder, path):
    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, pathlib.Path(folder) / path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


alaa, dgm, mixtures = os.environ["PEERS"].split(":")


def within(x):
    d = cdist(x, x)
    np.fill_diagonal(d, np.inf)
    return d


def neighbours(real, fake, k):
    across, own = cdist(real, fake), within(real)
    radii = np.sort(own, axis=1)[:, k - 1]
    kept = radii < np.median(radii)
    realism = (radii[kept, None] / across[kept]).max(0)
    fidelity = prc_features_to_metric(torch.from_numpy(fake), torch.from_numpy(real), prc_neighborhood=k, prc_batch_size=10000, save_cpu_ram=False, verbose=False)
    authenticity = module(dgm, "dgm_eval/metrics/authpct.py").compute_authpct(real, fake) / 100
    return dict(realism=float(realism.mean()), realismFirst=[float(v) for v in realism[:5]], fscore=fidelity["f_score"], authenticity=authenticity)


def leave_one_out(real, fake):
    d, n = within(np.vstack([real, fake])), len(real)
    label = np.arange(len(d)) < n
    nearest = d.argmin(1)
    hit = label[nearest] == label
    # The null distribution by brute force: random labels on the same nearest neighbours.
    bits = np.random.default_rng(1)
    draws = np.array([(lambda l: (l[nearest] == l).sum())(bits.permutation(label)) for _ in range(200_000)])
    return dict(accuracy=float(hit.mean()), real=float(hit[:n].mean()), fake=float(hit[n:].mean()), mean=float(draws.mean()), deviation=float(draws.std()))


def support(real, fake):
    real, fake = real.astype(np.float64), fake.astype(np.float64)
    published = module(alaa, "metrics/evaluation.py").compute_alpha_precision(real, fake, real.mean(0))
    c, g = real.mean(0), fake.mean(0)
    dr, df, dg = np.linalg.norm(real - c, axis=1), np.linalg.norm(fake - c, axis=1), np.linalg.norm(fake - g, axis=1)
    levels = (np.arange(20_000) + 0.5) / 20_000
    alpha = np.array([(df <= r).mean() for r in np.quantile(dr, levels, method="inverted_cdf")])
    ball = cdist(real, fake) <= within(real).min(1)[:, None]
    beta = np.array([(ball[:, dg <= r]).any(1).mean() for r in np.quantile(dg, levels[::10], method="inverted_cdf")])
    return dict(
        publishedAlpha=float(published[3]), publishedBeta=float(published[4]), publishedAlphaCurve=[float(v) for v in published[1]], publishedBetaCurve=[float(v) for v in published[2]],
        alpha=float(1 - 2 * np.abs(alpha - levels).mean()), beta=float(1 - 2 * np.abs(beta - levels[::10]).mean()))


def shares(seed, empty=()):
    p = uniform(seed, np.arange(20, dtype=np.uint64)) ** 3
    p[list(empty)] = 0
    return p / p.sum()


def renyi(p, r, order):
    keep = p > 0
    p, r = p[keep], r[keep]
    return float((p * np.log(p / r)).sum() if order == 1 else np.log((p**order * r ** (1 - order)).sum()) / (order - 1))


def frontier(p, q):
    """Points of the frontiers by numerical minimisation of one divergence for a given other, at the closed form's abscissa."""
    found = []
    for order in (0.5, 1, 2):
        for inclusive in (True, False):
            forward = (lambda a, r: renyi(a, r, order)) if inclusive else (lambda a, r: renyi(r, a, order))
            def scalarised(z, weight=0.3):
                r = np.exp(z - z.max())
                r /= r.sum()
                a, b = forward(p, r), forward(q, r)
                # What the closed forms minimise: for orders other than 1 the sums inside the logarithms.
                if order == 1:
                    return weight * a + (1 - weight) * b
                return (weight * np.exp((order - 1) * a) + (1 - weight) * np.exp((order - 1) * b)) / (order - 1)
            best = minimize(scalarised, np.zeros(len(p)), method="L-BFGS-B", options=dict(maxiter=5000, ftol=1e-16, gtol=1e-12))
            r = np.exp(best.x - best.x.max())
            r /= r.sum()
            found.append(dict(order=order, inclusive=inclusive, x=forward(p, r), y=forward(q, r)))
    return found


def integral(p, q):
    """Simpson's rule in float64 on the definition."""
    n = 200_000
    t = np.linspace(0, 1, n + 1)[:, None]
    r = t * p + (1 - t) * q
    with np.errstate(divide="ignore", invalid="ignore"):
        f = np.where(p > 0, t * p * np.log(p / r), 0) + np.where(q > 0, (1 - t) * q * np.log(q / r), 0)
    f = np.nan_to_num(f).sum(1)
    return float(2 * (f[0] + f[-1] + 4 * f[1:-1:2].sum() + 2 * f[2:-1:2].sum()) / (3 * n))


def quantised():
    p, q, gap = shares(1), shares(2), shares(3, (0, 5, 6))
    angles = np.linspace(1e-10, np.pi / 2 - 1e-10, 1001)
    out = dict(p=list(p), q=list(q), gap=list(gap))
    for name, other in (("prd", q), ("prdGap", gap)):
        precision = np.minimum(np.outer(np.tan(angles), p), other).sum(1)
        recall = precision / np.tan(angles)
        f = lambda b: float(((1 + b * b) * precision * recall / (b * b * precision + recall + 1e-10)).max())
        out[name] = dict(precision=list(precision[::100]), recall=list(recall[::100]), f8=f(8), f18=f(1 / 8))
    out["frontier"] = frontier(p, q)
    out["integral"] = [integral(p, q), integral(p, gap), integral(p, p)]
    ndb = module(mixtures, "utils/ndb.py").NDB
    out["different"] = [int(ndb.two_proportions_z_test(p, n, q, m, 0.05).sum()) for n, m in ((50, 40), (500, 300), (5000, 7000))]
    out["divergence"] = [float(ndb.jensen_shannon_divergence(p, q)), float(ndb.jensen_shannon_divergence(p, gap))]
    return out


def clusters(real, fake):
    """What full runs of another k-means with several seeds leave within clusters: the mean and the spread of single starts."""
    union = np.vstack([real, fake]).astype(np.float64)
    runs = [KMeans(20, n_init=1, random_state=s, tol=1e-6).fit(union).inertia_ / len(union) for s in range(20)]
    return dict(mean=float(np.mean(runs)), spread=float(np.std(runs)), best=float(min(runs)))


if __name__ == "__main__":
    dimension = 24
    real, fake = features(21, 640, dimension), features(22, 520, dimension, 0.03, 0.9)
    result = dict(
        dimension=dimension, real=len(real), fake=len(fake), neighbours=neighbours(real.astype(np.float64), fake.astype(np.float64), 3), leaveOneOut=leave_one_out(real, fake),
        support=support(real, fake), quantised=quantised(), clusters=clusters(real[: len(fake)], fake))
    (pathlib.Path(__file__).parent / "distribution.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({k: result[k] for k in ("neighbours", "leaveOneOut", "clusters")}, indent=1))
    print({k: v for k, v in result["support"].items() if "Curve" not in k}, result["quantised"]["integral"], result["quantised"]["different"])
