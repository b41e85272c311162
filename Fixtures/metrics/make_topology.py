"""Golden values of cross-barcodes, by Ripser.

Coordinate j of point i of P is float32(sin(1 + 1.7 i + 2.3 j + 0.05 i j)), of Q float32(1.2 cos(2 + 1.1 i + 0.9 j + 0.07 i j)), in two cases rounded to quarters, which makes many equal distances and points of P that
lie in Q. `topology.json` holds, for each case, the numbers of points, the dimension, the step of the rounding (0 for none) and the loops (opens, closes) of the Rips complex of P and Q in which the points of Q are at distance 0 of each other: Cross-Barcode_1(P, Q) of Barannikov et al. 2021.

Needs PyPI packages: numpy, ripser.
usage: make_topology.py
"""
import json
import pathlib

import numpy
import ripser


def points(count, size, function, scale, shift, a, b, c):
    i, j = numpy.meshgrid(numpy.arange(count), numpy.arange(size), indexing="ij")
    return (scale * function(shift + a * i + b * j + c * i * j)).astype(numpy.float32).astype(float)


def main():
    cases = []
    for p, q, size, step in [(40, 1, 2, 0), (30, 60, 2, 0), (50, 100, 3, 0), (40, 160, 8, 0), (60, 20, 2, 0.25), (60, 50, 3, 0.25), (200, 700, 12, 0)]:
        both = numpy.vstack([points(p, size, numpy.sin, 1, 1, 1.7, 2.3, 0.05), points(q, size, numpy.cos, 1.2, 2, 1.1, 0.9, 0.07)])
        both = numpy.round(both / step) * step if step else both
        distances = numpy.linalg.norm(both[:, None] - both[None], axis=2)
        distances[p:, p:] = 0
        loops = sorted(map(list, ripser.ripser(distances, distance_matrix=True, maxdim=1)["dgms"][1].astype(float)))
        cases.append({"p": p, "q": q, "size": size, "step": step, "loops": loops})
        print(p, q, size, step, len(loops), sum(b - a for a, b in loops))
    pathlib.Path(__file__).with_name("topology.json").write_text(json.dumps(cases) + "\n")


main()
