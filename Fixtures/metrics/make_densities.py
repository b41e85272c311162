"""Golden values of Parzen windows and nearest distances. Writes densities.json beside this file.

Densities are scikit-learn's KernelDensity, distances its NearestNeighbors; the choice of the deviation and the threshold are written anew.

Needs: numpy, scikit-learn.
"""

import json
import pathlib

import numpy as np
from sklearn.neighbors import KernelDensity, NearestNeighbors

from synthetic import features


def windows(centres, deviation):
    return KernelDensity(bandwidth=deviation, kernel="gaussian", algorithm="kd_tree", rtol=0, atol=0).fit(centres)


def best(centres, validation):
    spread = np.sqrt(((centres - centres.mean(0)) ** 2).mean())
    deviations = spread * 10.0 ** (-2 + np.arange(21) / 8)
    means = [windows(centres, s).score_samples(validation).mean() for s in deviations]
    return float(deviations[np.argmax(means)]), float(np.max(means))


if __name__ == "__main__":
    d = 6
    real, fake = features(71, 401, d).astype(np.float64), features(72, 360, d, 0.02, 1.1).astype(np.float64)
    deviation, validation = best(fake, real[0::2])
    values = windows(fake, deviation).score_samples(real[1::2])
    own, _ = best(fake[0::2], real[0::2])
    model = windows(fake[0::2], own)
    threshold = np.sort(model.score_samples(fake[1::2]))[int(180 * (1 - 0.95))]
    coverage = float((model.score_samples(real[1::2]) > threshold).mean())
    distances = NearestNeighbors(n_neighbors=1).fit(fake).kneighbors(real)[0][:, 0]
    result = dict(dimension=d, real=len(real), fake=len(fake), deviation=deviation, validation=validation, logLikelihood=float(values.mean()), standardError=float(values.std(ddof=1) / np.sqrt(len(values))),
                  coverage=coverage, coverageDeviation=own, threshold=float(threshold), retrieval=float(distances.mean()), median=float(np.median(distances)))
    (pathlib.Path(__file__).parent / "densities.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
