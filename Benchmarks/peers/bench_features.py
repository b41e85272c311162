"""Images per second of a feature network in PyTorch, on random images, one mode per run.

eager                        NCHW float32, as pytorch-fid and torch-fidelity run it
channels-last                the same in channels-last memory format
bfloat16-channels-last       weights and inputs in bfloat16, channels-last
bfloat16-autocast            float32 weights under autocast to bfloat16, channels-last

Weights are generated (Fixtures/networks/generated_weights.py). Prints one JSON object.
Needs PyPI packages: requirements.txt beside this file.
"""
import argparse
import contextlib
import json
import pathlib
import statistics
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Fixtures/networks"))
import generated_weights

MODES = ["eager", "channels-last", "bfloat16-channels-last", "bfloat16-autocast"]


def inception():
    model = generated_weights.fid_inception()
    model.fc = torch.nn.Identity()
    return model, 299


def efficientnet():
    from efficientnet_lite_pytorch import EfficientNet

    model = generated_weights.fill(EfficientNet.from_name("efficientnet-lite0"))
    model._fc = torch.nn.Identity()
    return model, 224


NETWORKS = {"inception-v3": inception, "efficientnet-lite0": efficientnet}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NETWORKS, default="inception-v3")
    parser.add_argument("--mode", choices=MODES, default="eager")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--batches", type=int, default=5, help="timed batches, after one to warm up")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    model, size = NETWORKS[options.network]()
    images = torch.rand(options.batch_size, 3, size, size) * 2 - 1
    if options.mode != "eager":
        model, images = model.to(memory_format=torch.channels_last), images.to(memory_format=torch.channels_last)
    if options.mode == "bfloat16-channels-last":
        model, images = model.to(torch.bfloat16), images.to(torch.bfloat16)
    context = torch.autocast("cpu", torch.bfloat16) if options.mode == "bfloat16-autocast" else contextlib.nullcontext()

    times = []
    with torch.inference_mode(), context:
        for _ in range(options.batches + 1):
            start = time.perf_counter()
            model(images)
            times.append(time.perf_counter() - start)
    rates = [options.batch_size / seconds for seconds in times[1:]]
    print(json.dumps({"imagesPerSecond": statistics.median(rates), "best": max(rates), "network": options.network, "mode": options.mode,
                      "batchSize": options.batch_size, "threads": options.threads, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
