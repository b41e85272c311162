"""Golden values of precision, recall, density and coverage. Writes neighbours.json beside this file.

`prdc` compares with < everywhere, torch-fidelity's precision and recall with <=. The tied sets are points of a small grid, where the two differ; torch-fidelity and prdc are asked on them
as well, and a count by hand in whole numbers says what both conventions give without any rounding.

Needs: numpy, torch, torch-fidelity, prdc.
"""

import json
import pathlib

import numpy as np
import torch
from prdc import compute_prdc
from torch_fidelity.metric_prc import prc_features_to_metric

from synthetic import features, uniform


def fidelity(real, fake, k):
    found = prc_features_to_metric(torch.from_numpy(fake).double(), torch.from_numpy(real).double(), prc_neighborhood=k, prc_batch_size=10000, save_cpu_ram=False, verbose=False)
    return dict(precision=found["precision"], recall=found["recall"])


def prdc(real, fake, k):
    return {name: float(value) for name, value in compute_prdc(real.astype(np.float64), fake.astype(np.float64), k).items()}


def whole_numbers(real, fake, k):
    """Squared distances of whole numbers are exact."""
    square = lambda a, b: ((a[:, None].astype(np.int64) - b[None].astype(np.int64)) ** 2).sum(-1)
    radii = lambda x: np.sort(square(x, x), axis=1)[:, k]
    across, r, f = square(real, fake), radii(real), radii(fake)
    closed, strict = across <= r[:, None], across < r[:, None]
    return dict(
        precision=float(closed.any(0).mean()), recall=float((across <= f[None]).any(1).mean()),
        strictPrecision=float(strict.any(0).mean()), strictRecall=float((across < f[None]).any(1).mean()),
        density=float(strict.sum(0).mean() / k), coverage=float(strict.any(1).mean()))


def grid(seed, count):
    return np.floor(uniform(seed, np.arange(count * 2, dtype=np.uint64)).reshape(count, 2) * 7).astype(np.float32)


if __name__ == "__main__":
    dimension = 48
    real, fake = features(11, 700, dimension), features(12, 600, dimension, 0.03, 0.9)
    # Larger than one block of distances, so that blocks on, below and beside the diagonal all count.
    large = (features(15, 2300, 16), features(16, 1150, 16, 0.02, 0.9))
    tied = (grid(13, 60), grid(14, 50))
    result = dict(
        dimension=dimension, real=len(real), fake=len(fake), fidelity=fidelity(real, fake, 3), prdc3=prdc(real, fake, 3), prdc5=prdc(real, fake, 5),
        largeDimension=16, largeReal=len(large[0]), largeFake=len(large[1]), largeFidelity=fidelity(*large, 3), largePrdc5=prdc(*large, 5),
        tiedReal=len(tied[0]), tiedFake=len(tied[1]), tiedFidelity=fidelity(*tied, 3), tiedPrdc5=prdc(*tied, 5), tied3=whole_numbers(*tied, 3), tied5=whole_numbers(*tied, 5))
    (pathlib.Path(__file__).parent / "neighbours.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
