"""The pictures between two pictures of one scene, by optical flow: what moves, moves."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""A picture (height, width, 3), RGB."""

Flow = NDArray[np.float32]
"""(height, width, 2): where each pixel goes, in px to the right and down."""

FINEST = 640
"""The longer side in px at which motion is looked for; beyond it, no more is seen."""


def flow_between(one: Pixels, other: Pixels) -> Flow:
    """Where each pixel of `one` is found in `other`; both of one size."""
    height, width = one.shape[:2]
    scale = min(1.0, FINEST / max(height, width))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    grey = [cv2.cvtColor(cv2.resize(picture, size), cv2.COLOR_RGB2GRAY) for picture in (one, other)]
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    # The stubs want a picture to write into, where OpenCV takes None and makes one.
    flow = cast(Flow, finder.calc(grey[0], grey[1], cast(Any, None)))
    return enlarged(cast(Flow, flow), width, height)


def enlarged(flow: Flow, width: int, height: int) -> Flow:
    """The same flow between pictures of another size."""
    factors = np.array((width / flow.shape[1], height / flow.shape[0]), np.float32)
    return cast(Flow, cv2.resize(flow, (width, height)) * factors)


def moved(picture: Pixels, flow: Flow) -> Pixels:
    """The picture in which each pixel comes from where `flow` points to."""
    height, width = picture.shape[:2]
    across = flow[..., 0] + np.arange(width, dtype=np.float32)
    down = flow[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    edge = cv2.BORDER_REPLICATE
    return cast(Pixels, cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=edge))


def between(one: Pixels, other: Pixels, shares: Sequence[float]) -> Iterator[Pixels]:
    """A picture at each share of the way from `one` (0) to `other` (1)."""
    if not shares:
        return
    onward, back = flow_between(one, other), flow_between(other, one)
    for share in shares:
        # The flow from a moment between, from both ends' flows (Jiang et al., "Super SloMo", 2018).
        left = 1 - share
        to_one = -left * share * onward + share * share * back
        to_other = left * left * onward - share * left * back
        first, second = (
            moved(one, to_one.astype(np.float32)),
            moved(other, to_other.astype(np.float32)),
        )
        yield cast(Pixels, cv2.addWeighted(first, left, second, share, 0))


def filled(pictures: Iterator[Pixels], places: Sequence[int]) -> Iterator[Pixels]:
    """All pictures of a clip, from those at some places, which begin with 0, in their order."""
    one = next(pictures)
    yield one
    for other, (start, stop) in zip(pictures, pairwise(places), strict=True):
        yield from between(one, other, [step / (stop - start) for step in range(1, stop - start)])
        if stop > start:
            yield other
        one = other
