"""Golden Fréchet distances: small matrices to 50 digits, 2048-d ones by SciPy and NumPy. Writes frechet.json beside this file.

Needs: numpy, scipy, mpmath.
"""

import json
import pathlib

import mpmath as mp
import numpy as np
import scipy.linalg

from synthetic import features

mp.mp.dps = 50


def moments(x, ddof):
    n, d = x.shape
    rows = [[mp.mpf(float(v)) for v in row] for row in x]
    mean = [mp.fsum(r[j] for r in rows) / n for j in range(d)]
    cov = mp.matrix(d, d)
    for a in range(d):
        for b in range(d):
            cov[a, b] = mp.fsum((r[a] - mean[a]) * (r[b] - mean[b]) for r in rows) / (n - ddof)
    return mean, cov


def exact(x, y, ddof=1):
    (m1, s1), (m2, s2) = moments(x, ddof), moments(y, ddof)
    d = len(m1)
    values, vectors = mp.eigsy(s1)
    # At 50 digits a zero eigenvalue is 1e-50 or so; its root, 1e-25, is far below the digits compared.
    root = vectors * mp.diag([mp.sqrt(max(v, 0)) for v in values]) * vectors.T
    trace = mp.fsum(mp.sqrt(max(v, 0)) for v in mp.eigsy(root * s2 * root, eigvals_only=True))
    mean = mp.fsum((a - b) ** 2 for a, b in zip(m1, m2))
    return float(mean), float(mp.fsum(s1[i, i] + s2[i, i] for i in range(d)) - 2 * trace)


def small_cases():
    rng = np.random.default_rng(7)

    def draw(n, d, scale=1.0, shift=0.0):
        return (rng.normal(size=(n, d)) @ np.diag(np.linspace(1, 0.05, d)) * scale + shift).astype(np.float32)

    cases = {
        "full rank": (draw(40, 6), draw(30, 6, 1.3, 0.2)),
        "one feature": (draw(9, 1), draw(5, 1, 2.0, 1.0)),
        "fewer images than features": (draw(4, 7), draw(5, 7, 0.8, 0.1)),
        "two images each": (draw(2, 5), draw(2, 5)),
        "as many images as features": (draw(6, 6), draw(6, 6)),
        "one flat set": (draw(4, 6), draw(50, 6)),
        "large offset": (draw(30, 4, 0.01, 1000.0), draw(30, 4, 0.01, 1000.0)),
    }
    a, b = draw(30, 6), draw(30, 6)
    a[:, 5], b[:, 5] = a[:, 0], b[:, 0]
    cases["duplicate columns"] = (a, b)
    a, b = draw(30, 5), draw(30, 5)
    a[:, 2], b[:, 2] = 0.1, 0.1
    cases["constant column in both"] = (a, b)
    a, b = draw(30, 5), draw(30, 5)
    a[:, 2] = 0.1
    cases["constant column in one"] = (a, b)
    cases["constant set"] = (np.full((10, 4), 0.3, np.float32), draw(20, 4))
    cases["both constant"] = (np.full((10, 3), 0.3, np.float32), np.full((8, 3), 0.5, np.float32))
    return cases


def shortest(x):
    """The shortest decimals that read back as the same float32."""
    return [float(str(v)) for v in x.ravel()]


def small():
    out = []
    for name, (x, y) in small_cases().items():
        for ddof in (1, 0):
            mean, covariance = exact(x, y, ddof)
            out.append(dict(name=name, dimension=x.shape[1], first=shortest(x), second=shortest(y),
                            ddof=ddof, mean=mean, covariance=covariance))
    return out


def large(n1, n2, d=2048):
    x, y = features(1, n1, d).astype(np.float64), features(2, n2, d, 0.05, 1.2).astype(np.float64)
    m, s1, s2 = x.mean(0) - y.mean(0), np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    traces = np.trace(s1) + np.trace(s2)
    sqrtm = m @ m + traces - 2 * np.trace(scipy.linalg.sqrtm(s1 @ s2)).real
    nuclear = np.linalg.svd((x - x.mean(0)) @ (y - y.mean(0)).T, compute_uv=False).sum() / np.sqrt((n1 - 1.0) * (n2 - 1.0))
    return dict(first=n1, second=n2, dimension=d, sqrtm=float(sqrtm), nuclear=float(m @ m + traces - 2 * nuclear))


if __name__ == "__main__":
    result = dict(small=small(), large=[large(2600, 2300), large(300, 400), large(300, 2500)])
    (pathlib.Path(__file__).parent / "frechet.json").write_text(json.dumps(result, indent=None, separators=(",", ":")) + "\n")
    print(json.dumps(result["large"], indent=1))
