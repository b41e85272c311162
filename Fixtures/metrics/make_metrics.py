"""Golden values of the random generator, the normal quantile, KID and the Inception Score. Writes metrics.json beside this file.

The KID and IS numbers are printed by the peers' own functions where they can be called on arrays (torch-fidelity, clean-fid), otherwise by the formula
their source states (Salimans et al.'s float32 loop, the ADM evaluator's chunks of 5000, torchmetrics' torch.chunk).

Needs: numpy, scipy, mpmath, torch, torch-fidelity, clean-fid.
"""

import json
import pathlib

import mpmath as mp
import numpy as np
import torch
from cleanfid.fid import kernel_distance
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric

from synthetic import features

mp.mp.dps = 40


def generator():
    out = []
    for seed in (0, 2020, 4294967295):
        bits = np.random.RandomState(seed)
        draws = [int(v) for v in bits.randint(0, 2**32, size=5, dtype=np.uint32)]
        uniforms = [float(v) for v in np.random.RandomState(seed).random_sample(5)]
        normals = [float(v) for v in np.random.RandomState(seed).randn(7)]
        integers = [int(v) for v in np.random.RandomState(seed).randint(0, 1000, size=8)]
        small = [int(v) for v in np.random.RandomState(seed).permutation(10)]
        large = np.random.RandomState(seed).permutation(50_000)
        r = np.random.RandomState(seed)
        choices = [[int(v) for v in r.choice(n, 4, replace=False)] for n in (50, 1200)]
        late = np.random.RandomState(seed)
        late.permutation(50_000)
        out.append(dict(seed=seed, draws=draws, uniforms=uniforms, normals=normals, integers=integers, permutation=small, choices=choices,
                        largeFirst=[int(v) for v in large[:5]], largeHash=str(int(sum(int(i) * int(v) for i, v in enumerate(large)))),
                        afterwards=float(late.random_sample())))
    return out


def quantiles():
    points = [1e-300, 1e-20, 1e-9, 1e-3, 0.025, 0.05, 0.0749, 0.0751, 0.2, 0.5, 0.7, 0.925, 0.95, 0.975, 0.995, 0.9999999]
    return [dict(p=p, z=float(mp.sqrt(2) * mp.erfinv(2 * mp.mpf(p) - 1)) if p > 1e-15 else quantile_by_root(p)) for p in points]


def quantile_by_root(p):
    return float(mp.findroot(lambda z: mp.log(mp.erfc(-z / mp.sqrt(2)) / 2) - mp.log(mp.mpf(p)), -mp.sqrt(-2 * mp.log(p))))


def mmd_parts(x, y, kernel):
    m, n = len(x), len(y)
    kx, ky, kc = kernel(x, x), kernel(y, y), kernel(x, y)
    return float((kx.sum() - np.trace(kx)) / (m * (m - 1)) + (ky.sum() - np.trace(ky)) / (n * (n - 1)) - 2 * kc.mean())


def kid():
    d = 64
    x, y = features(5, 1300, d), features(6, 1150, d, 0.02, 1.1)
    t1, t2 = torch.from_numpy(x), torch.from_numpy(y)
    options = dict(kid_subsets=20, kid_subset_size=1000, kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1,
                   kid_kernel_rbf_sigma=2.0, rng_seed=2020, verbose=False)
    poly = kid_features_to_metric(t1, t2, kid_kernel="poly", **options)
    rbf = kid_features_to_metric(t1, t2, kid_kernel="rbf", **options)
    np.random.seed(2020)
    clean = kernel_distance(x, y, num_subsets=20, max_subset_size=1000)
    np.random.seed(2020)
    shrunk = kernel_distance(x[:300], y[:200], num_subsets=5, max_subset_size=1000)
    x64, y64 = x.astype(np.float64), y.astype(np.float64)
    square = lambda a, b: (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return dict(
        dimension=d, real=len(x), fake=len(y),
        poly=list(poly.values()), rbf=list(rbf.values()), clean=clean, shrunk=shrunk,
        full=mmd_parts(x64, y64, lambda a, b: (a @ b.T / d + 1) ** 3),
        fullQuadratic=mmd_parts(x64, y64, lambda a, b: (0.5 * a @ b.T + 2) ** 2),
        fullGaussian=mmd_parts(x64, y64, lambda a, b: np.exp(-square(a, b) / (2 * 2.0**2))),
    )


def softmax32(logits):
    return torch.from_numpy(logits).softmax(dim=1).numpy()


def score(part):
    kl = part * (np.log(part) - np.log(np.expand_dims(np.mean(part, 0), 0)))
    return float(np.exp(np.mean(np.sum(kl, 1))))


def inception_score():
    n, classes = 1207, 50
    logits = (features(8, n, classes, spread=9.0) * 2).astype(np.float32)
    fidelity = isc_features_to_metric(torch.from_numpy(logits), splits=10, shuffle=True, rng_seed=2020)
    natural = isc_features_to_metric(torch.from_numpy(logits), splits=7, shuffle=False)
    p = softmax32(logits)
    original = [score(p[i * n // 10 : (i + 1) * n // 10]) for i in range(10)]
    adm = [score(p[i : i + 500]) for i in range(0, n, 500)]
    p64 = torch.from_numpy(logits).double().softmax(dim=1)
    chunks = [score(c.numpy()) for c in torch.chunk(p64, 10)]
    floors = [score(p64[i * (n // 10) : (i + 1) * (n // 10)].numpy()) for i in range(10)]
    return dict(classes=classes, count=n, fidelity=list(fidelity.values()), natural=list(natural.values()),
                original=[float(np.mean(original)), float(np.std(original))], adm=float(np.mean(adm)),
                ceiling=[float(np.mean(chunks)), float(np.std(chunks, ddof=1))], floor=float(np.mean(floors)))


def float32_mean():
    x = features(9, 3001, 19, 0.7)
    return [float(v) for v in np.mean(x, axis=0)]


if __name__ == "__main__":
    result = dict(generator=generator(), quantiles=quantiles(), kid=kid(), inceptionScore=inception_score(), float32Mean=float32_mean())
    (pathlib.Path(__file__).parent / "metrics.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({k: result[k] for k in ("kid", "inceptionScore")}, indent=1))
