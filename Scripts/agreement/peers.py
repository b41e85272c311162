"""The names that the peers' expressions in pairs.py stand on: arrays of both sets, the peers' own functions, and adapters where a peer wants modules, tensors or a network."""
import functools
import pathlib

import h5py
import numpy
import torch
from cleanfid.fid import fid_from_feats, get_folder_features, kernel_distance
from prdc import compute_prdc
from pytorch_fid.fid_score import calculate_frechet_distance
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore
from torchmetrics.image.kid import KernelInceptionDistance
from torchmetrics.image.mifid import MemorizationInformedFrechetInceptionDistance
from vendi_score import vendi

import make_protocol_goldens as protocols
from make_protocol_goldens import exact, inception_score  # noqa: F401  the formulas of tools that cannot be installed here

# The features that gan-eval extracted, in float64 unless a name says otherwise.

def read(name, entry="features"):
    with h5py.File(name + ".h5") as file:
        array = file[entry][:]
    return array.astype(numpy.float64) if array.dtype == numpy.float32 else array


real, fake, others = read("real"), read("fake"), read("others")
scores = read("fake", "logits")
small_scores, small_real_scores = read("small-fake", "logits"), read("small-real", "logits")
labels, real_labels = read("fake", "labels"), read("real", "labels")
few_real, few_fake = read("few-real"), read("few-fake")
small_real, small_fake, small_others = read("small-real"), read("small-fake"), read("small-others")


def tensor(array):
    return torch.from_numpy(array)


def moments(x, y):
    """Mean and covariance (N - 1) of both, as pytorch-fid's function wants them."""
    return [value for z in (x, y) for value in (z.mean(0), numpy.cov(z, rowvar=False))]


def torch_fidelity_fid(x, y):
    return fid_statistics_to_metric(*(fid_features_to_statistics(tensor(z)) for z in (y, x)), verbose=False)["frechet_inception_distance"]


# torch-fidelity's settings beside those that a pair names.
kid_settings = {"kid_kernel": "poly", "kid_kernel_poly_degree": 3, "kid_kernel_poly_gamma": None, "kid_kernel_poly_coef0": 1, "rng_seed": 2020, "verbose": False}
prc_settings = {"prc_neighborhood": 3, "prc_batch_size": 10000, "save_cpu_ram": False, "verbose": False}


class Features(torch.nn.Module):
    """In place of torchmetrics' network: the images are the features."""

    def __init__(self, count):
        super().__init__()
        self.num_features = count

    def forward(self, x):
        return x


def torchmetrics_distance(metric, x, y, **options):
    """One of torchmetrics' distances of two sets of features."""
    measure = metric(feature=Features(x.shape[1]), **options)
    measure.update(tensor(x), real=True)
    measure.update(tensor(y), real=False)
    value = measure.compute()
    return value[0] if isinstance(value, tuple) else value


def torchmetrics_score(x, splits):
    measure = InceptionScore(feature=Features(x.shape[1]), splits=splits)
    measure.update(tensor(x))
    return measure.compute()[0]


# clean-fid on the generated Inception, which stands where its download would.

@functools.cache
def clean_network(mode):
    if mode == "legacy_pytorch":
        return protocols.cleanfid.features.feature_extractor("pytorch_inception", device=torch.device("cpu"), use_dataparallel=False)
    body = protocols.calibrate.network()
    body.fc = torch.nn.Identity()
    return protocols.CleanInception(protocols.StyleGANInception(body), resize_inside=mode == "legacy_tensorflow")


@functools.cache
def clean(folder, mode="clean"):
    """clean-fid's features of a folder. One image at a time: it cannot batch mixed sizes."""
    return get_folder_features(folder, model=clean_network(mode), num_workers=0, batch_size=1, device=torch.device("cpu"), mode=mode, verbose=False)


@functools.cache
def fidelity(side, layer):
    """What torch-fidelity's own run has left of the crops in its cache."""
    found, = pathlib.Path("fidelity").glob(f"{side}-*-features-{layer}.pt")
    return torch.load(found).numpy()
