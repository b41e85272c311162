"""Calibrate the channel weights of LPIPS on the bundled network, and compare it with other distances. Started by the script `calibrate-lpips`.

The distance is linear in the weights: w . u, where u[c] is the mean over places of the squared difference of unit-normalised activations. With t = log(d(farther) / d(nearer)) for an
example of known order (examples.py), the weights w = exp(a[layer] + b[channel]), which cannot be negative, minimise the mean of log(1 + exp(-t / TEMPERATURE)) + p mean(a^2) + q mean(b^2):
a and b are 0 for equal weights. The penalties p and q are those that rank best where a whole stage of distortions (geometry, blur, tone, noise, coding) is left out of the fit.
The scale: pictures that have nothing in common are 1 apart on average (LPIPS's own networks put them near 0.7; the scale carries no meaning between networks).

Writes the weights (safetensors) and the agreement of all contenders (JSON).
Needs PyPI packages: torch, efficientnet-lite-pytorch, h5py, numpy, scipy, pillow, scikit-image, scikit-learn, safetensors.
"""
import argparse
import dataclasses
import json
import pathlib

import h5py
import numpy
import scipy.stats
import torch
from efficientnet_lite_pytorch import EfficientNet
from safetensors.numpy import save
from skimage.metrics import structural_similarity

import distortions
import examples

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NETWORKS = ROOT / "Sources/FeatureNetworks/Resources/networks"
# After the stem and after the last block of the stages that end a scale: 1/2, 1/4, 1/8, 1/16, 1/32 of the picture.
TAPS = [("stem", 32), ("stage2", 24), ("stage3", 40), ("stage5", 112), ("stage7", 320)]
LAST_BLOCK = {"stage2": 2, "stage3": 4, "stage5": 10, "stage7": 15}
EPSILON = 1e-10
TEMPERATURE = 0.2
PENALTIES = [(p, q) for p in (0.003, 0.03, 0.3) for q in (0.1, 0.3, 1, 3)]
SEED = 2026


class Network:
    """The bundled network's maps, and the vector u of a pair of pictures."""

    def __init__(self):
        self.model = EfficientNet.from_name("efficientnet-lite0")
        with h5py.File(NETWORKS / "efficientnet-lite0.h5") as file:
            self.model.load_state_dict({key: torch.from_numpy(file[key][()]) for key in file}, strict=False)
        self.model.eval().to(memory_format=torch.channels_last)

    @torch.no_grad()
    def maps(self, pictures):
        x = torch.from_numpy(numpy.stack(pictures)).permute(0, 3, 1, 2).float()
        x = torch.nn.functional.relu6(self.model._bn0(self.model._conv_stem((x - 127) / 128)))
        found, taps = [x], {block: name for name, block in LAST_BLOCK.items()}
        for index, block in enumerate(self.model._blocks):
            x = block(x)
            if index in taps:
                found.append(x)
        return [y / (y.square().sum(1, keepdim=True).sqrt() + EPSILON) for y in found]

    def differences(self, references, others):
        """u for each pair, [pairs, channels of all taps]."""
        a, b = self.maps(references), self.maps(others)
        return torch.cat([(p - q).square().mean((2, 3)) for p, q in zip(a, b)], 1).double().numpy()


def pixel_distances(reference, other):
    """Mean squared difference, and 1 - SSIM with the usual constants, on RGB."""
    difference = reference.astype(float) - other.astype(float)
    ssim = structural_similarity(reference, other, channel_axis=-1, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    return [(difference**2).mean(), 1 - ssim]


class Measured:
    """What is measured on examples: u, and the other distances, of the nearer and the farther version."""

    def __init__(self, network, wanted, batch=12):
        self.examples, features, pixels = [], [], []
        pending = {}

        def flush(group):
            references = [picture for e in group for picture in e.pictures]
            versions = [version for e in group for version in (e.nearer, e.farther)]
            features.extend(network.differences(references, versions).reshape(len(group), 2, -1))
            pixels.extend([pixel_distances(e.pictures[0], e.nearer), pixel_distances(e.pictures[1], e.farther)] for e in group)
            # The pictures have served their purpose.
            self.examples.extend(dataclasses.replace(e, pictures=(), nearer=None, farther=None) for e in group)
            group.clear()

        for index, example in enumerate(wanted):
            group = pending.setdefault(example.nearer.shape, [])
            group.append(example)
            if len(group) == batch:
                flush(group)
            if index % 500 == 499:
                print(index + 1, "examples", flush=True)
        for group in pending.values():
            if group:
                flush(group)
        self.features, self.pixels = numpy.array(features), numpy.array(pixels)


def equal_weights():
    """The distance without calibration: every channel counts alike (lpips=False of the lpips package)."""
    return numpy.ones(sum(channels for _, channels in TAPS))


def fit(features, penalties):
    """The weights that minimise the loss above."""
    u = torch.from_numpy(features / features.mean((0, 1), keepdims=True).mean())
    layer = torch.repeat_interleave(torch.arange(len(TAPS)), torch.tensor([channels for _, channels in TAPS]))
    a, b = (torch.zeros(count, dtype=torch.float64, requires_grad=True) for count in (len(TAPS), u.shape[-1]))
    optimiser = torch.optim.LBFGS([a, b], max_iter=200, tolerance_change=1e-10, line_search_fn="strong_wolfe")

    def loss():
        optimiser.zero_grad()
        d = (u * (a[layer] + b).exp()).sum(-1) + 1e-12
        margin = (d[:, 1].log() - d[:, 0].log()) / TEMPERATURE
        value = torch.nn.functional.softplus(-margin).mean() + penalties[0] * a.square().mean() + penalties[1] * b.square().mean()
        value.backward()
        return value

    optimiser.step(loss)
    return (a[layer] + b).exp().detach().numpy()


def rightly_ordered(distances):
    """1 where the farther version is farther, 1/2 for a tie."""
    return (distances[:, 1] > distances[:, 0]) + 0.5 * (distances[:, 1] == distances[:, 0])


def chosen_penalties(data):
    """The penalties that rank examples best whose stages were left out of the fit."""
    stages = [{distortions.stage(getattr(distortions, kind)) for kind in e.kinds} for e in data.examples]
    shares = []
    for penalties in PENALTIES:
        right = []
        for left_out in range(len(distortions.STAGES)):
            inside = numpy.array([left_out in s for s in stages])
            weights = fit(data.features[~inside], penalties)
            right.append(rightly_ordered(data.features[inside] @ weights).mean())
        shares.append(float(numpy.mean(right)))
        print("penalties", penalties, "left-out stages rightly ordered", shares[-1], flush=True)
    return PENALTIES[int(numpy.argmax(shares))], shares


def with_interval(values, sources, rng, repetitions=2000):
    """Mean, and the 95 % interval of a bootstrap over sources."""
    names = sorted(set(sources))
    place = {name: i for i, name in enumerate(names)}
    sums, counts = numpy.zeros(len(names)), numpy.zeros(len(names))
    for value, source in zip(values, sources):
        sums[place[source]] += value
        counts[place[source]] += 1
    draws = rng.integers(len(names), size=(repetitions, len(names)))
    means = sums[draws].sum(1) / counts[draws].sum(1)
    return [float(numpy.mean(values)), *map(float, numpy.quantile(means, [0.025, 0.975]))]


def rank_correlation(examples, distances, rng, repetitions=200):
    """Spearman's correlation of distance and grade over all pictures, for distortions that stand alone; the mean over their kinds, and a bootstrap over sources."""
    by_source = {}
    for e, values in zip(examples, distances):
        if len(e.kinds) == 1:
            by_source.setdefault(e.source, []).extend((e.kinds[0], e.grades[side][0], values[side]) for side in range(2))
    names = sorted(by_source)
    kinds = sorted({kind for rows in by_source.values() for kind, _, _ in rows})

    def mean(chosen):
        found = []
        for kind in kinds:
            rows = [(grade, value) for name in chosen for k, grade, value in by_source[name] if k == kind]
            found.append(scipy.stats.spearmanr(rows).statistic)
        return float(numpy.mean(found))

    means = [mean([names[n] for n in rng.integers(len(names), size=len(names))]) for _ in range(repetitions)]
    return [mean(names), *map(float, numpy.quantile(means, [0.025, 0.975]))]


def scale(network, pictures, rng):
    """Mean u of pairs of pictures of different sources."""
    photographs = [source for source in sorted(pictures) if not source.startswith("emoji")]
    total = []
    for _ in range(400):
        a, b = rng.choice(photographs, 2, replace=False)
        pair = [pictures[s][rng.integers(len(pictures[s]))] for s in (a, b)]
        total.append(network.differences(pair[:1], pair[1:])[0])
    return numpy.mean(total, 0)


def compared(test, weights, rng):
    """Every contender's agreement with the known order."""
    contenders = {"LPIPS (efficientnet-lite0)": test.features @ weights, "its features, unweighted": test.features @ equal_weights(),
                  "1 - SSIM": test.pixels[..., 1], "mean squared error": test.pixels[..., 0]}
    groups = {"one picture, one distortion": [not e.is_across and len(e.kinds) == 1 for e in test.examples],
              "one picture, two distortions": [not e.is_across and len(e.kinds) == 2 for e in test.examples],
              "two pictures": [e.is_across for e in test.examples]}
    sources = numpy.array([e.source for e in test.examples])
    table = {}
    for contender, distances in contenders.items():
        right = rightly_ordered(distances)
        table[contender] = {group: with_interval(right[inside], sources[inside], rng) for group, inside in groups.items()}
        # Of the same examples, so that what makes some of them hard for all distances cancels.
        table[contender]["LPIPS is right more often by"] = with_interval(rightly_ordered(contenders["LPIPS (efficientnet-lite0)"]) - right, sources, rng)
        table[contender]["rank correlation"] = rank_correlation(test.examples, distances, rng)
        print(contender, {group: round(values[0], 4) for group, values in table[contender].items()}, flush=True)
    return {"examples": {group: int(sum(inside)) for group, inside in groups.items()}, "sources": len(set(sources)), "distances": table}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("emoji", help="emoji-64.h5, made by Scripts/datasets/emoji")
    parser.add_argument("--examples", type=int, default=3000, help="in the calibration set; each test set has half as many")
    parser.add_argument("--output", type=pathlib.Path, default=NETWORKS / "lpips-efficientnet-lite0.safetensors")
    parser.add_argument("--table", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent / "agreement.json")
    arguments = parser.parse_args()
    rng = numpy.random.default_rng(SEED)
    seen, unseen = examples.pictures(arguments.emoji, SEED)
    network = Network()
    half = arguments.examples // 2
    sets = {
        "calibration": Measured(network, examples.examples(seen, distortions.CALIBRATED, arguments.examples, rng)),
        "held-out pictures": Measured(network, examples.examples(unseen, distortions.CALIBRATED, half, rng)),
        "held-out pictures and distortions": Measured(network, examples.examples(unseen, distortions.HELD_OUT, half, rng)),
    }
    # A generator of its own, so that nothing below depends on how many numbers the examples took.
    rng = numpy.random.default_rng(SEED + 1)
    penalties, shares = chosen_penalties(sets["calibration"])
    weights = fit(sets["calibration"].features, penalties)
    weights /= scale(network, seen, rng) @ weights
    table = {"seed": SEED, "left-out stages rightly ordered": {f"{p} {q}": share for (p, q), share in zip(PENALTIES, shares)}, "penalties": penalties,
             "photographs": {"calibration": sorted(s for s in seen if not s.startswith("emoji")), "held out": sorted(s for s in unseen if not s.startswith("emoji"))}}
    for name, test in sets.items():
        print(name)
        table[name] = compared(test, weights, rng)
    places = numpy.cumsum([0] + [channels for _, channels in TAPS])
    arrays = {f"efficientnet-lite0.lin{i}": weights[places[i] : places[i + 1]].astype("<f4") for i in range(len(TAPS))}
    arguments.output.write_bytes(save(arrays, {"source": f"Scripts/perceptual/calibrate_lpips.py, seed {SEED}, {arguments.examples} examples, penalties {penalties[0]} {penalties[1]}"}))
    arguments.table.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
