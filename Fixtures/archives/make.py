"""Writes the NumPy and ZIP files that the tests of Archives read. Needs numpy (PyPI)."""
import os
import struct
import zipfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(here, name)


for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    low = 0 if code[0] == "u" else -4
    values = (np.arange(24) + low).reshape(2, 3, 4)
    for order in "<>":
        if code[1] == "1" and order == ">":
            continue
        array = values.astype(order + code)
        name = ("big-" if order == ">" else "") + code
        np.save(path(f"{name}.npy"), array)
    np.save(path(f"fortran-{code}.npy"), np.asfortranarray(values.astype("<" + code)))
np.save(path("b1.npy"), np.array([True, False, True]))
np.save(path("scalar.npy"), np.float64(2.5))
np.save(path("empty.npy"), np.zeros((0, 3), "<f4"))
np.save(path("objects.npy"), np.array([{}], dtype=object), allow_pickle=True)
np.save(path("structured.npy"), np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save(path("text.npy"), np.array(["abc"]))
for version in [(2, 0), (3, 0)]:
    with open(path(f"version{version[0]}.npy"), "wb") as file:
        np.lib.format.write_array(file, np.arange(3, dtype="<f4"), version=version)

# Statistics as the peers write them, stored and deflated; `sigma` in column-major order.
mu = np.linspace(-1, 1, 5)
sigma = np.asfortranarray(np.arange(25, dtype=np.float64).reshape(5, 5))
np.savez(path("stored.npz"), mu=mu, sigma=sigma, arr_0=np.arange(48, dtype=np.uint8).reshape(2, 2, 4, 3))
np.savez_compressed(path("deflated.npz"), mu=mu, sigma=sigma, ramp=np.arange(200_000, dtype=np.int32) // 100)

# An entry that claims 1 TiB packed into the bytes of a kilobyte.
with zipfile.ZipFile(path("bomb.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("bomb", bytes(1000))
data = bytearray(open(path("bomb.zip"), "rb").read())
for signature, offset in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)]:
    at = data.index(signature) + offset
    data[at:at + 4] = struct.pack("<I", 0xFFFFFF00)
open(path("bomb.zip"), "wb").write(data)

# An entry whose checksum is wrong.
with zipfile.ZipFile(path("damaged.zip"), "w", zipfile.ZIP_STORED) as archive:
    archive.writestr("text", b"undamaged")
data = open(path("damaged.zip"), "rb").read().replace(b"undamaged", b"UNdamaged")
open(path("damaged.zip"), "wb").write(data)

# A name with accents, a folder, an empty entry, a name that stands twice.
with zipfile.ZipFile(path("names.zip"), "w") as archive:
    archive.writestr("a/", b"")
    archive.writestr("a/blå.txt", b"first", zipfile.ZIP_DEFLATED)
    archive.writestr("empty", b"")
    archive.writestr("twice", b"early")
    archive.writestr("twice", b"late")
