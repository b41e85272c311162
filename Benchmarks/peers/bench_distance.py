"""Wall time of the Fréchet distance alone, from two arrays of features, by the peers' two routes.

sqrtm        pytorch-fid: numpy.cov, scipy.linalg.sqrtm of the product
eigvals      torch-fidelity: numpy.cov, eigenvalues of the product

Prints one JSON object. Needs PyPI packages: requirements.txt beside this file.
"""
import argparse
import json
import time

import numpy
import threadpoolctl
import torch


def sqrtm(real, fake):
    from pytorch_fid.fid_score import calculate_frechet_distance

    moments = [value for features in (real, fake) for value in (features.mean(axis=0), numpy.cov(features, rowvar=False))]
    return calculate_frechet_distance(*moments)


def eigvals(real, fake):
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    statistics = [fid_features_to_statistics(torch.from_numpy(features)) for features in (fake, real)]
    return fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]


ROUTES = {"sqrtm": sqrtm, "eigvals": eigvals}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--route", choices=ROUTES, default="sqrtm")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--dimensions", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    random = numpy.random.default_rng(0)
    scale = 1 / numpy.sqrt(1 + numpy.arange(options.dimensions))
    real, fake = (random.standard_normal((options.count, options.dimensions)) * scale + shift for shift in (0, 0.1))
    ROUTES[options.route](real[:64, :16].copy(), fake[:64, :16].copy())
    with threadpoolctl.threadpool_limits(options.threads):
        start = time.perf_counter()
        value = ROUTES[options.route](real, fake)
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "fid": float(value), "route": options.route, "count": options.count, "dimensions": options.dimensions, "threads": options.threads}))


if __name__ == "__main__":
    main()
