"""HDF5 files of every form that the reader knows, as h5py writes them; element i of every array of numbers is value(i).

Needs PyPI packages: h5py, numpy. usage: python3 make.py     (writes earliest.h5, latest.h5 and user-block.h5 beside itself)
"""
import pathlib

import h5py
import numpy

OUT = pathlib.Path(__file__).resolve().parent
TEXT = h5py.string_dtype("utf-8")


def value(i):
    """Whole numbers of -11 to 11."""
    return (7 * i + 3) % 23 - 11


def numbers(shape, dtype):
    """An array of value(i) in row-major order."""
    return value(numpy.arange(numpy.prod(shape, dtype=int))).reshape(shape).astype(dtype)


def low_level(group, name, shape, dtype, chunks, limits=None, early=False, fill=None):
    """A dataset with settings that h5py's own call does not have."""
    settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    settings.set_chunk(chunks)
    if early:
        settings.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    if fill is not None:
        settings.set_fill_value(numpy.array(fill, dtype))
    space = h5py.h5s.create_simple(shape, limits or shape)
    return h5py.Dataset(h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(numpy.dtype(dtype)), space, settings))


def common(file):
    """What both forms of file hold."""
    for dtype in ["i1", "u1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8", "<f2", "<f4", ">f4", "<f8", ">f8"]:
        # Unsigned types hold no negative number.
        data = numbers((2, 3), "i8")
        file["types/" + dtype.replace("<", "le-").replace(">", "be-")] = (data + 11 if "u" in dtype else data).astype(dtype)
    file["scalar"] = numpy.float64(2.5)
    file["flags"] = numpy.array([True, False, True])
    file.create_dataset("edges", data=numbers((5, 7, 3), "f4"), chunks=(2, 3, 2))
    file.create_dataset("packed", data=numbers((5, 7, 3), "f4"), chunks=(2, 3, 2), compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("checked", data=numbers((9, 4), "i2"), chunks=(4, 4), fletcher32=True)
    # Only rows 6..<8 are written: the other chunks do not exist.
    file.create_dataset("sparse", (20, 3), "i4", chunks=(3, 3), fillvalue=-5)[6:8] = numbers((2, 3), "i4")
    file.create_dataset("unwritten", (4,), "f8", fillvalue=1.5)
    low_level(file, "compact-chunks", (4, 4), "u1", (4, 4))[...] = numbers((4, 4), "i1") + 11
    shrunk = file.create_dataset("shrunk", data=numbers((9, 2), "i4"), maxshape=(None, 2), chunks=(2, 2))
    shrunk.resize((5, 2))
    file.create_dataset("texts", data=["", "one", "zwei", "три", "long " * 40], dtype=TEXT)
    file["fixed-texts"] = numpy.array([b"ab", b"", b"abcd"], "S4")
    file["link"] = h5py.SoftLink("/types/le-i4")
    file["types/relative"] = h5py.SoftLink("le-f4")
    file["named-type"] = numpy.dtype("<i2")
    file.create_dataset("of-named-type", data=numbers((3,), "i2"), dtype=file["named-type"])
    file["of-named-type"].attrs.create("named", numpy.int16(7), dtype=file["named-type"])
    many = file.create_group("many")
    for i in range(20):
        many.attrs[f"attribute {i:02}"] = value(i)
    many.attrs["texts"] = ["a", "bc", ""]
    # In the newer form, an object of its own beside the heap of attributes.
    many.attrs["large"] = numbers((1000,), "f8")


def links(file, count):
    """A group of many names of one array."""
    group = file.create_group("links")
    for i in range(count):
        group[f"name {i:04}"] = file["scalar"]


with h5py.File(OUT / "earliest.h5", "w", libver=("earliest", "v110")) as file:
    common(file)
    links(file, 400)
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((3, 2))
    h5py.Dataset(h5py.h5d.create(file.id, b"compact", h5py.h5t.IEEE_F32LE, space, compact))[...] = numbers((3, 2), "f4")
with h5py.File(OUT / "latest.h5", "w", libver=("v110", "v110")) as file:
    common(file)
    links(file, 1500)
    chunks = file.create_group("chunks")
    chunks.create_dataset("single", data=numbers((3, 4), "f4"), chunks=(3, 4))
    chunks.create_dataset("single-packed", data=numbers((3, 4), "f4"), chunks=(3, 4), compression="gzip")
    low_level(chunks, "implicit", (5, 3), "i2", (2, 2), early=True)[...] = numbers((5, 3), "i2")
    low_level(chunks, "implicit-larger", (5, 3), "i2", (2, 2), limits=(9, 8), early=True)[...] = numbers((5, 3), "i2")
    chunks.create_dataset("fixed-larger", data=numbers((5, 3), "i2"), chunks=(2, 2), maxshape=(9, 8))
    chunks.create_dataset("fixed-packed", data=numbers((5, 3), "i2"), chunks=(2, 2), compression="gzip")
    # Long lists are cut into pages of 1024.
    chunks.create_dataset("fixed-paged", (3000,), "i1", chunks=(1,), fillvalue=1)[2100:2110] = numbers((10,), "i1")
    chunks.create_dataset("growing", data=numbers((300,), "i2"), chunks=(1,), maxshape=(None,))
    chunks.create_dataset("growing-packed", data=numbers((30, 2), "i2"), chunks=(1, 2), maxshape=(None, 2), compression="gzip")
    chunks.create_dataset("growing-columns", data=numbers((3, 40), "i2"), chunks=(2, 1), maxshape=(5, None))
    chunks.create_dataset("growing-paged", (150000,), "i1", chunks=(1,), maxshape=(None,), fillvalue=1)[140000:140010] = numbers((10,), "i1")
    chunks.create_dataset("tree", data=numbers((20, 20), "i1"), chunks=(1, 1), maxshape=(None, None))
    chunks.create_dataset("tree-packed", data=numbers((6, 6), "i1"), chunks=(2, 2), maxshape=(None, None), compression="gzip")
with h5py.File(OUT / "user-block.h5", "w", userblock_size=1024) as file:
    file["numbers"] = numbers((4,), "f4")
