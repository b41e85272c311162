"""Times precision, recall, density and coverage of gan-eval, prdc and torch-fidelity on the same features and the same number of cores, alternately in one run, and prints a table with ratios.

gan-eval's time is the command's, from process start to the number, reading the features included; the peers' is that of the call alone, on arrays in memory.

Needs: numpy, h5py, torch, torch-fidelity, prdc.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent.parent
parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=10_000)
parser.add_argument("--dimension", type=int, default=2048)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--binary", default=root / ".build/release/gan-eval")
options = parser.parse_args()
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(options.threads)

import h5py  # The thread counts must be set before the libraries load.
import numpy as np
import torch
from prdc import compute_prdc
from torch_fidelity.metric_prc import prc_features_to_metric

torch.set_num_threads(options.threads)
sys.path.insert(0, str(root / "Fixtures/metrics"))
from synthetic import features


def write(path, rows):
    with h5py.File(path, "w") as file:
        file.attrs["format"], file.attrs["format_version"] = "gan-eval features", 1
        file.create_group("identity").attrs["network"] = "synthetic"
        file["features"] = rows


def command(folder, metrics):
    report = subprocess.run(
        [options.binary, "evaluate", f"{folder}/real.h5", f"{folder}/fake.h5", "--metrics", metrics, "--json"], check=True, capture_output=True, text=True).stdout
    return {found["metric"]: found["value"] for found in json.loads(report)["results"]}


def fidelity(real, fake):
    found = prc_features_to_metric(torch.from_numpy(fake), torch.from_numpy(real), prc_neighborhood=3, prc_batch_size=10000, save_cpu_ram=False, verbose=False)
    return {name: found[name] for name in ("precision", "recall")}


with tempfile.TemporaryDirectory() as folder:
    real, fake = features(1, options.count, options.dimension), features(2, options.count, options.dimension, 0.03, 0.9)
    write(f"{folder}/real.h5", real)
    write(f"{folder}/fake.h5", fake)
    contenders = [
        ("gan-eval, all four", lambda: command(folder, "precision,recall,density,coverage")),
        ("prdc, all four", lambda: compute_prdc(real, fake, 5)),
        ("gan-eval, precision and recall", lambda: command(folder, "precision,recall")),
        ("torch-fidelity, precision and recall", lambda: fidelity(real, fake)),
    ]
    best, values = {}, {}
    for _ in range(options.rounds):
        for name, body in contenders:
            start = time.perf_counter()
            values[name] = body()
            best[name] = min(best.get(name, float("inf")), time.perf_counter() - start)

print(f"{options.count} × {options.count} images, {options.dimension} features, {options.threads} threads, best of {options.rounds}:\n")
print("| contender | seconds | ratio | precision | recall | density | coverage |\n|---|---:|---:|---:|---:|---:|---:|")
for index, (name, _) in enumerate(contenders):
    cells = [f"{values[name][key]:.4f}" if key in values[name] else "" for key in ("precision", "recall", "density", "coverage")]
    print(f"| {name} | {best[name]:.2f} | {best[name] / best[contenders[index // 2 * 2][0]]:.2f} | " + " | ".join(cells) + " |")
print("\nPrecision and recall: k = 3 and ≤ for gan-eval and torch-fidelity, k = 5 and < for prdc. Density and coverage: k = 5.")
