"""Resizes one noisy image per case with the real libraries and writes what comes out.

Needs: Pillow 13.0.0, numpy, torch, torch-fidelity 0.4.0. Run in this folder; writes resampling/*:
`SOURCE.u8` the inputs, `RESAMPLER.SOURCE.WIDTHxHEIGHT.f32` (or `.u8`) the results, all [height, width, 3], little-endian.
TensorFlow 1's resize comes from torch-fidelity's port, which its authors check against TensorFlow itself. StyleGAN's is written out below
as its Inception file does it; torch must run with fused multiply-adds (any x86-64 with AVX2: `torch.backends.cpu.get_cpu_capability()`).
"""
import os

import numpy as np
import torch
from PIL import Image
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

OUT = "resampling"
os.makedirs(OUT, exist_ok=True)
rng = np.random.default_rng(299)
FILTERS = {"box": Image.BOX, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}


def noisy(h, w):
    """Noise with full black and white in it: the worst case for overshoot and rounding."""
    return rng.choice([0, 255, 1], (h, w, 3), p=[0.2, 0.2, 0.6]).astype(np.uint8) * rng.integers(0, 2, (h, w, 3), dtype=np.uint8) | \
        rng.integers(0, 256, (h, w, 3), dtype=np.uint8) * rng.integers(0, 2, (h, w, 3), dtype=np.uint8)


def stylegan(batch, size):
    """StyleGAN's resize, with the output's size in the place of 299."""
    (height, width), (rows, columns) = batch.shape[2:], size
    theta = torch.eye(2, 3)
    theta[0, 2] += 1 / width - 1 / columns
    theta[1, 2] += 1 / height - 1 / rows
    grid = torch.nn.functional.affine_grid(theta[None], [1, 3, rows, columns], align_corners=False)
    return torch.nn.functional.grid_sample(batch, grid, mode="bilinear", padding_mode="border", align_corners=False)


def results(source, size):
    for name, resample in FILTERS.items():
        channels = [Image.fromarray(source[:, :, c].astype(np.float32)).resize(size, resample) for c in range(3)]
        yield f"pillow-{name}", np.stack([np.asarray(c) for c in channels], 2).astype("<f4")
        yield f"pillow-{name}-uint8", np.asarray(Image.fromarray(source).resize(size, resample))
    batch = torch.from_numpy(source.transpose(2, 0, 1)[None].astype(np.float32))
    for name, resized in (
        ("torch-bilinear", torch.nn.functional.interpolate(batch, size[::-1], mode="bilinear", align_corners=False)),
        ("torch-bilinear-antialias",
         torch.nn.functional.interpolate(batch, size[::-1], mode="bilinear", align_corners=False, antialias=True)),
        ("tensorflow1-bilinear", interpolate_bilinear_2d_like_tensorflow1x(batch, size[::-1], align_corners=False)),
        ("stylegan-bilinear", stylegan(batch, size[::-1])),
    ):
        yield name, resized[0].permute(1, 2, 0).contiguous().numpy().astype("<f4")


CASES = {(23, 17): [(11, 9), (31, 19), (3, 2), (1, 1), (23, 9), (11, 17), (29, 5)], (1000, 1): [(299, 1)]}

for (width, height), sizes in CASES.items():
    source = noisy(height, width)
    source.tofile(os.path.join(OUT, f"{width}x{height}.u8"))
    for size in sizes:
        for name, values in results(source, size):
            kind = "u8" if values.dtype == np.uint8 else "f32"
            values.tofile(os.path.join(OUT, f"{name}.{width}x{height}.{size[0]}x{size[1]}.{kind}"))
            if name == "torch-bilinear" and width == 1000:
                # pytorch-fid's order: divide by 255, then resize.
                batch = torch.from_numpy(source.transpose(2, 0, 1)[None].astype(np.float32)).div(255)
                resized = torch.nn.functional.interpolate(batch, size[::-1], mode="bilinear", align_corners=False)
                values = resized[0].permute(1, 2, 0).contiguous().numpy().astype("<f4")
                values.tofile(os.path.join(OUT, f"scaled-first.{name}.{width}x{height}.{size[0]}x{size[1]}"))
