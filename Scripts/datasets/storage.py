"""How the data-set scripts write their HDF5 files. Needs PyPI packages: h5py, numpy."""
import hashlib
import pathlib

import h5py
import numpy


def write(path, images, labels=None, names=None, **attributes):
    """Write uint8 images [N, H, W, C], compressed; the same arrays and library versions give the same bytes. Print count, size and SHA-256."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".partial")
    with h5py.File(temporary, "w") as file:
        rows = max(1, min(len(images), (1 << 18) // images[0].size))
        dataset = file.create_dataset("images", data=images, chunks=(rows, *images.shape[1:]), compression=9, shuffle=True)
        dataset.attrs["layout"] = "NHWC"
        if labels is not None:
            file.create_dataset("labels", data=numpy.asarray(labels, numpy.uint8))
        if names is not None:
            file.create_dataset("names", data=numpy.array([name.encode() for name in names]))
        for key, value in attributes.items():
            file.attrs[key] = value
    temporary.replace(path)
    count, height, width, channels = images.shape
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    print(f"{path}: {count} images of {width} x {height} x {channels}, {path.stat().st_size} bytes, SHA-256 {digest}")
