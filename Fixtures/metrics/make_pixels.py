"""Golden values of the measures on images themselves. Writes pixels.json beside this file.

The images are made by a formula, the same bits in the tests. Spectra are NumPy's FFT, pyramids SciPy's `ndimage.convolve` as in the code of Karras et al. 2018, whose steps are written anew here; slopes NumPy's `polyfit`.

Needs: numpy, scipy.
"""

import json
import pathlib

import numpy as np
from scipy import ndimage

from synthetic import uniform


def images(seed, count, side, sharpness):
    """uint8 [count, side, side, 3]: a slanted wave of its own for each image and channel, and noise."""
    index = np.arange(count * side * side * 3, dtype=np.uint64).reshape(count, side, side, 3)
    noise = np.floor(uniform(seed, index) * sharpness)
    y, x = np.arange(side)[:, None, None], np.arange(side)[None, :, None]
    i = np.arange(count)[:, None, None, None]
    c = np.arange(3)[None, None, None, :]
    # Whole numbers only, so that both sides agree on every bit: a triangle wave.
    phase = (x[None] * (1 + i % 3) + y[None] * (1 + c) + 5 * i) % 32
    wave = np.abs(phase - 16) * 8
    return (wave + noise).astype(np.uint8)


def luminance(x):
    x = x.astype(np.float64)
    return 0.299 * x[..., 0] + 0.587 * x[..., 1] + 0.114 * x[..., 2]


def profiles(x):
    side = x.shape[1]
    power = np.abs(np.fft.fft2(luminance(x))) ** 2
    f = np.round(np.fft.fftfreq(side) * side)
    radius = np.sqrt(f[:, None] ** 2 + f[None] ** 2).astype(int)
    return np.stack([[p[radius == k].mean() for k in range(1, side // 2 + 1)] for p in power])


def spectrum(a, b):
    p, q = profiles(a).mean(0), profiles(b).mean(0)
    difference = 10 * np.log10(p) - 10 * np.log10(q)
    k = np.log(np.arange(1, len(p) + 1))
    high = difference[len(p) * 3 // 4 :]
    return dict(distance=float(np.sqrt((difference**2).mean())), excess=float(-high.mean()), slope=float(-np.polyfit(k, np.log(q), 1)[0]), realSlope=float(-np.polyfit(k, np.log(p), 1)[0]),
                first=float(10 * np.log10(p[0])))


KERNEL = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256


def down(x):
    return ndimage.convolve(x, KERNEL[None, None], mode="mirror")[:, :, ::2, ::2]


def up(x, shape):
    out = np.zeros(x.shape[:2] + shape)
    out[:, :, ::2, ::2] = x
    return ndimage.convolve(out, 4 * KERNEL[None, None], mode="mirror")


def pyramid(x, levels):
    out = [x.transpose(0, 3, 1, 2).astype(np.float64)]
    for _ in range(1, levels):
        out.append(down(out[-1]))
        out[-2] = out[-2] - up(out[-1], out[-2].shape[2:])
    return out


def descriptors(level, patches, seed):
    random, rows = np.random.RandomState(seed), []
    for image in level:
        for _ in range(patches):
            x, y = 3 + random.randint(0, level.shape[3] - 6), 3 + random.randint(0, level.shape[2] - 6)
            rows.append(image[:, y - 3 : y + 4, x - 3 : x + 4])
    rows = np.stack(rows)
    rows = (rows - rows.mean((0, 2, 3), keepdims=True)) / rows.std((0, 2, 3), keepdims=True)
    return rows.reshape(len(rows), -1)


def sliced(a, b, patches, repeats, levels, seed=2020):
    out = []
    for level, (x, y) in enumerate(zip(pyramid(a, levels), pyramid(b, levels))):
        s = 1000 * level + seed
        x, y, random = descriptors(x, patches, s), descriptors(y, patches, s + 1), np.random.RandomState(s + 2)
        distances = []
        for _ in range(repeats * 128):
            u = random.randn(x.shape[1])
            u /= np.linalg.norm(u)
            distances.append(np.abs(np.sort(x @ u) - np.sort(y @ u)).mean())
        out.append(1000 * float(np.mean(distances)))
    return out


def divergence(x, y, bins, low, high):
    clip = lambda v: np.histogram(np.clip(v, low, np.nextafter(high, low)), bins, (low, high))[0]
    p, q = clip(x) + 1 / bins, clip(y) + 1 / bins
    p, q = p / p.sum(), q / q.sum()
    return float((p * np.log(p / q)).sum())


def low_level(a, b):
    random = np.random.RandomState(2020)
    filters = random.randn(8, 64)
    filters -= filters.mean(1, keepdims=True)
    filters /= np.linalg.norm(filters, axis=1, keepdims=True)
    a, b = luminance(a), luminance(b)
    contrast = [x.std((1, 2)) / x.mean((1, 2)) for x in (a, b)]
    def responses(x):
        n, side = x.shape[0], x.shape[1] // 8
        patches = x[:, : side * 8, : side * 8].reshape(n, side, 8, side, 8).transpose(0, 1, 3, 2, 4).reshape(-1, 64)
        return (patches @ filters.T).ravel()
    r = [responses(x) for x in (a, b)]
    raw = lambda v: float((v**4).mean() / (v**2).mean() ** 2)
    return dict(contrast=divergence(*contrast, 50, 0, 2), realContrast=float(contrast[0].mean()), filter=divergence(*r, 101, -101, 101), realKurtosis=raw(r[0]), fakeKurtosis=raw(r[1]))


if __name__ == "__main__":
    out = {}
    for side in (32, 36):
        a, b = images(61, 24, side, 40), images(62, 20, side, 90)
        n = len(b)
        thin = a[np.arange(n) * len(a) // n]
        out[str(side)] = dict(spectrum=spectrum(a, b), sliced=sliced(thin, b, 128, 4, 2), lowLevel=low_level(a, b), sums=[int(a.astype(int).sum()), int(b.astype(int).sum())])
    (pathlib.Path(__file__).parent / "pixels.json").write_text(json.dumps(out, indent=1) + "\n")
    print(json.dumps(out, indent=1))
