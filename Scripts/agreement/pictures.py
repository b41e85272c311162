"""The names that expressions about pictures and whole images stand on. Names in pairs.py begin with `pictures.`; most are the fixtures' own, which run the peers in float64."""
import functools
import pathlib

import numpy
import pytorch_msssim
import torch
import torchmetrics.functional.image as torchmetrics
from PIL import Image
from skimage import metrics

import make_perceptual as fixtures
import make_pixels as pixels

# scikit-image's options for the windows of Wang et al. 2004.
WINDOWS = {"channel_axis": -1, "data_range": 255, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}


def read(path):
    """RGB, float64 [H, W, 3]."""
    return numpy.asarray(Image.open(path).convert("RGB")).astype(float)


@functools.cache
def pair(name):
    return [read(f"pairs/{name}-{side}.png") for side in "ab"]


def tensors(name, scale=127.5, shift=-1):
    """[1, 3, H, W] each, -1...1 unless told otherwise."""
    return [torch.from_numpy(x).permute(2, 0, 1)[None] / scale + shift for x in pair(name)]


@torch.no_grad()
def lpips(net, name, version="0.1"):
    """The package on the generated trunk."""
    return fixtures.fresh_lpips(net, version)(*tensors(name))


@torch.no_grad()
def torchmetrics_lpips(net, name):
    return fixtures.torchmetrics_lpips(net, fixtures.fresh_lpips(net, "0.1"))(*tensors(name))


@torch.no_grad()
def bundled_lpips(name):
    return fixtures.bundled_lpips()(*tensors(name))


@torch.no_grad()
def dists(name):
    return fixtures.dists()(*tensors(name, 255, 0))


def ssim(x, y):
    return metrics.structural_similarity(x, y, **WINDOWS)


def psnr(x, y):
    return metrics.peak_signal_noise_ratio(x, y, data_range=255)


def ms_ssim(name):
    return torchmetrics.multiscale_structural_similarity_index_measure(*tensors(name, 1, 0), data_range=255.0)


def ms_ssim_after(name):
    """pytorch-msssim with its window in float64."""
    return pytorch_msssim.ms_ssim(*tensors(name, 1, 0), data_range=255, win=fixtures.window())


def mean(measure):
    """Of all pairs of the few digits with the same name."""
    paths = sorted(pathlib.Path("few/real").iterdir())
    return numpy.mean([measure(read(path), read(pathlib.Path("few/fake") / path.name)) for path in paths])


@functools.cache
def digits(side):
    """The few digits, uint8 [200, 28, 28, 3], in the order of their names."""
    return numpy.stack([read(path) for path in sorted(pathlib.Path(f"few/{side}").iterdir())]).astype(numpy.uint8)


def few():
    return digits("real"), digits("fake")
