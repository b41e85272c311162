"""Network weights and inputs from a counter-based formula, so that no large file is committed and Swift makes the same bits.

For a tensor with state-dictionary key K and flat row-major index i, all arithmetic modulo 2^64:

    h = FNV-1a of the UTF-8 bytes of K                                   (offset 0xCBF29CE484222325, prime 0x100000001B3)
    x = h + (i + 1) * 0x9E3779B97F4A7C15
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9; x = (x ^ x >> 27) * 0x94D049BB133111EB; x = x ^ x >> 31     (SplitMix64's finaliser)
    u = (x >> 40) / 2^24          in [0, 1), exact in double
    s = 2 u - 1                   in [-1, 1)

The value is computed in double and rounded once to float32:

    weight of a convolution or linear layer (rank > 1)    s * sqrt(GAIN / fan_in), fan_in = product of shape[1:]
    weight of a batch norm (rank 1)                       0.5 + u
    any bias                                              0.1 * s
    running_mean                                          0.2 * s
    running_var                                           0.5 + u
    the input, key "input", index in NCHW order           s

GAIN is 6 (He's variance for a uniform distribution before a ReLU), and 1.5 for EfficientNet's `_project_conv.weight`, which no activation follows: with 6 its
sixteen blocks amplify float32 rounding to 8e-5 of the head's maximum, with 1.5 to 2e-6.

Needs PyPI packages: numpy, torch, torchvision, pytorch-fid.
usage: generated_weights.py OUT.pth    writes the state dictionary of the FID Inception
"""
import sys
from unittest import mock

import numpy
import torch

_CHUNK = 1 << 22


def gain(key):
    """The gain of one convolution or linear weight."""
    return 1.5 if key.endswith("_project_conv.weight") else 6.0


def fnv1a(text):
    """FNV-1a, 64 bits, of the UTF-8 bytes of `text`."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def uniform(key, count):
    """u for the indices 0 ..< count of the tensor called `key`, as float64 in pieces of bounded size."""
    seed = numpy.uint64(fnv1a(key))
    for start in range(0, count, _CHUNK):
        index = numpy.arange(start + 1, min(start + _CHUNK, count) + 1, dtype=numpy.uint64)
        x = seed + index * numpy.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        x ^= x >> numpy.uint64(31)
        yield (x >> numpy.uint64(40)).astype(numpy.float64) / 2**24


def _rule(key, shape):
    """The function from u to the value of the entry `key`."""
    name = key.rpartition(".")[2]
    if name == "running_var" or (name == "weight" and len(shape) == 1):
        return lambda u: 0.5 + u
    if name == "running_mean":
        return lambda u: 0.2 * (2 * u - 1)
    if name == "bias":
        return lambda u: 0.1 * (2 * u - 1)
    if name == "weight":
        scale = numpy.sqrt(gain(key) / numpy.prod(shape[1:]))
        return lambda u: (2 * u - 1) * scale
    if key == "input":
        return lambda u: 2 * u - 1
    raise ValueError(f"no rule for {key}")


def values(key, shape):
    """The float32 array of the entry `key`."""
    rule, count = _rule(key, shape), int(numpy.prod(shape))
    result = numpy.empty(count, numpy.float32)
    position = 0
    for u in uniform(key, count):
        result[position : position + len(u)] = rule(u)
        position += len(u)
    return result.reshape(shape)


def fill(model):
    """Fill every parameter and running statistic of `model` in place and return it in evaluation mode."""
    state = {
        key: tensor if key.endswith("num_batches_tracked") else torch.from_numpy(values(key, tuple(tensor.shape)))
        for key, tensor in model.state_dict().items()
    }
    model.load_state_dict(state)
    return model.eval()


def fid_inception():
    """pytorch-fid's FID Inception (network body: input in [-1, 1], output 1008 logits) with generated weights."""
    from pytorch_fid import inception
    from torchvision.models import Inception3

    with mock.patch.object(inception, "load_state_dict_from_url"), mock.patch.object(Inception3, "load_state_dict"):
        model = inception.fid_inception_v3()
    return fill(model)


if __name__ == "__main__":
    torch.save(fid_inception().state_dict(), sys.argv[1])
