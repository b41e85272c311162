"""The peers' own FID, KID and Inception Score on committed images, with a network that Swift can generate (calibrate.py).

pytorch-fid, torch-fidelity and clean-fid run themselves, with the weights file put in place of their download. StyleGAN's, TTUR's and ADM's conventions, which need TensorFlow, CUDA or a pickled generator,
are their formulas on features of the matching resize: StyleGAN's grid_sample in front of the network, TensorFlow 1's bilinear as torch-fidelity reproduces it.

goldens.json     every number with 17 digits, its settings, and the versions
features.h5      SET/RECIPE/SIDE: the first four images' 2048 features, every 16th value, float32 [4, 128]

Beside a peer's `fid` stands `fid_exact`: the same mean and covariance conventions on the same features, with the trace from the nuclear norm of the cross-product in float64.
Beside `kid` stands `kid_float64`: the peer's own function on the same float32 features converted to float64. The set `digits-small` is the first ten images per class and side of `digits`.

Needs PyPI packages: torch, torchvision, pytorch-fid, torch-fidelity, clean-fid, scipy<1.18, h5py, numpy, pillow.
usage: make_protocol_goldens.py SET ...     (digits, crops) replaces these sets' entries
"""
import contextlib
import hashlib
import importlib.metadata
import io
import json
import os
import pathlib
import sys
import tempfile
from unittest import mock

import cleanfid.features
import cleanfid.fid
import cleanfid.inception_pytorch
import cleanfid.inception_torchscript
import h5py
import numpy
import torch
import torch_fidelity
from pytorch_fid import fid_score, inception
from torch_fidelity import metric_fid, metric_isc, metric_kid

import calibrate

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent
SETS = {  # real, fake, batch size (1 where sizes differ: the peers cannot batch them)
    "digits": ("digits/real", "digits/fake", 50),
    "crops": ("photos/crops/real", "photos/crops/fake", 1),
}
SMALL = {"digits": numpy.concatenate([numpy.arange(50 * digit, 50 * digit + 10) for digit in range(10)])}
SUBSET_SIZE = {"digits": 100, "digits-small": 40, "crops": 20}
SEED = 0  # of NumPy's global generator, for the peers that leave it unseeded
CPU = torch.device("cpu")


# Fréchet distances

def exact(real, fake, ddof=1, mean=numpy.float64):
    """The Fréchet distance with its trace from the nuclear norm of the cross-product, everything but the mean in float64."""
    difference = real.mean(axis=0, dtype=mean) - fake.mean(axis=0, dtype=mean)
    x, y = (features.astype(numpy.float64) for features in (real, fake))
    x, y = (x - x.mean(axis=0)) / numpy.sqrt(len(x) - ddof), (y - y.mean(axis=0)) / numpy.sqrt(len(y) - ddof)
    trace = numpy.linalg.svd(x @ y.T, compute_uv=False).sum()
    return float(difference @ difference + (x**2).sum() + (y**2).sum() - 2 * trace)


def classic(real, fake, ddof=1):
    """pytorch-fid's distance function (TTUR's, with scipy's sqrtm) on means in the features' own type."""
    moments = [value for features in (real, fake) for value in (features.mean(axis=0), numpy.cov(features, rowvar=False, ddof=ddof))]
    return float(fid_score.calculate_frechet_distance(*moments))


# Inception Score and kernel distance

def inception_score(logits, splits):
    """improved-gan's score of float32 softmax outputs in the order of the images; the deviation is the population's."""
    p = torch.from_numpy(logits).softmax(dim=1).numpy()
    scores = []
    for i in range(splits):
        part = p[i * len(p) // splits : (i + 1) * len(p) // splits]
        kl = part * (numpy.log(part) - numpy.log(part.mean(axis=0, keepdims=True)))
        scores.append(numpy.exp(kl.sum(axis=1).mean()))
    return {"is_mean": float(numpy.mean(scores)), "is_std": float(numpy.std(scores)), "is_splits": splits}


def kernel_distances(real, fake, size):
    """clean-fid's (and StyleGAN's) KID after numpy.random.seed(SEED): the default subset size 1000, cut to the sets, and a smaller one."""
    result = {"seed": SEED, "kid_subsets": 100, "kid_order": "fake first"}
    for name, subset in (("kid", 1000), (f"kid_subset_{size}", size)):
        for suffix, kind in (("", numpy.float32), ("_float64", numpy.float64)):
            numpy.random.seed(SEED)
            result[name + suffix] = float(cleanfid.fid.kernel_distance(real.astype(kind), fake.astype(kind), num_subsets=100, max_subset_size=subset))
    return result


# The peers' features

class StyleGANInception(torch.nn.Module):
    """What StyleGAN's TorchScript file does: uint8 values in, TensorFlow 1's bilinear by affine_grid and grid_sample, features out."""

    def __init__(self, network):
        super().__init__()
        self.layers = torch.nn.Sequential(network, torch.nn.Flatten())

    def forward(self, x, return_features=True):
        batch, channels, height, width = x.shape
        theta = torch.eye(2, 3)
        theta[0, 2] += 1 / width - 1 / 299
        theta[1, 2] += 1 / height - 1 / 299
        grid = torch.nn.functional.affine_grid(theta[None].repeat(batch, 1, 1), [batch, channels, 299, 299], align_corners=False)
        x = torch.nn.functional.grid_sample(x.float(), grid, mode="bilinear", padding_mode="border", align_corners=False)
        return self.layers((x - 128) / 128)


class CleanInception(cleanfid.inception_torchscript.InceptionV3W):
    """clean-fid's wrapper around that file, with our network inside."""

    def __init__(self, base, resize_inside):
        torch.nn.Module.__init__(self)
        self.base, self.layers, self.resize_inside = base, base.layers, resize_inside


class Peers:
    """Runs the peers' extraction, once per recipe and side."""

    def __init__(self, folder):
        self.network = calibrate.network()
        self.weights = folder / "weights.pth"
        torch.save(self.network.state_dict(), self.weights)
        self.fc = self.network.fc.weight.detach().numpy().T
        body = calibrate.network()
        body.fc = torch.nn.Identity()
        self.stylegan = StyleGANInception(body)
        self.folder = folder

    def state(self, *_, **__):
        return torch.load(self.weights)

    def flat(self, source):
        """A folder of links to the images of `source` and its sub-folders: pytorch-fid does not look into sub-folders."""
        target = self.folder / hashlib.sha256(str(source).encode()).hexdigest()[:8]
        if not target.exists():
            target.mkdir()
            for path in sorted(source.rglob("*.*")):
                os.symlink(path, target / path.name)
        return str(target)

    def pytorch_fid(self, real, fake, batch, dimensions):
        """pytorch-fid's number and, caught on the way, its float64 arrays of float32 features."""
        caught, extract = [], fid_score.get_activations

        def catching(*arguments):
            caught.append(extract(*arguments))
            return caught[-1]

        with mock.patch.object(inception, "load_state_dict_from_url", self.state), mock.patch.object(fid_score, "get_activations", catching):
            value = fid_score.calculate_fid_given_paths([self.flat(real), self.flat(fake)], batch, CPU, dimensions, 0)
        return float(value), *caught

    def torch_fidelity(self, real, fake, batch, size):
        """torch-fidelity's numbers and both sides' dictionaries of features."""
        caught, extract = {}, torch_fidelity.utils.get_featuresdict_from_dataset

        def catching(dataset, *arguments):
            side = "real" if str(dataset.files[0]).startswith(str(real)) else "fake"
            caught[side] = extract(dataset, *arguments)
            return caught[side]

        with mock.patch.object(torch_fidelity.utils, "get_featuresdict_from_dataset", catching):
            values = torch_fidelity.calculate_metrics(
                input1=str(fake), input2=str(real), cuda=False, isc=True, fid=True, kid=True, kid_subset_size=size, batch_size=batch,
                samples_find_deep=True, feature_extractor_weights_path=str(self.weights), cache=False, verbose=False, save_cpu_ram=True,
            )
        return values, caught["real"], caught["fake"]

    def clean(self, source, mode, batch):
        """clean-fid's features of one folder."""
        if mode == "legacy_pytorch":
            with mock.patch.object(cleanfid.inception_pytorch, "load_state_dict_from_url", self.state):
                model = cleanfid.features.feature_extractor("pytorch_inception", device=CPU, use_dataparallel=False)
        else:
            model = CleanInception(self.stylegan, resize_inside=mode == "legacy_tensorflow")
        return cleanfid.fid.get_folder_features(str(source), model=model, num_workers=0, batch_size=batch, device=CPU, mode=mode, verbose=False)

    def float64(self, source):
        """The features of the clean resize by the network in float64."""
        body = StyleGANInception(calibrate.network())
        body.layers[0].fc = torch.nn.Identity()
        body.double()
        dataset = cleanfid.utils.ResizeDataset(sorted(source.rglob("*.*")), mode="clean")
        with torch.inference_mode():
            return torch.cat([body.layers((image[None].double() - 128) / 128) for image in dataset]).numpy()

    def without_resize(self, source, batch):
        """StyleGAN's features: the images' bytes through its own resize."""
        return self.clean(source, "legacy_tensorflow", batch)


# The numbers of one set

def torch_fidelity_values(real, fake, size):
    """torch-fidelity's own functions on its own features."""
    settings = {"kid_subset_size": size, "kid_subsets": 100, "rng_seed": 2020, "verbose": False}
    with contextlib.redirect_stderr(io.StringIO()):
        fid = metric_fid.fid_statistics_to_metric(*(metric_fid.fid_features_to_statistics(side["2048"]) for side in (fake, real)), verbose=False)
        kid = metric_kid.kid_features_to_metric(fake["2048"], real["2048"], **settings)
        wide = metric_kid.kid_features_to_metric(fake["2048"].double(), real["2048"].double(), **settings)
    score = metric_isc.isc_features_to_metric(fake["logits_unbiased"])
    return {
        "fid": fid[metric_fid.KEY_METRIC_FID],
        "kid_mean": kid[metric_kid.KEY_METRIC_KID_MEAN], "kid_std": kid[metric_kid.KEY_METRIC_KID_STD],
        "kid_float64_mean": wide[metric_kid.KEY_METRIC_KID_MEAN], "kid_float64_std": wide[metric_kid.KEY_METRIC_KID_STD],
        "kid_subsets": 100, "kid_subset_size": size, "seed": 2020, "kid_order": "fake first",
        "is_mean": score[metric_isc.KEY_METRIC_ISC_MEAN], "is_std": score[metric_isc.KEY_METRIC_ISC_STD], "is_splits": 10,
    }


def values(features, fc, size):
    """Every protocol's numbers from the recipes' features: {recipe: (real, fake)}."""
    result = {}

    real, fake = features["pytorch-fid"]
    result["pytorch-fid"] = {"fid": classic(real, fake), "fid_exact": exact(real, fake)}
    for dimensions in (64, 192):
        real, fake = features[f"pytorch-fid-{dimensions}"]
        result["pytorch-fid"] |= {f"fid_{dimensions}": classic(real, fake), f"fid_{dimensions}_exact": exact(real, fake)}

    real, fake = features["torch-fidelity"]
    result["torch-fidelity"] = torch_fidelity_values(real, fake, size) | {"fid_exact": exact(real["2048"].numpy(), fake["2048"].numpy(), mean=numpy.float32)}

    narrow = [side["2048"].numpy() for side in (real, fake)]
    wide, logits = [side.astype(numpy.float64) for side in narrow], fake["logits_unbiased"].numpy()
    result["ttur"] = {"fid": classic(*wide), "fid_exact": exact(*wide)} | inception_score(logits, 10)
    result["adm"] = {"fid": classic(*narrow), "fid_exact": exact(*narrow, mean=numpy.float32)} | inception_score(logits, -(-len(logits) // 5000))

    for mode, name in (("clean", "clean-fid"), ("legacy_pytorch", "clean-fid-legacy-pytorch"), ("legacy_tensorflow", "clean-fid-legacy-tensorflow")):
        real, fake = features[name]
        result[name] = {"fid": float(cleanfid.fid.fid_from_feats(real, fake)), "fid_exact": exact(real, fake, mean=numpy.float32)} | kernel_distances(real, fake, size)

    real, fake = features["stylegan"]
    wide = real.astype(numpy.float64), fake.astype(numpy.float64)
    result["stylegan"] = {"fid": classic(*wide, ddof=0), "fid_exact": exact(*wide, ddof=0)} | kernel_distances(real, fake, size) | inception_score(fake @ fc, 10)

    if "default" in features:
        result["default"] = {"fid": exact(*features["default"])}
    return result


def extract(peers, name):
    """Each recipe's features of both sides, and the checks that the peers' own commands give what their functions give."""
    real, fake, batch = SETS[name]
    real, fake, size = FIXTURES / real, FIXTURES / fake, SUBSET_SIZE[name]
    features, commands = {}, {}
    for dimensions in (64, 192, 2048):
        recipe = "pytorch-fid" if dimensions == 2048 else f"pytorch-fid-{dimensions}"
        commands[recipe], *features[recipe] = peers.pytorch_fid(real, fake, batch, dimensions)
        print(name, recipe, commands[recipe], flush=True)
    commands["torch-fidelity"], *features["torch-fidelity"] = peers.torch_fidelity(real, fake, batch, size)
    print(name, "torch-fidelity", commands["torch-fidelity"], flush=True)
    for mode, recipe in (("clean", "clean-fid"), ("legacy_pytorch", "clean-fid-legacy-pytorch"), ("legacy_tensorflow", "clean-fid-legacy-tensorflow")):
        features[recipe] = [peers.clean(side, mode, batch) for side in (real, fake)]
        print(name, recipe, flush=True)
    features["stylegan"] = features["clean-fid-legacy-tensorflow"]
    if name == "crops":
        features["default"] = [peers.float64(side) for side in (real, fake)]
    return features, commands


def check(commands, numbers):
    """The commands' numbers, asserted equal to those from their functions."""
    pairs = [(commands["pytorch-fid"], numbers["pytorch-fid"]["fid"])]
    pairs += [(commands[f"pytorch-fid-{n}"], numbers["pytorch-fid"][f"fid_{n}"]) for n in (64, 192)]
    command, function = commands["torch-fidelity"], numbers["torch-fidelity"]
    pairs += [(command["frechet_inception_distance"], function["fid"]), (command["kernel_inception_distance_mean"], function["kid_mean"]),
              (command["kernel_inception_distance_std"], function["kid_std"]), (command["inception_score_mean"], function["is_mean"]),
              (command["inception_score_std"], function["is_std"])]
    for command, function in pairs:
        assert abs(command - function) <= 1e-9 * abs(command), (command, function)


def part(features, rows):
    """The given rows of every recipe's features."""
    def cut(side):
        return {layer: array[rows] for layer, array in side.items()} if isinstance(side, dict) else side[rows]
    return {recipe: [cut(side) for side in sides] for recipe, sides in features.items()}


def store(file, name, features):
    """The debugging rows of `features` under the group `name`."""
    if name in file:
        del file[name]
    for recipe, sides in features.items():
        for side, array in zip(("real", "fake"), sides):
            array = array["2048"].numpy() if isinstance(array, dict) else array
            step = max(1, array.shape[1] // 128)
            file.create_dataset(f"{name}/{recipe}/{side}", data=array[:4, ::step].astype(numpy.float32), track_times=False)


def main(names):
    path = HERE / "goldens.json"
    goldens = json.loads(path.read_text()) if path.exists() else {"sets": {}}
    packages = ["torch", "torchvision", "pytorch-fid", "torch-fidelity", "clean-fid", "numpy", "scipy", "pillow"]
    goldens["versions"] = {package: importlib.metadata.version(package) for package in packages}
    goldens["network"] = {"weights": "formula of generated_weights.py", "statistics": "inception-v3-statistics.h5",
                          "statistics_sha256": hashlib.sha256(calibrate.STATISTICS.read_bytes()).hexdigest()}
    with tempfile.TemporaryDirectory() as folder:
        peers = Peers(pathlib.Path(folder))
        for name in names:
            features, commands = extract(peers, name)
            numbers = values(features, peers.fc, SUBSET_SIZE[name])
            check(commands, numbers)
            with h5py.File(HERE / "features.h5", "a", libver="earliest") as file:
                store(file, name, features)
            count = len(features["stylegan"][0])
            goldens["sets"][name] = {"real": SETS[name][0], "fake": SETS[name][1], "count": count, "protocols": numbers}
            if name in SMALL:
                small = f"{name}-small"
                numbers = values(part(features, SMALL[name]), peers.fc, SUBSET_SIZE[small])
                goldens["sets"][small] = {"real": SETS[name][0], "fake": SETS[name][1], "count": len(SMALL[name]), "rows": SMALL[name].tolist(), "protocols": numbers}
            path.write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(sys.argv[1:] or list(SETS))
