"""Graded distortions of pictures, for calibrating and comparing perceptual distances. Needs PyPI packages: numpy, pillow, scipy.

A distortion takes a picture (float64 [H, W, 3], 0...255), a grade 0...4 (0 leaves the picture as it is) and a generator for what is left to chance (a noise field,
a direction); it gives a picture in the same form. `STAGES` is the order in which distortions are composed: one that could undo another (blur takes noise away, lower contrast hides
it) always comes before it, so that one grade more of any of them is never an improvement.
"""
import io

import numpy
from PIL import Image
from scipy import ndimage

GRADES = 4


def _luma(x):
    return x @ numpy.array([0.299, 0.587, 0.114])


def _displaced(x, rows, columns):
    """x at moved places, bicubic, borders mirrored."""
    height, width = x.shape[:2]
    y0, x0 = numpy.mgrid[:height, :width].astype(float)
    places = [y0 + rows, x0 + columns]
    return numpy.stack([ndimage.map_coordinates(x[..., c], places, order=3, mode="mirror") for c in range(3)], axis=-1)


# Calibrated on.

def shift(x, grade, rng):
    angle = rng.uniform(0, 2 * numpy.pi)
    length = [0, 0.75, 1.5, 3, 6][grade]
    return _displaced(x, length * numpy.sin(angle), length * numpy.cos(angle))


def warp(x, grade, rng):
    field = ndimage.gaussian_filter(rng.standard_normal((2, *x.shape[:2])), (0, 6, 6), mode="wrap")
    field *= [0, 0.5, 1, 2, 4][grade] / field.std()
    return _displaced(x, field[0], field[1])


def blur(x, grade, rng):
    return ndimage.gaussian_filter(x, [0, 0.6, 1.1, 2, 3.5][grade], axes=(0, 1), mode="mirror")


def colour(x, grade, rng):
    """The chroma plane turned by an angle, either way."""
    angle = rng.choice([-1, 1]) * [0, 0.25, 0.5, 1, 1.9][grade]
    luma = _luma(x)
    u, v = (x[..., 2] - luma) / 1.772, (x[..., 0] - luma) / 1.402
    cosine, sine = numpy.cos(angle), numpy.sin(angle)
    u, v = cosine * u - sine * v, sine * u + cosine * v
    # A cast as well, without which grey pictures would not change.
    v = v + rng.choice([-1, 1]) * [0, 4, 8, 16, 28][grade]
    red, blue = luma + 1.402 * v, luma + 1.772 * u
    green = (luma - 0.299 * red - 0.114 * blue) / 0.587
    return numpy.stack([red, green, blue], axis=-1)


def contrast(x, grade, rng):
    return 127.5 + (x - 127.5) * [1, 0.85, 0.7, 0.5, 0.3][grade]


def noise(x, grade, rng):
    return x + [0, 5, 11, 22, 42][grade] * rng.standard_normal(x.shape)


def jpeg(x, grade, rng):
    if grade == 0:
        return x
    file = io.BytesIO()
    _picture(x).save(file, "JPEG", quality=[0, 60, 30, 14, 6][grade])
    return numpy.asarray(Image.open(file), dtype=float)


def blocks(x, grade, rng):
    """Some 8 x 8 blocks lose everything but their mean, as where coefficients were lost."""
    height, width = x.shape[0] // 8 * 8, x.shape[1] // 8 * 8
    tiles = x[:height, :width].reshape(height // 8, 8, width // 8, 8, 3)
    lost = rng.random((height // 8, width // 8)) < [0, 0.06, 0.15, 0.35, 0.7][grade]
    y = x.copy()
    y[:height, :width] = numpy.where(lost[:, None, :, None, None], tiles.mean(axis=(1, 3), keepdims=True), tiles).reshape(height, width, 3)
    return y


# Held out.

def rotation(x, grade, rng):
    angle = rng.choice([-1, 1]) * numpy.radians([0, 1, 2, 4, 8][grade])
    height, width = x.shape[:2]
    y0, x0 = numpy.mgrid[:height, :width] - numpy.array([height - 1, width - 1])[:, None, None] / 2
    return _displaced(x, (numpy.cos(angle) - 1) * y0 - numpy.sin(angle) * x0, numpy.sin(angle) * y0 + (numpy.cos(angle) - 1) * x0)


def motion(x, grade, rng):
    """The mean along a path in one of four directions."""
    length = [1, 3, 5, 9, 15][grade]
    kernel = numpy.zeros((length, length))
    direction = rng.integers(4)
    for i in range(length):
        kernel[[length // 2, i, i, length - 1 - i][direction], [i, length // 2, i, i][direction]] = 1 / length
    return numpy.stack([ndimage.convolve(x[..., c], kernel, mode="mirror") for c in range(3)], axis=-1)


def pixelation(x, grade, rng):
    side = [1, 2, 3, 5, 8][grade]
    height, width = x.shape[:2]
    rows, columns = numpy.arange(height) // side, numpy.arange(width) // side
    cell = rows[:, None] * (columns[-1] + 1) + columns
    count = numpy.bincount(cell.ravel())
    return numpy.stack([(numpy.bincount(cell.ravel(), x[..., c].ravel()) / count)[cell] for c in range(3)], axis=-1)


def gamma(x, grade, rng):
    power = [1, 1.2, 1.45, 1.9, 2.7][grade]
    return 255 * (x.clip(0, 255) / 255) ** (power if rng.random() < 0.5 else 1 / power)


def posterise(x, grade, rng):
    levels = [256, 24, 12, 6, 3][grade]
    return numpy.round(x.clip(0, 255) / 255 * (levels - 1)) / (levels - 1) * 255


def impulses(x, grade, rng):
    """Salt and pepper."""
    hit = rng.random(x.shape[:2]) < [0, 0.005, 0.02, 0.06, 0.16][grade]
    return numpy.where(hit[..., None], 255.0 * rng.integers(2, size=x.shape[:2])[..., None], x)


def occlusion(x, grade, rng):
    """A grey square somewhere."""
    side = int(min(x.shape[:2]) * [0, 0.1, 0.18, 0.3, 0.5][grade])
    top, left = rng.integers(x.shape[0] - side + 1), rng.integers(x.shape[1] - side + 1)
    y = x.copy()
    y[top : top + side, left : left + side] = 127.5
    return y


STAGES = [[shift, warp, rotation], [blur, motion, pixelation], [colour, contrast, gamma, posterise], [noise, impulses], [jpeg, blocks, occlusion]]
CALIBRATED = [shift, warp, blur, colour, contrast, noise, jpeg, blocks]
HELD_OUT = [rotation, motion, pixelation, gamma, posterise, impulses, occlusion]
# Coding takes noise away, pixel means do, and a square hides whatever lies under it only a little: the first two are never composed.
_UNDOING = {(noise, jpeg), (noise, blocks), (impulses, jpeg), (impulses, blocks)}


def stage(kind):
    return next(i for i, kinds in enumerate(STAGES) if kind in kinds)


def compositions(kinds):
    """Pairs of kinds of different stages, in the order in which they are applied."""
    pairs = [(a, b) for a in kinds for b in kinds if stage(a) < stage(b)]
    return [pair for pair in pairs if pair not in _UNDOING]


def _picture(x):
    return Image.fromarray(x.round().clip(0, 255).astype(numpy.uint8))


def distorted(x, steps, rng):
    """The 8-bit picture after each (kind, grade) in turn; 0...255 is kept after every one, as files would."""
    x = x.astype(float)
    for kind, grade in steps:
        if grade > 0:
            x = kind(x, grade, rng).clip(0, 255)
    return numpy.asarray(_picture(x))
