"""Fitting proxy meshes on the body, as its shape and expression change."""

import numpy as np

from foundry.portraits.pack import Floats, Proxy


def fit(proxy: Proxy, vertices: Floats) -> Floats:
    """Where the proxy's vertices (Q, 3) lie on the body `vertices` (N, 3)."""
    points = interpolate(proxy, vertices)
    if proxy.scale is None:
        return points + proxy.offset
    axes = np.arange(3)
    first, second = proxy.scale.pairs.T
    distance = np.abs(vertices[first, axes] - vertices[second, axes])
    return points + proxy.offset * (distance / proxy.scale.distance)


def interpolate(proxy: Proxy, values: Floats) -> Floats:
    """Values per vertex of the body, (N,) or (N, C), carried over to the proxy's vertices."""
    a, b, c = proxy.references.T
    u, v, w = (proxy.weights if values.ndim == 1 else proxy.weights[..., None]).swapaxes(0, 1)
    return values[a] * u + values[b] * v + values[c] * w
