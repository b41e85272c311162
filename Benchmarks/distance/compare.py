"""Times the Fréchet distance of SciPy's sqrtm (pytorch-fid, clean-fid), of NumPy's eigvals (torch-fidelity) and of this package on the same features, in one
run, and prints ratios.

    swift build -c release --product distance-benchmark
    python compare.py [--threads 2] [--clock wall] [--binary ../../.build/release/distance-benchmark]

On a machine shared with others, `--threads 1 --clock cpu` compares processor time, which their load disturbs least.

Needs: numpy, scipy.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--binary", default=here.parent.parent / ".build/release/distance-benchmark")
parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
parser.add_argument("--counts", type=int, nargs="+", default=[1000, 5000])
options = parser.parse_args()
now = time.perf_counter if options.clock == "wall" else time.process_time
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(options.threads)

import numpy as np  # The thread counts must be set before NumPy loads its BLAS.
import scipy.linalg

sys.path.insert(0, str(here.parent.parent / "Fixtures/metrics"))
from synthetic import features


def timed(body, repetitions=1):
    best = float("inf")
    for _ in range(repetitions):
        start = now()
        value = body()
        best = min(best, now() - start)
    return best, value


def statistics(x):
    return np.mean(x, axis=0), np.cov(x, rowvar=False)


def distance(a, b, trace):
    (m1, s1), (m2, s2) = a, b
    d = m1 - m2
    return float(d @ d + np.trace(s1) + np.trace(s2) - 2 * trace(s1 @ s2))


def by_sqrtm(product):
    return np.trace(scipy.linalg.sqrtm(product)).real


def by_eigenvalues(product):
    return np.sum(np.sqrt(np.linalg.eigvals(product).astype("complex128")).real)


print(f"{options.threads} threads, d = 2048; {options.clock} seconds\n", flush=True)
print("|     N | route            | sqrtm | eigvals |  ours | vs sqrtm | vs eigvals | sqrtm / eigvals / ours |")
print("|------:|------------------|------:|--------:|------:|---------:|-----------:|------------------------|")
for count in options.counts:
    x, y = features(1, count, 2048), features(2, count, 2048, 0.05, 1.2)
    x64, y64 = x.astype(np.float64), y.astype(np.float64)
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/x.npy", x)
        np.save(f"{folder}/y.npy", y)
        output = subprocess.run([options.binary, f"{folder}/x.npy", f"{folder}/y.npy", str(options.threads)], check=True, capture_output=True, text=True).stdout
    ours = {name: (float(wall if options.clock == "wall" else cpu), float(value)) for name, wall, cpu, value in map(str.split, output.splitlines())}
    counting, (a, b) = timed(lambda: (statistics(x64), statistics(y64)))
    root, eigen = timed(lambda: distance(a, b, by_sqrtm)), timed(lambda: distance(a, b, by_eigenvalues), 2)
    for route, key, extra in (("from statistics", "distance-from-statistics", 0), ("from features", "distance-from-features", counting)):
        r, e, o = root[0] + extra, eigen[0] + extra, ours[key][0]
        print(f"| {count:5} | {route:16} | {r:5.2f} | {e:7.2f} | {o:5.2f} | {r / o:7.1f}× | {e / o:9.1f}× | {root[1]:.9g} / {eigen[1]:.9g} / {ours[key][1]:.9g} |")
    print(f"\nbeside, ours, N = {count}: " + ", ".join(f"{name} {seconds:.2f} s" for name, (seconds, _) in ours.items()) + "\n")
