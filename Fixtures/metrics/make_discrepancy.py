"""Golden values of discrepancies, transport, diversity, shapes and likelihoods of two sets of features. Writes discrepancy.json beside this file.

Peers' own functions where there are any: vendi-score; `msid` of github.com/xgfs/imd, with its random vectors from NumPy's seed; `sw_approx` and `compute_fls` of github.com/layer6ai-labs/dgm-eval;
`MoG` of github.com/marcojira/fld; `gs` of github.com/KhrulkovV/geometry-score on gudhi. Otherwise the papers' formulas in float64. Give the folders of these four repositories in PEERS, in this order, separated by colons.

Needs: numpy, scipy, scikit-learn, torch, tqdm, matplotlib, seaborn, vendi-score, gudhi.
"""

import importlib.util
import json
import os
import pathlib
import sys

import numpy as np
import torch
from scipy.spatial.distance import cdist, pdist
from scipy.stats import wasserstein_distance
from sklearn.metrics.pairwise import polynomial_kernel
from vendi_score import vendi

from synthetic import features

imd, dgm, fld, geometry = os.environ["PEERS"].split(":")
sys.path += [imd, fld, geometry]


def module(folder, path):
    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, pathlib.Path(folder) / path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def kernels(x, y):
    sigma = float(np.median(pdist(np.vstack([x, y]))))
    k = lambda a, b, s: np.exp(-cdist(a, b, "sqeuclidean") / (2 * s * s))
    n, m = len(x), len(y)
    unbiased = lambda s: float((k(x, x, s).sum() - n) / (n * (n - 1)) + (k(y, y, s).sum() - m) / (m * (m - 1)) - 2 * k(x, y, s).mean())
    u, v = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in (x, y))
    cmmd = 1000 * (k(u, u, 10).mean() + k(v, v, 10).mean() - 2 * k(u, v, 10).mean())
    # The subsets of NumPy's generator, real images first, and dgm-eval's kernel and estimator.
    bits, size, values = np.random.RandomState(2020), 300, []
    for _ in range(100):
        a, b = x[bits.choice(n, size, replace=False)], y[bits.choice(m, size, replace=False)]
        kaa, kbb, kab = polynomial_kernel(a, a, 3), polynomial_kernel(b, b, 3), polynomial_kernel(a, b, 3)
        values.append((kaa.sum() - np.trace(kaa) + kbb.sum() - np.trace(kbb)) / (size * (size - 1)) - 2 * kab.mean())
    return dict(sigma=sigma, median=unbiased(sigma), fixed=unbiased(0.7), cmmd=float(cmmd), kd=float(np.mean(values)))


def slices(x, y):
    theta = np.random.RandomState(2020).randn(200, x.shape[1])
    theta /= np.linalg.norm(theta, axis=1, keepdims=True)
    n = min(len(x), len(y))
    equal = np.array([((np.sort(x[:n] @ t) - np.sort(y[:n] @ t)) ** 2).mean() for t in theta])
    first = np.array([wasserstein_distance(x @ t, y @ t) for t in theta])
    return dict(directions=len(theta), equal=n, mind=float(3 * x.shape[1] * equal.mean()), second=float(np.sqrt(equal.mean())), first=float(first.mean()), asw=float(module(dgm, "dgm_eval/metrics/sw.py").sw_approx(x, y)))


def diversity(x, few):
    u = x / np.linalg.norm(x, axis=1, keepdims=True)
    s = u @ u.T
    n = len(x)
    return dict(
        vendi=[float(vendi.score_dual(x, q)) for q in (0.5, 1, 2, "inf")], few=float(vendi.score_X(few)), similarity=float((s.sum() - np.trace(s)) / (n * (n - 1))),
        jackknife=float(np.sqrt((n - 1) / n * ((lambda v: ((v - v.mean()) ** 2).sum())(np.array([(s.sum() - n - 2 * (s[i].sum() - 1)) / ((n - 1) * (n - 2)) for i in range(n)]))))))


def shapes(x, y):
    from msid.msid import msid_score

    # Both sets' vectors follow each other in one stream.
    np.random.seed(2020)
    imd = msid_score(x, y)
    d = np.sort(cdist(x, y), axis=1)[:, :100]
    lid = -100 / np.log(d / d[:, -1:]).sum(1)
    return dict(imd=float(imd), lid=float(lid.mean()), lidTen=float((-10 / np.log(d[:, :10] / d[:, 9:10]).sum(1)).mean()))


def holes():
    """Of a circle and a disc, and of the synthetic features; landmarks of both sets follow each other in one stream."""
    from gs import geom_score, rlts

    def score(x, y, gamma):
        np.random.seed(2020)
        first = rlts(x, n=20, gamma=gamma)
        return float(geom_score(first, rlts(y, n=20, gamma=gamma)))

    turn = 2 * np.pi * np.arange(800) / 800
    circle = np.stack([np.cos(turn), np.sin(turn)], 1).astype(np.float32).astype(np.float64)
    x, y = features(31, 640, 24).astype(np.float64), features(32, 520, 24, 0.03, 0.9).astype(np.float64)
    return dict(circle=score(circle, x[:, :2], None), features=score(x, y, None))


def likelihoods(test, fake, train):
    from fld.MoG import MoG

    t = lambda a: torch.from_numpy(a.astype(np.float32))
    torch.manual_seed(0)
    half = len(train) // 2
    # The halves as the toolkit draws them, in place of an unseeded shuffle.
    order = np.random.RandomState(2020).permutation(len(train))
    train = train[order]
    mean, std = test.mean(0), test.std(0, ddof=1)
    z = lambda a: t((a - mean) / std)
    nll = []
    for centres, fitted in ((z(fake), z(train)), (z(train[:half]), z(train[half:]))):
        mog = MoG(centres)
        mog.fit(fitted)
        nll.append(float(mog.get_dim_adjusted_nlls(z(test)).mean()))
    copies = MoG(z(train[:400]))
    copies.fit(z(train))
    fls = module(dgm, "dgm_eval/metrics/fls.py")
    torch.Tensor.cuda = lambda self: self
    real_ones = torch.ones
    torch.ones = lambda *a, device=None, **k: real_ones(*a, **k)
    size = min(len(test), len(fake), half)
    score = fls.compute_fls(train[:size], train[half : half + size], test[:size], fake[:size])
    torch.ones = real_ones
    return dict(fld=100 * (nll[0] - nll[1]), nll=nll, copies=100 * (float(copies.get_dim_adjusted_nlls(z(test)).mean()) - nll[1]), fls=float(score))


if __name__ == "__main__":
    d = 24
    x32, y32, t32 = features(31, 640, d), features(32, 520, d, 0.03, 0.9), features(33, 1040, d)
    x, y, train = (a.astype(np.float64) for a in (x32, y32, t32))
    result = dict(dimension=d, real=len(x), fake=len(y), training=len(train), kernels=kernels(x[:500], y[:500]), slices=slices(x, y), diversity=diversity(y, features(34, 20, d).astype(np.float64)), shapes=shapes(x, y), holes=holes(),
                  likelihoods=likelihoods(x[:520], y, train))
    (pathlib.Path(__file__).parent / "discrepancy.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
