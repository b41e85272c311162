#!/usr/bin/env python3
"""Small inputs of reports, in the forms that training and `gan-eval evaluate`, `explain` and `copies` write: three runs, their results, one result of fewer images, an explanation and a search for copies with pictures.

The numbers are invented, with a fixed seed; what is tested is how they are shown. Needs numpy and Pillow. `expected/` is what `gan-eval report` made of them when it was looked at last; Scripts/test-reports --update writes it.
"""
import json
import pathlib

import numpy as np
from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(2026)
NETWORK = "efficientnet-lite0"


def digest(text):
    import hashlib
    return hashlib.sha256(text.encode()).hexdigest()


def shape(draw, x, y, side, blur):
    kind, size = RANDOM.integers(3), side * (0.25 + 0.2 * RANDOM.random())
    cx, cy, grey = x + side / 2 + blur * RANDOM.normal(), y + side / 2 + blur * RANDOM.normal(), int(200 + 55 * RANDOM.random())
    box = [cx - size, cy - size, cx + size, cy + size]
    if kind == 0:
        draw.ellipse(box, fill=grey)
    elif kind == 1:
        draw.rectangle(box, fill=grey)
    else:
        draw.polygon([(cx, cy - size), (cx + size, cy + size), (cx - size, cy + size)], fill=grey)


def grid(path, columns, rows, blur=0.0, side=16):
    image = Image.new("L", (columns * side, rows * side), 12)
    draw = ImageDraw.Draw(image)
    for row in range(rows):
        for column in range(columns):
            shape(draw, column * side, row * side, side, blur)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, optimize=True)


def run(name, width, depth, rate, floor, seed=0):
    folder = HERE / "runs" / name
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"game": "dcgan", "data": "shapes.h5", "steps": 2000, "seed": seed, "batchSize": 64, "measureEvery": 400, "measureCount": 1000, "metrics": "fid", "network": NETWORK, "heldOut": 0.0, "mirrors": False, "size": 0,
                "channels": 0, "width": width, "depth": depth, "latentSize": 100, "generator.learningRate": rate, "critic.learningRate": rate, "critic.objective": "non-saturating"}
    (folder / "config.yaml").write_text("".join(f"{key}: {str(value).lower() if isinstance(value, bool) else value}\n" for key, value in settings.items()))
    (folder / "identity.yaml").write_text(f"arithmetic: 'cpu (oneDNN 2.6.3)'\ndata_sha256: '{digest('shapes')}'\nthreads: '1'\nversion: '0.1.0'\n")
    lines = []
    for step in range(400, 2001, 400):
        t = step / 2000
        lines.append({"kind": "losses", "step": step, "critic loss": 0.9 - 0.5 * t + 0.1 * RANDOM.normal(), "generator loss": 1.0 + 1.5 * t + 0.2 * RANDOM.normal(), "real logit": 1 + t, "fake logit": -1 - t,
                      "generator gradient": float(np.exp(1 - t + 0.2 * RANDOM.normal())), "critic gradient": float(np.exp(0.5 * RANDOM.normal()))})
        if step % 400 == 0:
            fid = floor + 120 * float(np.exp(-4 * t)) + 0.5 * RANDOM.normal()
            lines.append({"kind": "measurement", "step": step, "fid": fid, "fid lower": fid * 0.96, "fid upper": fid * 1.04, "network": NETWORK, "samples": "1000"})
    if name == "plain":
        lines[2]["critic loss"] = None
    (folder / "log.jsonl").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    grid(folder / "samples/step-00001000.png", 6, 6, 4)
    grid(folder / "samples/step-00002000.png", 6, 6, 1)


def identity(name, fake):
    return {"arithmetic": "cpu (oneDNN 2.6.3)", "fake_images_sha256": digest(name), "input_side": "224", "network": NETWORK, "normalisation": "(x-127)/128", "precision": "float32", "protocol": "default",
            "real_images_sha256": digest("real"), "resampler": "pillow-bicubic", "seed": "2020", "tap": "1280", "version": "0.1.0", "weights_sha256": digest("weights")}


def result(metric, title, value, error, details=None, curves=None, warnings=()):
    interval = None if error is None else [value - 1.959963984540054 * error, value + 1.959963984540054 * error]
    one = {"metric": metric, "title": title, "value": value, "interval": interval, "confidence": None if error is None else 0.95, "standard_error": error, "details": details or {}}
    if curves:
        one["curves"] = curves
    return one | {"warnings": list(warnings)}


def evaluation(name, fid, kid, score, precision, recall, fake=5000):
    bias = fid * 0.05 * 5000 / fake
    prd = [[float(r), float(max(0, 1 - r ** (0.5 + precision)))] for r in np.linspace(0, 1, 21)]
    spectrum = [[k, 80 - 12 * float(np.log(k)) - (0.4 * k * (30 - fid) / 60)] for k in range(1, 13)]
    real = [[k, 80 - 12 * float(np.log(k))] for k in range(1, 13)]
    suffix = f" ({NETWORK})"
    results = [
        result("fid", "FID" + suffix, fid, 0.02 * fid, {"mean_term": fid / 3, "covariance_term": 2 * fid / 3, "bias": bias, "fid_infinity": fid - bias, "fid_infinity_lower": fid - bias - 0.04 * fid, "fid_infinity_upper": fid - bias + 0.04 * fid}),
        result("kid", "KID" + suffix, kid, 0.03 * kid),
        result("is", "IS" + suffix, score, 0.03, {"splits": 10, "std_over_splits": 0.09}),
        result("precision", "Precision" + suffix, precision, 0.008, {"neighbours": 3}),
        result("recall", "Recall" + suffix, recall, 0.009, {"neighbours": 3}),
        result("prd-f8", "PRD F8" + suffix, recall * 1.1, None, {"beta": 8, "clusters": 20, "runs": 10}, [{"name": "prd", "x": "recall", "y": "precision", "points": prd}], ["no interval: the clusters' error is not known"]),
        result("intra-fid", "Intra-FID" + suffix, fid * 1.5, 0.05 * fid, {f"fid_of_class_{shape}": fid * (1 + 0.25 * index) for index, shape in enumerate(["circle", "square", "triangle"])}),
        result("vendi", "Vendi" + suffix, 12 + recall * 20, None, {"real": 24.5, "q2": 10.0}),
        result("spectrum-distance", "Power spectrum distance", abs(30 - fid) / 12, 0.05, {"frequencies": 12}, [
            {"name": "real", "x": "cycles per image", "y": "mean power in dB", "points": real}, {"name": "generated", "x": "cycles per image", "y": "mean power in dB", "points": spectrum}]),
    ]
    report = {"results": results, "identity": identity(name, fake), "counts": {"real": 5000, "fake": fake}, "warnings": [], "timing": {"extraction_seconds": 12.5, "exposed_decoding_seconds": 0.5}}
    (HERE / f"{name}.json").write_text(json.dumps(report) + "\n")


def explanation(name):
    folder = HERE / f"{name}-explanation"
    kinds = ["circle", "square", "triangle"]
    generated = [{"name": f"{index:05}.png", "class": kinds[index % 3], "influence": 0.01 * RANDOM.normal(), "mean_part": 0.001, "nearest_real": f"r{index:04}.png", "distance": 10 + RANDOM.random()} for index in range(36)]
    real = [{"name": f"r{index:04}.png", "class": kinds[index % 3], "covered": bool(index % 4), "ratio": None if index == 7 else 0.5 + RANDOM.random(), "nearest_generated": f"{index:05}.png", "distance": 9.0, "radius": 8.5} for index in range(30)]
    classes = [{"name": kind, "real": 10, "covered": 7 + index, "generated": 12, "influence": 0.3 * (index - 1)} for index, kind in enumerate(kinds)]
    entries = {key: value for key, value in identity(name, 36).items()}
    report = {"title": f"FID ({NETWORK})", "fid": 17.25, "mean_term": 6.0, "covariance_term": 11.25, "neighbours": 5, "generated": generated, "real": real, "classes": classes, "identity": entries,
              "warnings": ["36 images are too few to tell the small-sample bias"]}
    folder.mkdir(exist_ok=True)
    (folder / "explain.json").write_text(json.dumps(report) + "\n")
    for picture, blur in (("worst-generated", 4), ("best-generated", 0.5), ("least-covered", 1)):
        grid(folder / f"{picture}.png", 6, 4, blur)


def copies(name):
    folder = HERE / f"{name}-copies"
    images = [{"name": f"{index:05}.png", "nearest_training": f"t{index:04}.png", "distance": 2 + RANDOM.random() * 5, "training_distance": 4.0, "authentic": index % 5 != 0, "nearest_generated": f"{35 - index:05}.png",
               "generated_distance": 5.0} for index in range(36)]
    repetition = {"identical_pairs": 0, "near_pairs": 2, "support": 300.0, "support_interval": [90.0, 2500.0], "batch_of_even_odds": 20.0}
    entries = identity(name, 36) | {"training_images_sha256": digest("training")}
    report = {"counts": {"generated": 36, "training": 60, "held_out": 20}, "identical": 1, "identical_pixels": 0, "pixel_side": 16, "near_threshold": 2.5, "near": 3, "near_interval": [0.028, 0.218], "held_out_near": 1, "authpct": 77.7,
              "ct": -1.25, "ct_cells": [], "generated_repetition": repetition, "training_repetition": repetition, "images": images, "identity": entries, "warnings": []}
    folder.mkdir(exist_ok=True)
    (folder / "copies.json").write_text(json.dumps(report) + "\n")
    for picture in ("closest-features", "closest-generated"):
        grid(folder / f"{picture}.png", 6, 4, 0.5)


run("wide", 64, 3, 0.0002, 16)
run("deep", 32, 5, 0.0002, 17)
run("plain", 32, 3, 0.0001, 27, seed=1)
evaluation("wide", 17.25, 0.0121, 1.71, 0.61, 0.44)
evaluation("deep", 17.6, 0.0127, 1.74, 0.55, 0.52)
evaluation("plain", 28.4, 0.0312, 1.52, 0.38, 0.31)
evaluation("few", 15.9, 0.0119, 1.75, 0.66, 0.40, fake=1000)
explanation("wide")
copies("wide")
