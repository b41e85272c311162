"""Statistics files as pytorch-fid, clean-fid and ADM write them. Writes pytorch-fid.npz and adm.npz beside this file, of synthetic
features of seeds 41 and 42, and broken.npz, whose covariance lacks rows.

Needs: numpy.
"""

import pathlib

import numpy as np

from synthetic import features

if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    x, s = features(41, 30, 5), features(42, 30, 3)
    mu, sigma = np.mean(x.astype(np.float64), axis=0), np.cov(x, rowvar=False)
    np.savez_compressed(here / "pytorch-fid.npz", mu=mu, sigma=sigma)
    # ADM: float32 means, images beside.
    np.savez(here / "adm.npz", arr_0=np.zeros((2, 4, 4, 3), np.uint8), mu=np.mean(x, axis=0), sigma=sigma,
             mu_s=np.mean(s, axis=0), sigma_s=np.cov(s, rowvar=False))
    np.savez(here / "broken.npz", mu=mu, sigma=sigma[:3])
