"""Golden values of the perceptual path length, by the peers' own functions on a tiny generator.

The generator is `tanh(B leaky(A z + a) + b)` on 8 x 8 grey pictures, its weights sines that the tests compute again: row r, column c of layer l is `scale * sin(1 + 7 r + 3 c + 11 l)`, its biases
`0.1 sin(2 + r + 5 l)`. The distance is the squared difference of pictures in units of 0...1 (values over 255), summed over three channels. `path_length.json` holds the latents and, for each
case, the trimmed mean, the population deviation of what is kept, and d / eps^2 of every step:

    stylegan       written out in NumPy in float64: unit directions by scipy.spatial.geometric_slerp, lengths changing evenly, numpy.percentile 'lower' and 'higher'; full and end, and cropped at 16 x 16
    torchmetrics   torchmetrics.functional.image.perceptual_path_length in float64, resized by its own _resize_tensor
    fidelity       torch_fidelity.metric_ppl.calculate_ppl on 8-bit pictures (numpy.percentile's old argument is translated, for NumPy 2.4 no longer has it)

Needs PyPI packages: numpy, scipy, torch, torchmetrics, torchvision, torch-fidelity.
usage: make_path_length.py
"""
import json
import pathlib

import numpy
import torch
from scipy.spatial import geometric_slerp
from torch_fidelity import GenerativeModelModuleWrapper, register_sample_similarity
from torch_fidelity.metric_ppl import calculate_ppl
from torch_fidelity.sample_similarity_base import SampleSimilarityBase
from torch_fidelity.sample_similarity_lpips import SampleSimilarityLPIPS
from torchmetrics.functional.image import perceptual_path_length
from torchmetrics.functional.image.lpips import _resize_tensor

LATENT, HIDDEN, COUNT = 3, 5, 150


def weights(side):
    shapes = [(HIDDEN, LATENT, 0.8), (side * side, HIDDEN, 0.6)]
    layers = []
    for number, (rows, columns, scale) in enumerate(shapes):
        r, c = numpy.meshgrid(numpy.arange(rows), numpy.arange(columns), indexing="ij")
        weight = scale * numpy.sin(1 + 7 * r + 3 * c + 11 * number)
        bias = 0.1 * numpy.sin(2 + numpy.arange(rows) + 5 * number)
        layers.append((weight.astype(numpy.float32).astype(float), bias.astype(numpy.float32).astype(float)))
    return layers


def pictures(z, side=8):
    """-1...1, [N, side, side]."""
    (a, p), (b, q) = weights(side)
    hidden = z @ a.T + p
    return numpy.tanh(numpy.where(hidden > 0, hidden, 0.2 * hidden) @ b.T + q).reshape(len(z), side, side)


def step(first, second, t):
    lengths = numpy.linalg.norm(first), numpy.linalg.norm(second)
    direction = geometric_slerp(first / lengths[0], second / lengths[1], t)
    return direction * (lengths[0] + t * (lengths[1] - lengths[0]))


def summary(values):
    low, high = numpy.percentile(values, 1, method="lower"), numpy.percentile(values, 99, method="higher")
    kept = values[(low <= values) & (values <= high)]
    return {"mean": kept.mean(), "std": kept.std(), "values": list(values)}


def stylegan(first, second, shares, eps, side=8, crops=False):
    values = []
    for a, b, t in zip(first, second, shares):
        x, y = (pictures(step(a, b, s)[None], side)[0] for s in (t, t + eps))
        if crops:
            c = side // 8
            x, y = (p[3 * c:7 * c, 2 * c:6 * c] for p in (x, y))
        values.append(3 * (((x - y) / 2) ** 2).sum() / eps**2)
    return summary(numpy.array(values))


class Generator(torch.nn.Module):
    """What both peers take: latents in float, 0...255 out; bytes for torch-fidelity."""

    def __init__(self, ends=None, rounds=False):
        super().__init__()
        self.ends, self.rounds = ends and list(ends), rounds

    def sample(self, count):
        return torch.from_numpy(self.ends.pop(0))

    def forward(self, z):
        x = torch.from_numpy((pictures(z.double().numpy()) + 1) * 127.5)[:, None].repeat(1, 3, 1, 1)
        return x.round().to(torch.uint8) if self.rounds else x


class Squares(torch.nn.Module):
    """Takes -1...1."""

    def forward(self, x, y):
        return ((_resize_tensor(x) - _resize_tensor(y)) / 2).square().sum([1, 2, 3])


class FidelitySquares(SampleSimilarityBase):
    def __init__(self, name, sample_similarity_resize=None, sample_similarity_dtype=None, **kwargs):
        super().__init__(name)
        self.size = sample_similarity_resize
        assert sample_similarity_dtype == "uint8"

    def forward(self, x, y):
        assert x.dtype == torch.uint8
        a, b = (SampleSimilarityLPIPS.resize(v.double(), self.size) for v in (x, y))
        return ((a - b) / 255).square().sum([1, 2, 3])


def main():
    rng = numpy.random.RandomState(2020)
    first, second = (rng.randn(COUNT, LATENT).astype(numpy.float32).astype(float) for _ in range(2))
    shares = numpy.random.RandomState(3).rand(COUNT).astype(numpy.float32).astype(float)
    golden = {"first": first.ravel().tolist(), "second": second.ravel().tolist(), "shares": shares.tolist(), "latent": LATENT, "hidden": HIDDEN}
    golden["full"] = stylegan(first, second, shares, 1e-4)
    golden["end"] = stylegan(first, second, 0 * shares, 1e-4)
    golden["cropped"] = stylegan(first, second, shares, 1e-3, side=16, crops=True)

    mean, std, _ = perceptual_path_length(Generator([first, second]), num_samples=COUNT, sim_net=Squares())
    _, _, every = perceptual_path_length(Generator([first, second]), num_samples=COUNT, sim_net=Squares(), lower_discard=None, upper_discard=None)
    golden["torchmetrics"] = {"mean": mean.item(), "std": std.item() * ((COUNT - 4) / (COUNT - 3)) ** 0.5, "values": every.tolist()}
    kept = sorted(every.tolist())[1:COUNT - 2]
    assert numpy.isclose(numpy.mean(kept), mean.item()), "torchmetrics keeps what lies between its two lower percentiles"

    old = numpy.percentile
    numpy.percentile = lambda values, q, interpolation: old(values, q, method=interpolation)
    register_sample_similarity("squares", FidelitySquares)
    options = dict(input1=GenerativeModelModuleWrapper(Generator(rounds=True), LATENT, "normal", 0), input1_model_num_samples=COUNT, ppl_epsilon=0.05, ppl_sample_similarity="squares",
                   batch_size=50, cuda=False, verbose=False)
    found = calculate_ppl(1, **options)
    numpy.percentile = old
    golden["fidelity"] = {"mean": found["perceptual_path_length_mean"], "std": found["perceptual_path_length_std"], "values": []}

    def rounded(value):
        return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else [float(f"{v:.10g}") for v in value] if isinstance(value, list) else value

    path = pathlib.Path(__file__).with_name("path_length.json")
    path.write_text(json.dumps(rounded(golden)) + "\n")
    print(path, {k: (v["mean"], v["std"]) for k, v in golden.items() if isinstance(v, dict)})


main()
