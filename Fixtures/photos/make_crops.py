"""Crops of real photographs in mixed sizes and formats, and the same crops after strong JPEG compression.

crops/real/NN.png, NN.jpg    48 random crops of five photographs of scikit-image, 48 to 400 pixels, seldom square; every second one and the large ones as JPEG of quality 95
crops/fake/NN.jpg            the same crops as JPEG of quality 30 with 4:2:0 chroma, some progressive

Needs PyPI packages: scikit-image, numpy, pillow.
"""
import pathlib

import numpy
import skimage
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
PHOTOS = pathlib.Path(skimage.__file__).parent / "data"
SOURCES = ["chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg", "hubble_deep_field.jpg"]
COUNT, LARGE, SEED = 48, 6, 2014


def main():
    random = numpy.random.default_rng(SEED)
    photos = [Image.open(PHOTOS / name).convert("RGB") for name in SOURCES]
    for folder in ("real", "fake"):
        (HERE / "crops" / folder).mkdir(parents=True, exist_ok=True)
    for index in range(COUNT):
        photo = photos[index % len(photos)]
        large = index % (COUNT // LARGE) == 0
        width, height = (int(side) for side in random.integers(*((300, 401) if large else (48, 161)), 2))
        width, height = min(width, photo.width), min(height, photo.height)
        left, top = int(random.integers(photo.width - width + 1)), int(random.integers(photo.height - height + 1))
        crop = photo.crop((left, top, left + width, top + height))
        if large or index % 2:
            crop.save(HERE / f"crops/real/{index:02}.jpg", quality=95, optimize=True)
        else:
            crop.save(HERE / f"crops/real/{index:02}.png", optimize=True)
        crop.save(HERE / f"crops/fake/{index:02}.jpg", quality=30, optimize=True, progressive=index % 3 == 0)


if __name__ == "__main__":
    main()
