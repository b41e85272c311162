"""Stores the same five images, [5, 6, 4, 3] uint8, in every kind of collection, with classes 2, 0, 1, 0, 2.

Needs: numpy, h5py, Pillow. Run in this folder; writes collections/*, of which images.u8 holds the plain values.
"""
import io
import json
import os
import zipfile

import h5py
import numpy as np
from PIL import Image

OUT = "collections"
os.makedirs(OUT, exist_ok=True)
images = np.random.default_rng(5).integers(0, 256, (5, 6, 4, 3), dtype=np.uint8)
labels = np.array([2, 0, 1, 0, 2])
images.tofile(f"{OUT}/images.u8")


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def add(archive, name, data):
    archive.writestr(zipfile.ZipInfo(name), data, archive.compression)


# StyleGAN's dataset_tool.py: stored entries in folders of a thousand, and dataset.json.
with zipfile.ZipFile(f"{OUT}/stylegan.zip", "w", zipfile.ZIP_STORED) as archive:
    names = [f"00000/img{i:08d}.png" for i in range(5)]
    for i in (3, 0, 4, 1, 2):
        add(archive, names[i], png(images[i]))
    add(archive, "dataset.json", json.dumps({"labels": [[n, int(l)] for n, l in zip(names, labels)]}))
with zipfile.ZipFile(f"{OUT}/class-folders.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    add(archive, "readme.txt", "five images")
    add(archive, "__MACOSX/a/._0.png", "resource fork")
    for i, folder in enumerate("abcde"):
        add(archive, f"{folder}/{i}.PNG", png(images[i]))
with zipfile.ZipFile(f"{OUT}/no-labels.zip", "w") as archive:
    add(archive, "1.png", png(images[0]))
    add(archive, "dataset.json", json.dumps({"labels": None}))
with zipfile.ZipFile(f"{OUT}/no-images.zip", "w") as archive:
    add(archive, "readme.txt", "nothing here")

np.savez(f"{OUT}/adm.npz", images, labels)
np.savez_compressed(f"{OUT}/adm-compressed.npz", images, labels)
np.savez(f"{OUT}/few-labels.npz", images, labels[:4])
np.savez(f"{OUT}/statistics.npz", mu=np.zeros(3), sigma=np.eye(3))
np.save(f"{OUT}/images.npy", images)
np.save(f"{OUT}/grey.npy", images[:, :, :, 0])
np.save(f"{OUT}/floats.npy", images.astype(np.float32))
np.save(f"{OUT}/column-major.npy", np.asfortranarray(images))

with h5py.File(f"{OUT}/nhwc.h5", "w") as file:
    file["images"], file["labels"] = images, labels
    file["images"].attrs["layout"] = "NHWC"
with h5py.File(f"{OUT}/nchw.h5", "w") as file:
    file.create_dataset("images", data=images.transpose(0, 3, 1, 2), chunks=(2, 3, 6, 4), compression="gzip")
    file["labels"] = labels.astype(np.uint8)
    file["images"].attrs["layout"] = "NCHW"
with h5py.File(f"{OUT}/few-labels.h5", "w") as file:
    file["images"], file["labels"] = images, labels[:4]
    file["images"].attrs["layout"] = "NHWC"
with h5py.File(f"{OUT}/unstated.h5", "w") as file:
    file["images"] = images.transpose(0, 3, 1, 2)
with h5py.File(f"{OUT}/open-question.h5", "w") as file:
    file["images"] = np.zeros((2, 3, 5, 3), np.uint8)
with h5py.File(f"{OUT}/wrong-layout.h5", "w") as file:
    file["images"] = images
    file["images"].attrs["layout"] = "NCHW"
