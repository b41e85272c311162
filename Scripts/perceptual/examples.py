"""Pictures and pairs of distortions of known order. Needs PyPI packages: numpy, pillow, scipy, h5py, scikit-image, scikit-learn (the last two for the photographs that they ship).

An example is a picture with a distorted version, and the same or another picture with a version that is more distorted by construction: the same kinds of distortion, each at the same
grade or a higher one, at least one higher. What is left to chance is drawn anew for each version. No human judged them.
"""
import dataclasses
import pathlib

import h5py
import numpy
import skimage
import sklearn.datasets
from PIL import Image

import distortions

PHOTOGRAPHS = """astronaut.png brick.png camera.png cell.png chelsea.png coffee.png coins.png grass.png gravel.png hubble_deep_field.jpg ihc.png moon.png
motorcycle_left.png page.png retina.jpg rocket.jpg text.png china.jpg flower.jpg""".split()
CROPS, CROP, SCALES = 8, 128, (1, 2)


@dataclasses.dataclass
class Example:
    """`nearer` is a version of the first picture, `farther` one of the second."""

    source: str
    pictures: tuple
    kinds: tuple
    nearer: numpy.ndarray
    farther: numpy.ndarray
    grades: tuple
    is_across: bool


def photograph(name):
    folders = [pathlib.Path(skimage.__file__).parent / "data", pathlib.Path(sklearn.datasets.__file__).parent / "images"]
    return Image.open(next(folder / name for folder in folders if (folder / name).exists())).convert("RGB")


def crops(name, rng):
    """Crops of one photograph, some after halving, each of more than a flat surface."""
    image = photograph(name)
    found = []
    for scale in SCALES:
        smaller = image.resize((image.width // scale, image.height // scale), Image.Resampling.LANCZOS)
        if min(smaller.size) < CROP:
            continue
        tries = 0
        while len(found) < CROPS * (SCALES.index(scale) + 1) // len(SCALES) and tries < 200:
            tries += 1
            left, top = rng.integers(smaller.width - CROP + 1), rng.integers(smaller.height - CROP + 1)
            crop = numpy.asarray(smaller.crop((left, top, left + CROP, top + CROP)))
            if crop.std(axis=(0, 1)).mean() > 12:
                found.append(crop)
    return found


def pictures(emoji, seed):
    """Two sets {source: [pictures]} without a common source: half of the photographs and of the emoji each."""
    rng = numpy.random.default_rng(seed)
    order = rng.permutation(len(PHOTOGRAPHS))
    halves = [{}, {}]
    for place, index in enumerate(order):
        found = crops(PHOTOGRAPHS[index], rng)
        if found:
            halves[place % 2][PHOTOGRAPHS[index]] = found
    with h5py.File(emoji) as file:
        chosen = rng.choice(len(file["images"]), 128, replace=False)
        for place, index in enumerate(chosen):
            halves[place % 2][f"emoji {index}"] = [file["images"][index]]
    return halves


def graded(kinds, rng):
    """The grades of a nearer and a farther version. Half of the time one kind has one grade more and nothing else changes, where a distance is most easily distracted."""
    while True:
        first = [int(rng.integers(distortions.GRADES + 1)) for _ in kinds]
        if rng.random() < 0.5:
            second = list(first)
            second[rng.integers(len(kinds))] += 1
        else:
            second = [int(rng.integers(grade, distortions.GRADES + 1)) for grade in first]
        if first != second and max(second) <= distortions.GRADES:
            return tuple(first), tuple(second)


def examples(pictures, kinds, count, rng):
    """`count` examples: a third with one kind of distortion, the others with two; half of them within one picture, half across two of different sources."""
    sources = sorted(pictures)
    singles, doubles = [(kind,) for kind in kinds], distortions.compositions(kinds)
    for _ in range(count):
        # Photographs and emoji apart: they differ in size.
        emoji = rng.random() < 0.3
        group = [source for source in sources if source.startswith("emoji") == emoji]
        is_across = rng.random() < 0.5
        chosen = rng.choice(len(group), 2, replace=False)
        first = pictures[group[chosen[0]]][rng.integers(len(pictures[group[chosen[0]]]))]
        second = pictures[group[chosen[1]]][rng.integers(len(pictures[group[chosen[1]]]))] if is_across else first
        options = singles if rng.random() < 1 / 3 else doubles
        steps = options[rng.integers(len(options))]
        grades = graded(steps, rng)
        nearer, farther = (distortions.distorted(p, list(zip(steps, g)), rng) for p, g in zip((first, second), grades))
        yield Example(group[chosen[0]], (first, second), tuple(kind.__name__ for kind in steps), nearer, farther, grades, is_across)
