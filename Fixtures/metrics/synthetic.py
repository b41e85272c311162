"""Features by a counter-based formula, the same to the last bit as `SyntheticFeatures.swift` in the tests, so that large data need not be committed.

Needs: numpy.
"""

import numpy as np


def uniform(seed, counters):
    """SplitMix64 finaliser of seed and counter, as a double in [0, 1)."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        z = np.uint64(seed) * np.uint64(0xD1342543DE82EF95) + (counters.astype(np.uint64) + np.uint64(1)) * golden
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def features(seed, count, dimension, offset=0.0, spread=1.0):
    """Rectified, correlated features with a decaying spectrum, shape (count, dimension), float32."""
    i = np.arange(count, dtype=np.uint64)[:, None]
    j = np.arange(dimension, dtype=np.uint64)[None, :]
    index = (i * np.uint64(dimension) + j) * np.uint64(2)
    noise = (uniform(seed, index) + uniform(seed, index + np.uint64(1))) - 1.0
    k = np.arange(8, dtype=np.uint64)[None, :]
    latent = uniform(seed + 1000003, i * np.uint64(8) + k) - 0.5
    column = np.arange(dimension)
    scale = spread / (1.0 + 20.0 * column / dimension)
    x = scale * (noise + 0.75 * latent[:, column % 8]) + (offset + 0.125 * (column % 5))
    return np.ascontiguousarray(np.maximum(x, 0.0).astype(np.float32))
