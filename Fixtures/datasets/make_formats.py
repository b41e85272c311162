"""Tiny files in the formats that data sets are published in, and what others read from them.

tiny-images-idx3-ubyte, tiny-labels-idx1-ubyte     MNIST's format, 5 images of 4 x 3; packed-… the same gzipped
tiny.npy                                           the images as torchvision reads them
cifar-10.bin, cifar-100.bin                        CIFAR's binary formats, 3 images each
cifar.npy                                          the images of both as torchvision's CIFAR10 gives them (from its own kind of file with the same rows)
preparation-SIZE-CHANNELS.npy                      ../images/decoding/rgb8.png cropped, made grey and resized by Pillow

Needs PyPI packages: numpy, pillow, torchvision.
"""
import gzip
import hashlib
import pathlib
import pickle
import struct
import tempfile

import numpy
import torchvision
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
random = numpy.random.default_rng(1998)


def idx():
    images, labels = random.integers(0, 256, (5, 4, 3), numpy.uint8), numpy.array([3, 0, 9, 1, 3], numpy.uint8)
    files = {"images-idx3-ubyte": struct.pack(">4B3I", 0, 0, 8, 3, 5, 4, 3) + images.tobytes(), "labels-idx1-ubyte": struct.pack(">4BI", 0, 0, 8, 1, 5) + labels.tobytes()}
    for name, content in files.items():
        (HERE / f"tiny-{name}").write_bytes(content)
        with open(HERE / f"packed-{name}.gz", "wb") as file, gzip.GzipFile(f"tiny-{name}", "wb", 9, file, mtime=0) as packed:
            packed.write(content)
    read = torchvision.datasets.mnist.read_image_file(HERE / "tiny-images-idx3-ubyte").numpy()
    assert (torchvision.datasets.mnist.read_label_file(HERE / "tiny-labels-idx1-ubyte").numpy() == labels).all()
    numpy.save(HERE / "tiny.npy", read)


def cifar():
    # Coarse grey planes compress well and still differ at every corner.
    rows = (random.integers(0, 8, (3, 3072)) * 36).astype(numpy.uint8)
    labels, coarse, fine = [6, 0, 9], [19, 0, 7], [99, 0, 42]
    (HERE / "cifar-10.bin").write_bytes(b"".join(bytes([label]) + row.tobytes() for label, row in zip(labels, rows)))
    (HERE / "cifar-100.bin").write_bytes(b"".join(bytes(pair) + row.tobytes() for *pair, row in zip(coarse, fine, rows)))
    with tempfile.TemporaryDirectory() as folder:
        class Tiny(torchvision.datasets.CIFAR10):
            train_list = [["data_batch_1", None]]
            test_list = []

            def _check_integrity(self):
                return True

            def _load_meta(self):
                pass

        (pathlib.Path(folder) / Tiny.base_folder).mkdir()
        with open(pathlib.Path(folder) / Tiny.base_folder / "data_batch_1", "wb") as file:
            pickle.dump({"data": rows, "labels": labels}, file)
        read = Tiny(folder)
        assert read.targets == labels
        numpy.save(HERE / "cifar.npy", read.data)


def preparation():
    image = Image.open(HERE.parent / "images" / "decoding" / "rgb8.png").convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    for size in (5, side, 31):
        for channels, mode in ((1, "L"), (3, "RGB")):
            result = square.convert(mode)
            if size != side:
                result = result.resize((size, size), Image.Resampling.LANCZOS)
            numpy.save(HERE / f"preparation-{size}-{channels}.npy", numpy.asarray(result).reshape(size, size, channels))


if __name__ == "__main__":
    idx()
    cifar()
    preparation()
    for path in sorted(HERE.iterdir()):
        print(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()[:16])
