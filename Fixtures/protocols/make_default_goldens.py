"""What the default command should print: the bundled EfficientNet-Lite0 on the committed images, everything in float64.

Each image is resized to 224 x 224 by Pillow's bicubic in float mode and clipped to 0...255, normalised as (x - 127) / 128, and goes through the network's own Python module in float64. default.json then holds
per set:

    fid          exact trace, N - 1 (make_protocol_goldens.exact), of the 1280 features
    kid          unbiased squared MMD of all images at once, kernel (x . y / 1280 + 1)^3: what subsets of any size estimate
    is           Inception Score of `fake` in one split, from the 1000 logits
    float32      the same three from the module in float32: how far single precision may come

Needs PyPI packages: torch, torchvision, pytorch-fid, torch-fidelity, clean-fid, efficientnet-lite-pytorch, h5py, numpy, pillow.
"""
import json
import pathlib
import sys

import numpy
import torch

import make_protocol_goldens as protocols

sys.path.insert(0, str(protocols.FIXTURES / "networks"))
import make_network_goldens as networks

BATCH = 50


def features(model, taps, folder, kind):
    """The 1280 features and the logits of every image under `folder`, in the order of their paths."""
    paths = sorted(folder.rglob("*.*"))
    rows = []
    with torch.inference_mode():
        for start in range(0, len(paths), BATCH):
            images = torch.cat([networks.photograph(path, 224) for path in paths[start : start + BATCH]]).to(kind)
            logits = model.to(kind)((images - 127) / 128)
            rows.append((taps["1280"].numpy(), logits.numpy()))
    return [numpy.concatenate(column) for column in zip(*rows)]


def kernel_distance(x, y):
    """The unbiased squared MMD of two sets, in float64."""
    x, y = x.astype(numpy.float64), y.astype(numpy.float64)

    def kernel(a, b):
        return (a @ b.T / x.shape[1] + 1) ** 3

    within = sum((k.sum() - numpy.trace(k)) / (len(k) * (len(k) - 1)) for k in (kernel(x, x), kernel(y, y)))
    return float(within - 2 * kernel(x, y).mean())


def inception_score(logits):
    """exp of the mean Kullback-Leibler divergence from the mean prediction, in float64."""
    log_p = torch.from_numpy(logits).double().log_softmax(dim=1)
    p = log_p.exp()
    return float((p * (log_p - p.mean(dim=0).log())).sum(dim=1).mean().exp())


def values(model, taps, sides, kind):
    (real, _), (fake, logits) = (features(model, taps, protocols.FIXTURES / side, kind) for side in sides)
    return {"fid": protocols.exact(real, fake), "kid": kernel_distance(real, fake), "is": inception_score(logits)}


def main():
    model, places, _ = networks.efficientnet_lite0_imagenet()
    taps = networks.record(model, places)
    goldens = {}
    for name, (real, fake, _) in protocols.SETS.items():
        narrow = values(model, taps, (real, fake), torch.float32)
        goldens[name] = values(model, taps, (real, fake), torch.float64) | {"float32": narrow, "real": real, "fake": fake}
        print(name, goldens[name])
    (pathlib.Path(__file__).parent / "default.json").write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main()
