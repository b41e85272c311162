"""Draws small images of every kind that a decoder meets, and writes what Pillow makes of them.

Needs: Pillow 13.0.0, numpy. Run in this folder; writes encoding/*, decoding/* and decoding/expected.tsv
(file, width, height, 64-bit FNV-1a of the RGB bytes of `Image.open(file).convert('RGB')`).
PNG files are assembled here chunk by chunk, so that their kind is certain; JPEG files come from Pillow's encoder.
"""
import io
import os
import struct
import zlib

import numpy as np
from PIL import Image

OUT = "decoding"
os.makedirs(OUT, exist_ok=True)
rng = np.random.default_rng(20240607)
names = []


def fnv1a(data):
    digest = 0xCBF29CE484222325
    for byte in data:
        digest = (digest ^ byte) * 0x100000001B3 % 2**64
    return format(digest, "016x")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(values, depth):
    """[h, w, samples] integers -> one bytes object per row."""
    h, w, s = values.shape
    if depth == 16:
        return [values[y].astype(">u2").tobytes() for y in range(h)]
    if depth == 8:
        return [values[y].astype("u1").tobytes() for y in range(h)]
    rows = []
    for y in range(h):
        bits = "".join(format(int(v), f"0{depth}b") for v in values[y].ravel())
        bits += "0" * (-len(bits) % 8)
        rows.append(bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)))
    return rows


def filtered(rows, bpp):
    """Every filter type in turn, so that each of the five is decoded."""
    out = bytearray()
    previous = bytes(len(rows[0])) if rows else b""
    for y, row in enumerate(rows):
        kind = y % 5
        left = bytes(bpp) + row[:-bpp] if len(row) > bpp else bytes(len(row))
        upleft = bytes(bpp) + previous[:-bpp] if len(row) > bpp else bytes(len(row))
        out.append(kind)
        for x in range(len(row)):
            a, b, c = left[x], previous[x], upleft[x]
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            out.append((row[x] - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
        previous = row
    return bytes(out)


def png(name, colour, depth, values, extra=b"", interlaced=False, parts=1):
    h, w, s = values.shape
    bpp = max(1, s * depth // 8)
    if interlaced:
        data = b""
        for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
            part = values[y0::dy, x0::dx]
            if part.size:
                data += filtered(packed(part, depth), bpp)
    else:
        data = filtered(packed(values, depth), bpp)
    data = zlib.compress(data, 9)
    step = -(-len(data) // parts)
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, int(interlaced))) + extra
    for i in range(0, len(data), step):
        body += chunk(b"IDAT", data[i:i + step])
    write(name, body + chunk(b"IEND", b""))


def write(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
    names.append(name)


def noise(h, w, s, top):
    smooth = np.add.outer(np.arange(h) * 3, np.arange(w) * 2)[:, :, None] * np.arange(1, s + 1)
    return (smooth * top // (5 * (h + w)) + rng.integers(0, max(2, top // 4), (h, w, s))) % (top + 1)


for depth in (1, 2, 4, 8, 16):
    for interlaced in (False, True):
        suffix = "-interlaced" if interlaced else ""
        png(f"grey{depth}{suffix}.png", 0, depth, noise(7, 13, 1, 2**depth - 1), interlaced=interlaced)
        if depth <= 8:
            colours = rng.integers(0, 256, (2**min(depth, 5), 3), dtype=np.uint8)
            png(f"palette{depth}{suffix}.png", 3, depth, noise(7, 13, 1, len(colours) - 1),
                chunk(b"PLTE", colours.tobytes()), interlaced=interlaced)
            png(f"palette{depth}-transparent{suffix}.png", 3, depth, noise(7, 13, 1, len(colours) - 1),
                chunk(b"PLTE", colours.tobytes()) + chunk(b"tRNS", bytes([0, 128])), interlaced=interlaced)
        if depth >= 8:
            for colour, samples, kind in ((2, 3, "rgb"), (4, 2, "grey-alpha"), (6, 4, "rgb-alpha")):
                png(f"{kind}{depth}{suffix}.png", colour, depth, noise(7, 13, samples, 2**depth - 1), interlaced=interlaced)

sixteen = np.array([0, 1, 127, 128, 254, 255, 256, 257, 511, 4096, 32767, 65535]).reshape(3, 4, 1)
png("grey16-edges.png", 0, 16, sixteen)
png("grey8-transparent.png", 0, 8, noise(5, 6, 1, 255), chunk(b"tRNS", b"\x00\x10"))
png("rgb8-transparent.png", 2, 8, noise(5, 6, 3, 255), chunk(b"tRNS", b"\x00\x10\x00\x20\x00\x30"))
png("palette8-index-beyond.png", 3, 8, np.arange(30).reshape(5, 6, 1), chunk(b"PLTE", bytes(range(30))))
png("rgb8-many-idat.png", 2, 8, noise(31, 48, 3, 255), parts=7)
png("rgb8-gamma-profile-text.png", 2, 8, noise(5, 6, 3, 255),
    chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sRGB", b"\0") + chunk(b"tEXt", b"Title\0x")
    + chunk(b"iCCP", b"broken\0\0notzlib") + chunk(b"acTL", struct.pack(">II", 1, 0)))
png("rgb8-one-pixel.png", 2, 8, noise(1, 1, 3, 255))
png("rgb8-one-pixel-interlaced.png", 2, 8, noise(1, 1, 3, 255), interlaced=True)
png("grey1-wide.png", 0, 1, noise(1, 4099, 1, 1))


def picture(h, w):
    y, x = np.mgrid[0:h, 0:w]
    base = np.stack([128 + 90 * np.sin(x / 5 + y / 9), 128 + 100 * np.cos(x / 7 - y / 4), 40 + 4 * x + y], 2)
    return Image.fromarray(np.clip(base + rng.normal(0, 12, base.shape), 0, 255).astype(np.uint8))


def jpeg(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    write(name, buffer.getvalue())


rgb = picture(31, 48)
for subsampling, tag in ((0, "444"), (1, "422"), (2, "420")):
    jpeg(f"baseline-{tag}.jpg", rgb, quality=85, subsampling=subsampling)
    jpeg(f"progressive-{tag}.jpg", rgb, quality=70, subsampling=subsampling, progressive=True)
jpeg("odd-13x7.jpg", picture(7, 13), quality=60)
jpeg("one-pixel.jpg", picture(1, 1), quality=90)
jpeg("quality-5.jpg", rgb, quality=5)
jpeg("quality-100.jpg", rgb, quality=100)
jpeg("restart-markers.jpg", rgb, quality=75, restart_marker_blocks=1)
jpeg("optimised.jpg", rgb, quality=75, optimize=True)
jpeg("grey.jpg", rgb.convert("L"), quality=80)
jpeg("grey-progressive.jpg", rgb.convert("L"), quality=80, progressive=True)
jpeg("rgb-stored.jpg", rgb, quality=85, keep_rgb=True)
jpeg("cmyk.jpg", Image.merge("CMYK", (*rgb.split(), rgb.convert("L"))), quality=85)
jpeg("exif-rotated.jpg", rgb, quality=75, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
jpeg("jpeg-named-png.png", rgb, quality=75)


def as_ycck(data):
    """Pillow writes CMYK with Adobe's transform 0; with transform 2 the same data means YCCK."""
    at = data.index(b"Adobe") + 11
    assert data[at] == 0
    return data[:at] + b"\x02" + data[at + 1:]


with open(os.path.join(OUT, "cmyk.jpg"), "rb") as f:
    write("ycck.jpg", as_ycck(f.read()))

png("png-named-jpg.jpg", 2, 8, noise(5, 6, 3, 255))

with open(os.path.join(OUT, "expected.tsv"), "w") as table:
    for name in sorted(names):
        with Image.open(os.path.join(OUT, name)) as image:
            data = image.convert("RGB")
        table.write(f"{name}\t{data.width}\t{data.height}\t{fnv1a(data.tobytes())}\n")

# What Pillow's encoder makes of one of the pictures above.
os.makedirs("encoding", exist_ok=True)
with Image.open(os.path.join(OUT, "rgb8-many-idat.png")) as image:
    image.save("encoding/quality85-420.jpg", quality=85)
    image.save("encoding/quality60-444.jpg", quality=60, subsampling=0)
with Image.open(os.path.join(OUT, "grey8.png")) as image:
    image.save("encoding/grey-quality75.jpg", quality=75)
