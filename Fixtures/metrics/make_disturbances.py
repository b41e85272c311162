"""Golden pictures of the disturbances of `gan-eval sanity`. Writes disturbances.json beside this file.

Blur is SciPy's `gaussian_filter` in float64, rounded to even once; JPEG is Pillow's with its default 4:2:0 chroma. The picture is made by a formula, the same bits in the tests.

Needs: numpy, scipy, Pillow.
"""

import io
import json
import pathlib

import numpy as np
from PIL import Image
from scipy import ndimage

from synthetic import uniform

height, width = 20, 13
index = np.arange(height * width * 3, dtype=np.uint64).reshape(height, width, 3)
picture = np.floor(uniform(31, index) * 256).astype(np.uint8)


def blurred(x, percent):
    deviation = percent / 100 * x.shape[0]
    rows = ndimage.gaussian_filter(x.astype(np.float64), (deviation, deviation, 0), mode="reflect", truncate=4)
    return np.clip(np.rint(rows), 0, 255).astype(int).ravel().tolist()


def jpeg(x, quality):
    file = io.BytesIO()
    Image.fromarray(x).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file)).astype(int).ravel().tolist()


degrees = [2, 8, 40]
golden = {
    "height": height, "width": width, "degrees": degrees, "blurred": [blurred(picture, d) for d in degrees], "greyBlurred": blurred(picture[..., :1], 8),
    "jpegDegrees": [25, 90], "jpeg": [jpeg(picture, 100 - d) for d in (25, 90)],
}
(pathlib.Path(__file__).parent / "disturbances.json").write_text(json.dumps(golden) + "\n")
