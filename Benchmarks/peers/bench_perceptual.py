"""Times LPIPS of pairs of PNG files by gan-eval and by the `lpips` package, alternately in one run, and prints a table with ratios.

Both read and decode the files. gan-eval's time is the command's, from process start to the number; the package's is that of reading and of its model in batches of 32, after one pass to warm up, without the start of Python.
The trunks' weights are generated, the same for both.

Needs: numpy, pillow, torch, torchvision, lpips.
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
parser.add_argument("--count", type=int, default=128)
parser.add_argument("--side", type=int, default=256)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--binary", default=root / ".build/release/gan-eval")
options = parser.parse_args()
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(options.threads)

import lpips  # The thread counts must be set before the libraries load.
import numpy as np
import torch
import torchvision
from PIL import Image

torch.set_num_threads(options.threads)
sys.path.insert(0, str(root / "Fixtures/networks"))
import generated_weights

TRUNKS = {"alexnet": "alex", "squeezenet1_1": "squeeze", "vgg16": "vgg"}


def write_pairs(folder):
    """Random crops of a photograph, and the same with noise."""
    photo, random = np.asarray(Image.open(root / "Fixtures/photos/chelsea.png").convert("RGB").resize((900, 600))), np.random.default_rng(0)
    for name in ("a", "b"):
        (folder / name).mkdir()
    for index in range(options.count):
        y, x = random.integers(0, 600 - options.side), random.integers(0, 900 - options.side)
        crop = photo[y : y + options.side, x : x + options.side]
        Image.fromarray(crop).save(folder / f"a/{index:04}.png")
        Image.fromarray(np.clip(crop + 20 * random.standard_normal(crop.shape), 0, 255).astype(np.uint8)).save(folder / f"b/{index:04}.png")


def trunk(name):
    """The package's model and the trunk's weights under torchvision's names."""
    model = lpips.LPIPS(net=TRUNKS[name], verbose=False, pnet_rand=True)  # Its own weights would be downloaded.
    # The package keeps torchvision's layers in slices, in order.
    state = torchvision.models.get_model(name, weights=None).state_dict()
    features = [key for key in state if key.startswith("features.")]
    with torch.no_grad():
        for parameter, key in zip(model.net.parameters(), features, strict=True):
            state[key] = torch.from_numpy(generated_weights.values(key, tuple(state[key].shape)))
            parameter.copy_(state[key])
    return model.eval(), state


def package(model, folder):
    def read(name, index):
        return torch.from_numpy(np.asarray(Image.open(folder / f"{name}/{index:04}.png")).copy()).permute(2, 0, 1) / 127.5 - 1

    found = []
    with torch.no_grad():
        for start in range(0, options.count, 32):
            rows = range(start, min(start + 32, options.count))
            found += model(torch.stack([read("a", i) for i in rows]), torch.stack([read("b", i) for i in rows])).flatten().tolist()
    return float(np.mean(found))


def command(name, folder):
    arguments = [options.binary, "lpips", folder / "a", folder / "b", "--network", name, "--weights", folder / f"{name}.pth", "--threads", str(options.threads), "--json", "--quiet"]
    report = json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)
    return report["results"][0]["value"]


with tempfile.TemporaryDirectory() as path:
    folder = pathlib.Path(path)
    write_pairs(folder)
    print(f"{options.count} pairs of {options.side} × {options.side} PNG, {options.threads} threads, best of {options.rounds}:\n")
    print("| trunk | lpips | gan-eval | faster by | lpips says | gan-eval says |\n|---|---:|---:|---:|---:|---:|")
    for name in TRUNKS:
        model, state = trunk(name)
        torch.save(state, folder / f"{name}.pth")
        theirs, ours = package(model, folder), 0.0
        best = [float("inf"), float("inf")]
        for _ in range(options.rounds):
            start = time.perf_counter()
            theirs = package(model, folder)
            middle = time.perf_counter()
            ours = command(name, folder)
            best = [min(best[0], middle - start), min(best[1], time.perf_counter() - middle)]
        print(f"| {name} | {best[0]:.2f} s | {best[1]:.2f} s | {best[0] / best[1]:.2f} × | {theirs:.6f} | {ours:.6f} |")
