"""Two folders of PNG files to time whole commands on: random crops of real photographs, and the same crops after strong JPEG compression.

usage: make_images.py FOLDER COUNT SIZE     writes FOLDER/real/NNNNN.png and FOLDER/fake/NNNNN.png, COUNT each, SIZE x SIZE
Needs PyPI packages: requirements.txt beside this file.
"""
import io
import pathlib
import sys

import numpy
import skimage
from PIL import Image

SOURCES = ["chelsea.png", "coffee.png", "astronaut.png", "rocket.jpg", "hubble_deep_field.jpg"]


def main():
    folder, count, size = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    data = pathlib.Path(skimage.__file__).parent / "data"
    photos = [Image.open(data / name).convert("RGB") for name in SOURCES]
    random = numpy.random.default_rng(0)
    for side in ("real", "fake"):
        (folder / side).mkdir(parents=True, exist_ok=True)
    for index in range(count):
        photo = photos[index % len(photos)]
        side = int(random.integers(min(64, size), min(photo.size) + 1))
        left, top = int(random.integers(photo.width - side + 1)), int(random.integers(photo.height - side + 1))
        image = photo.crop((left, top, left + side, top + side)).resize((size, size), Image.Resampling.LANCZOS)
        compressed = io.BytesIO()
        image.save(compressed, "JPEG", quality=30)
        image.save(folder / "real" / f"{index:05}.png")
        Image.open(compressed).save(folder / "fake" / f"{index:05}.png")


if __name__ == "__main__":
    main()
