"""Writes two animated PNG files from the specification's words, and checks that Pillow shows the pictures, delays and loops that went in.

Needs: numpy, Pillow. Run in this folder; writes animation/*. With names as arguments (`rgb.png 15 0`: a file, pictures in a second, loops) it only checks
that file: so the package's own files are held against Pillow.
"""
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image


def frames(channels):
    frame, y, x, c = np.indices((4, 5, 7, channels))
    return ((13 * x + 29 * y + 71 * c + 53 * frame + x * y * frame) % 256).astype(np.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write(path, pictures, rate, loops):
    count, height, width, channels = pictures.shape
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2}[channels], 0, 0, 0))
    out += chunk(b"acTL", struct.pack(">II", count, loops))
    number = 0
    for index, picture in enumerate(pictures):
        # Delay 1/rate; dispose: none; blend: source.
        out += chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, 0, 0, 1, rate, 0, 0))
        number += 1
        # Filter 0 in front of each row.
        data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in picture))
        if index == 0:
            out += chunk(b"IDAT", data)
        else:
            out += chunk(b"fdAT", struct.pack(">I", number) + data)
            number += 1
    out += chunk(b"IEND", b"")
    with open(path, "wb") as file:
        file.write(out)


def check(path, rate, loops):
    with Image.open(path) as file:
        pictures = frames(1 if file.mode == "L" else 3)
        assert file.is_animated and file.n_frames == len(pictures), (path, file.n_frames)
        assert file.info["loop"] == loops, (path, file.info)
        for index, picture in enumerate(pictures):
            file.seek(index)
            assert abs(file.info["duration"] - 1000 / rate) < 1e-9, (path, file.info)
            found = np.asarray(file)
            assert np.array_equal(found.reshape(picture.shape), picture), (path, index)
    print(f"{path}: {len(pictures)} pictures of mode {file.mode}, {1000 / rate} ms each, {loops} loops: as they went in")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        check(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        os.makedirs("animation", exist_ok=True)
        for name, channels, rate, loops in [("rgb", 3, 15, 0), ("grey", 1, 8, 3)]:
            write(f"animation/{name}.png", frames(channels), rate, loops)
            check(f"animation/{name}.png", rate, loops)
