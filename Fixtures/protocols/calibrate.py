"""Batch-norm statistics that make the generated FID Inception tell images apart, as a trained one does.

With running statistics from the formula of ../networks/generated_weights.py the features of any two images are nearly parallel, and float32 kernels of them say little. So the
statistics of the 94 batch norms are measured once, layer by layer, on photograph crops and digits, and committed: `inception-v3-statistics.h5`, one float32 data set per
`running_mean` and `running_var`. Every other entry keeps the formula's value. The variances of the last block are divided by 4, which doubles the features: their mean square comes to 0.3 to 0.9, as
with the published weights, and the logits spread enough for an Inception Score above 1.

Needs PyPI packages: torch, torchvision, pytorch-fid, h5py, numpy, pillow.
usage: calibrate.py             measures and writes inception-v3-statistics.h5
       calibrate.py OUT.pth     writes the whole calibrated network as a state dictionary for the peers
"""
import pathlib
import sys

import h5py
import numpy
import torch
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "networks"))
import generated_weights

STATISTICS = HERE / "inception-v3-statistics.h5"
OUTPUTS = tuple(f"Mixed_7c.branch{name}." for name in "1x1 3x3_2a 3x3_2b 3x3dbl_3a 3x3dbl_3b _pool".split())


def images():
    """24 crops and 24 digits, resized to 299 x 299, in [-1, 1]."""
    crops = sorted((HERE.parent / "photos/crops/real").iterdir())[::2]
    digits = sorted((HERE.parent / "digits").glob("*/*/*-00[12].png"))[:24]
    pictures = [Image.open(path).convert("RGB").resize((299, 299), Image.Resampling.BICUBIC) for path in crops + digits]
    return (torch.from_numpy(numpy.stack([numpy.asarray(picture) for picture in pictures])).permute(0, 3, 1, 2).float() - 128) / 128


def measure():
    """The running statistics after one pass in training mode, in which each layer is normalised by this batch."""
    model = generated_weights.fid_inception()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            module.reset_running_stats()
            module.train()
    with torch.inference_mode():
        model(images())
    with h5py.File(STATISTICS, "w", libver="earliest") as file:
        for key, tensor in model.state_dict().items():
            if key.endswith("running_var") and key.startswith(OUTPUTS):
                tensor = tensor / 4
            if key.endswith(("running_mean", "running_var")):
                file.create_dataset(key, data=tensor.numpy(), track_times=False)


def network():
    """The FID Inception with generated weights and the committed statistics."""
    model = generated_weights.fid_inception()
    with h5py.File(STATISTICS) as file:
        statistics = {key: torch.from_numpy(file[key][()]) for key in file}
    assert not model.load_state_dict(statistics, strict=False).unexpected_keys
    return model


if __name__ == "__main__":
    if len(sys.argv) == 2:
        torch.save(network().state_dict(), sys.argv[1])
    else:
        measure()
