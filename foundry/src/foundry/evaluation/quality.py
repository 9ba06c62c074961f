"""The distance between two crowds of pictures."""

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]


def frechet_distance(one: Features, other: Features) -> float:
    """Fréchet distance of two sets of features (n, k), each taken to be normally distributed.

    |m₁ − m₂|² + tr(C₁ + C₂ − 2 (C₁C₂)^½) (Heusel et al., 2017, equation 6). n should be several
    times k: the distance of few samples is too large.
    """
    first, second = one.astype(np.float64), other.astype(np.float64)
    apart = first.mean(axis=0) - second.mean(axis=0)
    cov_first, cov_second = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    # The product's square root has the trace of that of the symmetric S C₂ S with S = C₁^½.
    values, vectors = np.linalg.eigh(cov_first)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    crossed = np.linalg.eigvalsh(root @ cov_second @ root).clip(0)
    spread = np.trace(cov_first) + np.trace(cov_second) - 2 * np.sqrt(crossed).sum()
    return float(apart @ apart + spread)
