"""Golden values of the measures on class scores and on labelled features. Writes scores.json beside this file.

The formulas are written anew from the papers with SciPy (softmax, entropy, sqrtm); MiFID is torchmetrics' own function, and Kaggle's averaging the same function with the sets exchanged, which its
Fréchet distance does not feel.

Needs: numpy, scipy, torch, torchmetrics.
"""

import json
import pathlib

import numpy as np
import torch
from scipy.linalg import sqrtm
from scipy.special import rel_entr, softmax
from scipy.stats import entropy
from torchmetrics.image.mifid import _mifid_compute

from synthetic import features


def logits(seed, count, classes, spread):
    return (features(seed, count, classes, spread=spread) * 2).astype(np.float32).astype(np.float64)


def scores():
    classes, real, fake = 12, logits(21, 500, 12, 6.0), logits(22, 420, 12, 9.0)
    p, q = softmax(fake, axis=1), softmax(real, axis=1)
    marginal, truth = p.mean(0), q.mean(0)
    conditional = float(entropy(p, axis=1).mean())
    inception = float(np.exp(entropy(p, marginal[None], axis=1).mean()))
    mode = float(np.exp(entropy(p, marginal[None], axis=1).mean() - entropy(marginal, truth)))
    am = float(entropy(truth, marginal) + conditional)
    modified, predicted = [], p.argmax(1)
    for c in np.unique(predicted):
        rows = p[predicted == c]
        pairs = rel_entr(rows[:, None], rows[None]).sum(-1)
        modified.append(np.exp(pairs.mean()))
    order = np.random.RandomState(2020).permutation(len(p))
    one = lambda rows: np.exp(entropy(rows, rows.mean(0)[None], axis=1).mean())
    quarters = np.mean([one(p[order[i * len(p) // 4 : (i + 1) * len(p) // 4]]) for i in range(4)])
    infinity = float(inception - (quarters - inception) / 3)
    labels = np.arange(len(p)) * 7 % 5
    given = np.stack([p[labels == c].mean(0) for c in range(5)])
    share = np.bincount(labels) / len(labels)
    between = float(np.exp((share * entropy(given, marginal[None], axis=1)).sum()))
    within = float(np.exp(np.mean([entropy(row, given[c]) for row, c in zip(p, labels)])))
    return dict(classes=classes, real=len(real), fake=len(fake), conditional=conditional, marginal=float(entropy(marginal)), inception=inception, mode=mode, am=am,
                modified=float(np.mean(modified)), classesFound=len(modified), infinity=infinity, between=between, within=within)


def distance(m1, s1, m2, s2):
    return float(((m1 - m2) ** 2).sum() + np.trace(s1 + s2 - 2 * sqrtm(s1 @ s2).real))


def weighted(x, w):
    return (np.average(x, axis=0, weights=w), np.cov(x, rowvar=False, aweights=w, ddof=0))


def classes():
    d, real, fake = 10, features(31, 330, 10).astype(np.float64), features(32, 280, 10, 0.05, 1.2).astype(np.float64)
    a, b = np.array([0, 0, 1, 2])[np.arange(len(real)) % 4], (np.arange(len(fake)) * 5) % 4 % 3
    real, fake = real + 0.3 * a[:, None], fake + 0.35 * b[:, None]
    real, fake = real.astype(np.float32).astype(np.float64), fake.astype(np.float32).astype(np.float64)
    per = [distance(real[a == c].mean(0), np.cov(real[a == c], rowvar=False), fake[b == c].mean(0), np.cov(fake[b == c], rowvar=False)) for c in range(3)]
    share = np.bincount(a) / len(a)
    means = [np.stack([x[l == c].mean(0) for c in range(3)]) for x, l in ((real, a), (fake, b))]
    spread = [np.cov(m, rowvar=False, aweights=share, ddof=0) for m in means]
    # Two covariances of rank 2: the trace of the root by the eigenvalues of the small product.
    factors = [np.sqrt(share)[:, None] * (m - share @ m) for m in means]
    root = np.linalg.svd(factors[0] @ factors[1].T, compute_uv=False).sum()
    between = float((((share @ means[0]) - (share @ means[1])) ** 2).sum() + np.trace(spread[0]) + np.trace(spread[1]) - 2 * root)
    pooled = [sum(share[c] * np.cov(x[l == c], rowvar=False, ddof=0) for c in range(3)) for x, l in ((real, a), (fake, b))]
    conditional = float((share * ((means[0] - means[1]) ** 2).sum(1)).sum() + distance(np.zeros(d), pooled[0], np.zeros(d), pooled[1]))
    p, q = softmax(logits(33, len(real), 4, 6.0), axis=1), softmax(logits(34, len(fake), 4, 6.0), axis=1)
    aware = float(np.mean([distance(*weighted(real, p[:, k]), *weighted(fake, q[:, k])) for k in range(4)]))
    return dict(dimension=d, real=len(real), fake=len(fake), perClass=per, intra=float(np.mean(per)), within=float(share @ per), between=between, conditional=conditional, aware=aware)


def memorization():
    d = 16
    real, other, close = features(41, 300, d), features(42, 260, d, 0.1, 1.3), features(41, 260, d)
    close = (close + 0.05 * features(43, 260, d)).astype(np.float32)
    out = dict(dimension=d, real=len(real), fake=len(other))
    for name, fake in (("other", other), ("close", close)):
        x, y = (torch.from_numpy(v.astype(np.float64)) for v in (real, fake))
        mean, cov = (lambda v: v.mean(0)), (lambda v: torch.from_numpy(np.cov(v.numpy(), rowvar=False)))
        for label, eps in (("", 0.1), ("Strict", 0.001)):
            out[name + label] = float(_mifid_compute(mean(x), cov(x), x, mean(y), cov(y), y, eps))
            out[name + label + "Kaggle"] = float(_mifid_compute(mean(y), cov(y), y, mean(x), cov(x), x, eps))
    return out


if __name__ == "__main__":
    result = dict(scores=scores(), classes=classes(), memorization=memorization())
    (pathlib.Path(__file__).parent / "scores.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
