"""Authors' code that is on no package registry, at the commits of sources.txt, called as its readers would. Names in pairs.py begin with `authors.`.

Where such code needs what newer packages no longer have, the least is put in its place here, and said.
"""
import contextlib
import importlib.util
import io
import pathlib
import sys
from unittest import mock

import numpy
import torch

SOURCES = pathlib.Path.cwd().parent / "sources"


def module(path):
    """One file of a repository, without what its package imports around it."""
    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, SOURCES / path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def package(folder):
    sys.path.insert(0, str(SOURCES / folder))


def silently(call, *arguments, **options):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return call(*arguments, **options)


# layer6ai-labs/dgm-eval

def dgm(name):
    return module(f"dgm-eval/dgm_eval/metrics/{name}.py")


def dgm_fls(training, unseen, generated):
    """The peer leaves it to its caller to make sets of one size; here they and the halves of the training set are those that gan-eval draws. It computes on a GPU only, which is left out."""
    random, half, ones = numpy.random.RandomState(2020), len(training) // 2, torch.ones
    generated, unseen = (features[random.choice(len(features), half, replace=False)] for features in (generated, unseen))
    order = random.permutation(len(training))
    with mock.patch.object(torch.Tensor, "cuda", lambda self: self), mock.patch.object(torch, "ones", lambda *shape, device=None, **options: ones(*shape, **options)):
        return dgm("fls").compute_fls(training[order[:half]], training[order[half:]], unseen, generated)


def dgm_ct(training, unseen, generated):
    """Its distances are columns, which SciPy's test today takes for many tests."""
    found = dgm("ct")
    test = found.mannwhitneyu
    with mock.patch.object(found, "mannwhitneyu", lambda a, b, **options: test(a.ravel(), b.ravel(), **options)):
        return silently(found.compute_CTscore, training, unseen, generated)


# marcojira/fld

def fld(training, unseen, generated):
    """The package's own class in float32. Its halves of the training set are random; here they are those that gan-eval draws."""
    package("fld")
    from fld.metrics.FLD import FLD
    order = numpy.random.RandomState(2020).permutation(len(training))
    with mock.patch("fld.metrics.FLD.shuffle", lambda features: features[order]):
        return silently(FLD().compute_metric, *(torch.from_numpy(x).float() for x in (training, unseen, generated)))


# xgfs/imd, KhrulkovV/geometry-score: random vectors and landmarks from NumPy's seed, which every expression starts from

def imd(x, y):
    package("imd")
    from msid.msid import msid_score
    return msid_score(x, y)


def geometry_score(x, y):
    package("geometry-score")
    from gs import geom_score, rlts
    return geom_score(silently(rlts, x), silently(rlts, y))


# vanderschaarlab/evaluating-generative-models

def alaa(x, y):
    """alpha-precision, beta-recall and authenticity around the mean, without the authors' one-class network."""
    return module("evaluating-generative-models/metrics/evaluation.py").compute_alpha_precision(x, y, x.mean(0))[3:]


# msmsajjadi/precision-recall-distributions

def prd(x, y):
    """The larger of F8 and F1/8 over the mean curve of ten clusterings."""
    score = module("precision-recall-distributions/prd_score.py")
    return score.prd_to_max_f_beta_pair(*score.compute_prd_from_embedding(y, x))


# eitanrich/gans-n-gmms

def ndb(p, n, q, m):
    """The authors' test and divergence of given shares: their class needs an option that scikit-learn's k-means no longer has."""
    found = module("gans-n-gmms/utils/ndb.py").NDB
    return found.two_proportions_z_test(p, n, q, m, significance_level=0.05).mean(), found.jensen_shannon_divergence(p, q)


# sayakpaul/cmmd-pytorch, a translation of google-research/cmmd

def cmmd(x, y):
    """Of features of unit length, which its embedding gives it."""
    return module("cmmd-pytorch/distance.py").mmd(*(z / numpy.linalg.norm(z, axis=1, keepdims=True) for z in (x, y)))


# tkarras/progressive_growing_of_gans

def sliced_wasserstein(x, y):
    """SWD ×10³ of images [N, H, W, 3]: the mean over levels. Patches and directions are random."""
    x, y = (numpy.ascontiguousarray(z.transpose(0, 3, 1, 2)) for z in (x, y))
    api = module("progressive_growing_of_gans/metrics/sliced_wasserstein.py").API(len(x), x.shape[1:], numpy.uint8, len(x))
    for mode, images in (("reals", x), ("fakes", y)):
        api.begin(mode)
        api.feed(mode, images)
        values = api.end(mode)
    return values[-1]
