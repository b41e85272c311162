"""The features of the three tools' sFID, by PyTorch's module of the generated Inception. Names in pairs.py begin with `spatial.`."""
import functools
import pathlib

import numpy
import torch
from PIL import Image
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

import calibrate

# Where each tool reads the first seven channels of 17 × 17 positions, and whether positions come before channels.
PLACES = {"sfid-adm": ("Mixed_6d.branch1x1", True), "sfid-dgm-eval": ("Mixed_6e", False), "sfid-pyiqa": ("Mixed_6a", False)}


@functools.cache
@torch.inference_mode()
def maps(folder):
    """Each tool's features of a folder [N, 2023], after TensorFlow 1's resize as torch-fidelity has it."""
    network, found = calibrate.network(), {tap: [] for tap in PLACES}
    for tap, (place, positions_first) in PLACES.items():
        def keep(module, inputs, output, tap=tap, positions_first=positions_first):
            seven = output[:, :7]
            found[tap].append((seven.permute(0, 2, 3, 1) if positions_first else seven).flatten(1).numpy())
        network.get_submodule(place).register_forward_hook(keep)
    for path in sorted(pathlib.Path(folder).iterdir()):
        image = torch.from_numpy(numpy.array(Image.open(path).convert("RGB"))).permute(2, 0, 1)[None].float()
        network((interpolate_bilinear_2d_like_tensorflow1x(image, size=(299, 299), align_corners=False) - 128) / 128)
    return {tap: numpy.concatenate(rows) for tap, rows in found.items()}


def features(tap):
    """Of the real and of the generated crops."""
    return maps("crops/real")[tap], maps("crops/fake")[tap]
