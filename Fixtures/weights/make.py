"""Writes the weight files that the tests of Weights and HDF5 read, good and hostile ones.

Needs torch, torchvision, numpy, h5py, safetensors, lpips and pytorch-fid (PyPI). The value of element i of every array is ((7 i + 3) mod 23 - 11) / 8, exact in each type.
"""
import collections
import io
import json
import os
import pickle
import shutil
import struct
import warnings
import zipfile

import h5py
import lpips
import numpy as np
import safetensors.torch
import torch

warnings.simplefilter("ignore")
here = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(here, name)


def values(*shape):
    count = int(np.prod(shape))
    return torch.tensor([((7 * i + 3) % 23 - 11) / 8 for i in range(count)], dtype=torch.float64).reshape(shape)


base = values(4, 6).float()
state = collections.OrderedDict([
    ("conv.weight", values(4, 3, 3, 3).float()),
    ("conv.bias", values(4).float()),
    ("bn.running_mean", values(4).float()),
    ("bn.num_batches_tracked", torch.tensor(12)),
    ("half", values(5).half()),
    ("bfloat", values(5).bfloat16()),
    ("double", values(5)),
    ("int32", torch.arange(-2, 3, dtype=torch.int32)),
    ("uint8", torch.arange(250, 256, dtype=torch.uint8)),
    ("int8", torch.arange(-3, 3, dtype=torch.int8)),
    ("int16", torch.arange(-3, 3, dtype=torch.int16)),
    ("bool", torch.tensor([True, False, True])),
    ("scalar", torch.tensor(0.25)),
    ("empty", torch.zeros(0, 3)),
    ("base", base),
    ("base.transposed", base.t()),
    ("base.part", base[1:3, 2:]),
    ("base.expanded", base[0].expand(3, 6)),
])
contiguous = {name: tensor.contiguous().clone() for name, tensor in state.items()}

# PyTorch: old and zip format, other pickle protocols, parameters, a checkpoint around the state dictionary.
torch.save(state, path("state-old.pth"), _use_new_zipfile_serialization=False)
torch.save(state, path("state-zip.pth"))
for protocol in [3, 4, 5]:
    torch.save(state, path(f"state-protocol{protocol}.pth"), pickle_protocol=protocol)
torch.save(collections.OrderedDict(weight=torch.nn.Parameter(values(2, 3).float())), path("parameter.pth"))
torch.save({
    "epoch": 3, "arch": "net", "best": 0.5, "done": False, "rng": torch.arange(3, dtype=torch.uint8),
    "state_dict": collections.OrderedDict([("module.fc.weight", values(2, 3).float()), ("module.fc.bias", values(2).float())]),
    "optimizer": {"state": {0: {"step": 5, "exp_avg": values(2, 3).float()}}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]},
}, path("checkpoint.pth"))
torch.save({"g": {"fc.weight": values(2).float()}, "nets": [values(3).float(), {"x": values(1).float()}]}, path("nested.pth"))
torch.save(torch.nn.Linear(2, 1), path("module.pth"))
for version in ["v0.0", "v0.1"]:
    for net in ["alex", "vgg", "squeeze"]:
        source = os.path.join(os.path.dirname(lpips.__file__), "weights", version, net + ".pth")
        shutil.copy(source, path(f"lpips-{version}-{net}.pth"))
        heads = torch.load(source, map_location="cpu", weights_only=True)
        with open(path(f"lpips-{version}-{net}.json"), "w") as file:
            json.dump({k: {"shape": list(v.shape), "sum": v.double().sum().item(), "first": v.flatten()[0].item()} for k, v in heads.items()}, file, indent=1)


# TorchScript, scripted and traced.
class Unit(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(values(2, 3, 1, 1).float())
        self.register_buffer("mean", values(2).float())
        self.stride = 1
        self.plain = values(3).float()

    def forward(self, x):
        return torch.nn.functional.conv2d(x, self.weight) + self.mean.reshape(1, -1, 1, 1)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Unit()
        self.tower = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
        self.names = ["a", "b"]
        self.sizes = [1, 2]
        self.pair = (1, 2.5)

    def forward(self, x):
        return self.conv(x)


net = Net().eval()
with torch.no_grad():
    net.tower[0].weight.copy_(values(2, 3))
    net.tower[0].bias.copy_(values(2))
torch.jit.script(net).save(path("script.pt"))
torch.jit.trace(net.tower, torch.zeros(4, 3)).save(path("traced.pt"))

# Other formats.
safetensors.torch.save_file(contiguous, path("state.safetensors"), metadata={"format": "pt"})
plain = {name: tensor for name, tensor in contiguous.items() if name != "bfloat"}
np.savez(path("state.npz"), **{name: tensor.numpy() for name, tensor in plain.items()})
with h5py.File(path("flat.h5"), "w") as file:
    for name, tensor in plain.items():
        file[name] = tensor.numpy()
with h5py.File(path("nested.h5"), "w") as file:
    file["conv/weight"] = contiguous["conv.weight"].numpy()
    file["conv/bias"] = contiguous["conv.bias"].numpy().astype(">f4")
    file["bn/running_mean"] = contiguous["bn.running_mean"].numpy().astype("<f8")
    file.create_dataset("chunked", data=contiguous["base"].numpy(), chunks=(2, 4), compression="gzip", shuffle=True)
    file.attrs["fixed"] = np.bytes_("fixed text")
    file.attrs["variable"] = "variable tèxt"
    file.attrs["names"] = np.array([b"one", b"three"])
    file.attrs["words"] = ["a", "bc"]
    file.attrs["number"] = 2.5
    file.attrs["whole"] = np.int32(-7)
    file.attrs["large"] = np.uint64(2**63)
    file.attrs["truth"] = True
    file.attrs["matrix"] = np.arange(4).reshape(2, 2)
    file.attrs["nothing"] = h5py.Empty("f")
    file.attrs["compound"] = np.zeros(1, dtype=[("a", "<f4"), ("b", "<i4")])
    file["strings"] = np.array(["x", "yy"], dtype=h5py.string_dtype())
    file["padded"] = np.array([b"ab", b"c"], dtype="S4")
    file["structured"] = np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")])
    file["outside"] = h5py.ExternalLink("flat.h5", "/conv.bias")
    file["loop"] = h5py.SoftLink("/loop")
    file["cycle/again"] = file["/"]
# The layout of Keras 2: layer_names and weight_names list what belongs to the model, in order.
kernel = np.ascontiguousarray(contiguous["conv.weight"].numpy().transpose(2, 3, 1, 0))
dense = np.ascontiguousarray(values(2, 3).float().numpy().T)
with h5py.File(path("keras.h5"), "w") as file:
    weights = file.create_group("model_weights")
    weights.attrs["layer_names"] = [b"conv", b"pool", b"bn", b"dense"]
    weights.attrs["backend"] = "tensorflow"
    file.attrs["keras_version"] = "2.15.0"
    for layer, arrays in {
        "conv": {"kernel:0": kernel, "bias:0": contiguous["conv.bias"].numpy()},
        "pool": {},
        "bn": {"gamma:0": np.ones(4, "<f4"), "beta:0": np.zeros(4, "<f4"), "moving_mean:0": contiguous["bn.running_mean"].numpy(),
               "moving_variance:0": np.ones(4, "<f4")},
        "dense": {"kernel:0": dense, "bias:0": values(2).float().numpy()},
    }.items():
        group = weights.create_group(layer)
        group.attrs["weight_names"] = np.array([f"{layer}/{name}".encode() for name in arrays], dtype="S") if arrays else np.zeros(0)
        for name, array in arrays.items():
            group[f"{layer}/{name}"] = array
    file["optimizer_weights/step"] = 4


# Hostile files.
class Call:
    def __init__(self, callable, *arguments):
        self.callable, self.arguments = callable, arguments

    def __reduce__(self):
        return self.callable, self.arguments


def torch_zip(name, pickled, storages=None):
    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickled, zipfile.ZIP_DEFLATED)
        archive.writestr("archive/byteorder", "little")
        for key, data in (storages or {}).items():
            archive.writestr(f"archive/data/{key}", data)
        archive.writestr("archive/version", "3\n")


torch_zip("evil-system.pth", pickle.dumps({"weight": Call(os.system, "touch /tmp/gan-eval-was-here")}, protocol=2))
torch_zip("evil-eval.pth", pickle.dumps(Call(eval, "1 + 1"), protocol=4))
torch_zip("evil-inst.pth", b"(S'touch /tmp/gan-eval-was-here'\nios\nsystem\n.")
torch_zip("evil-obj.pth", b"(cos\nsystem\nS'touch /tmp/gan-eval-was-here'\no.")
torch_zip("evil-build.pth", b"cos\nsystem\n}b.")
evil = io.BytesIO()
for part in [0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}]:
    pickle.dump(part, evil, protocol=2)
pickle.dump(Call(os.system, "touch /tmp/gan-eval-was-here"), evil, protocol=2)
open(path("evil-old.pth"), "wb").write(evil.getvalue())


def tensor_pickle(count="K\x06", offset="K\x00", shape="K\x02K\x03\x86", strides="K\x03K\x01\x86", key="0", storage="FloatStorage"):
    """The pickle of {'w': tensor}, whose parts are given as opcodes."""
    return (b"\x80\x02}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\n" + storage.encode() + b"\n"
            + b"X\x01\x00\x00\x00" + key.encode() + b"X\x03\x00\x00\x00cpu" + count.encode("latin1") + b"tQ" + offset.encode("latin1")
            + shape.encode("latin1") + strides.encode("latin1") + b"\x89ccollections\nOrderedDict\n)RtRs.")


six = values(6).float().numpy().tobytes()
long = "\x8a\x08" + struct.pack("<q", 2**62).decode("latin1")
torch_zip("tensor.pth", tensor_pickle(), {"0": six})
torch_zip("huge-count.pth", tensor_pickle(count=long), {"0": six})
torch_zip("huge-offset.pth", tensor_pickle(offset=long), {"0": six})
torch_zip("huge-shape.pth", tensor_pickle(shape=f"({long}{long}t", strides="K\x00K\x00\x86"), {"0": six})
torch_zip("expanded-shape.pth", tensor_pickle(shape="J\xff\xff\xff\x7fK\x03\x86", strides="K\x00K\x01\x86"), {"0": six})
torch_zip("huge-stride.pth", tensor_pickle(strides=f"{long}K\x01\x86"), {"0": six})
torch_zip("negative-stride.pth", tensor_pickle(strides="J\xff\xff\xff\xffK\x01\x86"), {"0": six})
torch_zip("beyond.pth", tensor_pickle(shape="K\x03K\x03\x86"), {"0": six})
torch_zip("short-storage.pth", tensor_pickle(), {"0": six[:20]})
torch_zip("no-storage.pth", tensor_pickle(), {})
torch_zip("unknown-storage.pth", tensor_pickle(storage="ComplexFloatStorage"), {"0": six})
torch_zip("deep.pth", b"\x80\x02N" + b"\x85" * 100_000 + b".")
torch_zip("cycle.pth", b"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s.")
torch_zip("laughs.pth", b"\x80\x02]" + b"".join(b"q\x00](h\x00h\x00e" for _ in range(60)) + b"\x94" + b".")
torch_zip("no-stop.pth", b"\x80\x02}")
torch_zip("underflow.pth", b"\x80\x02s.")
torch_zip("claimed-string.pth", b"\x80\x02X\xff\xff\xff\x7fabc.")
whole = open(path("state-zip.pth"), "rb").read()
open(path("truncated-zip.pth"), "wb").write(whole[: len(whole) // 2])
whole = open(path("lpips-v0.1-alex.pth"), "rb").read()
open(path("truncated-old.pth"), "wb").write(whole[:-100])


def safetensors_file(name, header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    open(path(name), "wb").write(struct.pack("<Q", len(text) if length is None else length) + text + data)


good = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
safetensors_file("header-length.safetensors", {"a": good}, bytes(8), length=2**63)
safetensors_file("overlap.safetensors", {"a": good, "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}, bytes(12))
safetensors_file("hole.safetensors", {"a": good, "b": {"dtype": "F32", "shape": [2], "data_offsets": [12, 20]}}, bytes(20))
safetensors_file("beyond.safetensors", {"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}, bytes(8))
safetensors_file("shape.safetensors", {"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}, bytes(8))
safetensors_file("overflow.safetensors", {"a": {"dtype": "F32", "shape": [2**62, 8], "data_offsets": [0, 8]}}, bytes(8))
safetensors_file("dtype.safetensors", {"a": {"dtype": "F8_E4M3", "shape": [8], "data_offsets": [0, 8]}}, bytes(8))
safetensors_file("duplicate.safetensors", b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}', bytes(16))
safetensors_file("json.safetensors", b'{"a":{"dtype":"F32","shape":[2],', bytes(8))
safetensors_file("deep.safetensors", b'{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}", bytes(8))
open(path("page.pth"), "w").write("<!DOCTYPE html><html><body>404</body></html>")
open(path("pointer.safetensors"), "w").write("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")

# The arrays of pytorch-fid's Inception: names and shapes as that package builds the network.
import pytorch_fid.inception

pytorch_fid.inception.load_state_dict_from_url = lambda *_, **__: None
torch.nn.Module.load_state_dict = lambda *_, **__: None
inception = pytorch_fid.inception.fid_inception_v3()
with open(path("inception-fid.json"), "w") as file:
    json.dump({name: list(tensor.shape) for name, tensor in inception.state_dict().items()}, file)
