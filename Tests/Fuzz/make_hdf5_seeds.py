"""Small HDF5 files of the kinds that the reader meets, as seeds of its fuzz target.

Needs PyPI packages: h5py, numpy. usage: python3 make_hdf5_seeds.py     (writes seeds/hdf5 beside itself)
"""
import pathlib

import h5py
import numpy

OUT = pathlib.Path(__file__).resolve().parent / "seeds" / "hdf5"
OUT.mkdir(parents=True, exist_ok=True)
text = h5py.string_dtype("utf-8")

with h5py.File(OUT / "images.h5", "w") as file:
    images = file.create_dataset("images", data=numpy.arange(2 * 3 * 4 * 3, dtype=numpy.uint8).reshape(2, 3, 4, 3))
    images.attrs["layout"] = "NHWC"
    file["labels"] = [0, 1]
with h5py.File(OUT / "features.h5", "w") as file:
    file.attrs["format"], file.attrs["format_version"] = "gan-eval features", 1
    file.create_group("identity").attrs["network"] = "any"
    file.create_dataset("features", data=numpy.arange(6, dtype=numpy.float32).reshape(2, 3), maxshape=(None, 3), chunks=(2, 3))
    file.create_dataset("names", data=["a.png", "b.png"], dtype=text)
with h5py.File(OUT / "statistics.h5", "w") as file:
    file.attrs["format"], file.attrs["count"] = numpy.bytes_("gan-eval statistics"), 7
    file["mean"], file["co_moment"] = numpy.zeros(2), numpy.eye(2)
with h5py.File(OUT / "compressed.h5", "w") as file:
    file.create_dataset("x", data=numpy.zeros((8, 8), numpy.float16), chunks=(4, 8), compression="gzip", shuffle=True, fletcher32=True)
with h5py.File(OUT / "nested-latest.h5", "w", libver="latest") as file:
    file["a/b/c"] = numpy.array([1, 2], numpy.int16)
    file["a/flag"] = numpy.array([True, False])
    file["a/soft"] = h5py.SoftLink("/a/b")
    file["a/external"] = h5py.ExternalLink("absent.h5", "/")
    file["scalar"], file["none"] = 1.5, h5py.Empty("f8")
    file["fixed"] = numpy.array([b"ab ", b"c"], "S3")
with h5py.File(OUT / "chunks-latest.h5", "w", libver=("v110", "v110")) as file:
    values = numpy.arange(12, dtype=numpy.int8).reshape(4, 3)
    file.create_dataset("single", data=values, chunks=(4, 3))
    file.create_dataset("fixed", data=values, chunks=(2, 2))
    file.create_dataset("fixed-packed", data=values, chunks=(2, 2), compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("growing", data=numpy.arange(30, dtype=numpy.int8), chunks=(1,), maxshape=(None,))
    file.create_dataset("growing-packed", data=values, chunks=(2, 2), maxshape=(None, 3), compression="gzip")
    file.create_dataset("tree", data=values, chunks=(2, 2), maxshape=(None, None))
    file.create_dataset("tree-packed", data=values, chunks=(2, 2), maxshape=(None, None), compression="gzip")
with h5py.File(OUT / "dense-latest.h5", "w", libver=("v110", "v110")) as file:
    for i in range(12):
        file[f"link {i}"] = h5py.SoftLink("/link 0") if i else 1.5
        file.attrs[f"attribute {i}"] = i
    file.attrs["large"] = numpy.zeros(600)
with h5py.File(OUT / "paged-latest.h5", "w", libver=("v110", "v110")) as file:
    file.create_dataset("paged", (2048,), "i1", chunks=(1,))[1030:1032] = [1, 2]
