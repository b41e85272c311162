"""Wall time of a peer's whole command, from process start to its number, on two folders with a given weights file.

pytorch-fid        python -m pytorch_fid REAL FAKE --device cpu, with the weights file in place of its download
fidelity           fidelity --fid --input1 FAKE --input2 REAL --cpu --no-cache --feature-extractor-weights-path WEIGHTS

Prints one JSON object. Needs PyPI packages: requirements.txt beside this file.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import time

PYTORCH_FID = """
import sys, torch
from pytorch_fid import fid_score, inception
weights = sys.argv.pop(1)
inception.load_state_dict_from_url = lambda *_, **__: torch.load(weights, map_location="cpu")
fid_score.main()
"""
FIDELITY = "from torch_fidelity.fidelity import main; main()"


def command(options):
    python = [sys.executable, "-c"]
    batch = ["--batch-size", str(options.batch_size)]
    if options.peer == "pytorch-fid":
        return python + [PYTORCH_FID, options.weights, options.real, options.fake, "--device", "cpu"] + batch
    return python + [FIDELITY, "--fid", "--json", "--silent", "--cpu", "--no-cache", "--input1", options.fake, "--input2", options.real,
                     "--feature-extractor-weights-path", options.weights] + batch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=["pytorch-fid", "fidelity"])
    parser.add_argument("weights")
    parser.add_argument("real")
    parser.add_argument("fake")
    parser.add_argument("--batch-size", type=int, default=50, help="1 where image sizes differ: the peers cannot batch them")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    start = time.perf_counter()
    environment = os.environ | {"OMP_NUM_THREADS": str(options.threads), "OPENBLAS_NUM_THREADS": str(options.threads)}
    finished = subprocess.run(command(options), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if finished.returncode != 0:
        sys.exit(f"{options.peer} failed:\n{finished.stderr}")
    value = float(re.findall(r"[-+0-9.e]+", finished.stdout)[-1])
    print(json.dumps({"seconds": seconds, "fid": value, "peer": options.peer, "threads": options.threads}))


if __name__ == "__main__":
    main()
