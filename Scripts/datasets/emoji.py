"""The bitmaps of a colour emoji font as an HDF5 file. Needs PyPI packages: fonttools, h5py, numpy, pillow. Started by the script `emoji` beside it.

Each bitmap is a PNG of 136 x 128 in the font's CBDT table. It is laid over white, padded to a square with white and resized with Pillow's Lanczos filter.
The order is the font's; bitmaps that are equal byte for byte appear once.
"""
import argparse
import io

import numpy
from fontTools.ttLib import TTFont
from PIL import Image

import storage


def bitmaps(font):
    """Pairs of glyph name and PNG bytes of the largest strike, in glyph order, without repetitions."""
    strike = max(zip(font["CBLC"].strikes, font["CBDT"].strikeData), key=lambda pair: pair[0].bitmapSizeTable.ppemY)[1]
    seen = set()
    for name in font.getGlyphOrder():
        if name in strike and strike[name].imageData not in seen:
            seen.add(strike[name].imageData)
            yield name, strike[name].imageData


def picture(png, size):
    """A bitmap as RGB [size, size, 3] over white; None where nothing is drawn."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    if image.getchannel("A").getextrema()[1] == 0:
        return None
    side = max(image.size)
    square = Image.new("RGBA", (side, side), "white")
    square.alpha_composite(image, ((side - image.width) // 2, (side - image.height) // 2))
    return numpy.asarray(square.convert("RGB").resize((size, size), Image.Resampling.LANCZOS))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("font")
    parser.add_argument("output", nargs="?", default="emoji.h5")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--grey", action="store_true")
    options = parser.parse_args()
    if not 1 <= options.size <= 136:
        parser.error(f"--size is {options.size}; expected 1 to 136, the size of the font's bitmaps")
    font = TTFont(options.font)
    drawn = [(name, image) for name, png in bitmaps(font) if (image := picture(png, options.size)) is not None]
    images = numpy.stack([image for _, image in drawn])
    if options.grey:
        # Luma of ITU-R BT.601 in all three channels, as Pillow's convert("L") rounds it.
        luma = (images.astype(numpy.uint32) @ numpy.array([19595, 38470, 7471], numpy.uint32) + 0x8000) >> 16
        images = numpy.repeat(luma.astype(numpy.uint8)[..., None], 3, axis=-1)
    storage.write(
        options.output, images, names=[name for name, _ in drawn],
        source=f"Noto Color Emoji, version {font['head'].fontRevision:.3f}", licence="SIL Open Font License 1.1")


if __name__ == "__main__":
    main()
