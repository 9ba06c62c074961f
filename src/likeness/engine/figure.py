"""The figure in a picture: whoever a rig covers, with hair, hats and clothes that it has not."""

from functools import cache
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from likeness.bases import find_part
from likeness.engine.between import Pixels
from likeness.engine.device import channels_last
from likeness.engine.faces import to_tensor
from likeness.engine.figure_network import HEAD, MULTIPLE, FigureNetwork, head_at
from likeness.engine.weights import load_weights

FILE = "figures.safetensors"

MOST = 256
"""px of what the network is shown along each side: more than six heads."""

UNLIKELY = 0.2
"""Up to so likely, what the rig covers is not of the figure, but behind it."""
SURE = 0.15
"""Widths of a head from where it ends, from which on it is of the figure in any case."""

Mask = NDArray[np.bool_]


class FigureReader:
    """Tells figures from what is behind them; a picture takes some hundredths of a second."""

    def __init__(self, network: FigureNetwork) -> None:
        network.requires_grad_(False).eval()
        self._network = channels_last(network)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the weights in a part's folder. Raises LoadFailed."""
        network = FigureNetwork()
        load_weights(network, folder / FILE)
        return cls(network)

    def figure_of(
        self, picture: Pixels, head: Mask, body: Mask, middle: tuple[float, float], width: float
    ) -> Mask:
        """Where the figure is in a picture (rows, columns, 3) of which a rig's head and body cover
        some cells (rows, columns); the face's `middle` is at x and y, and its head so wide."""
        likely = self.likely(picture, middle, width)
        inside = cv2.distanceTransform(head.astype(np.uint8), cv2.DIST_L2, 5) > SURE * width
        figure = (likely > 0.5) | inside | ((head | body) & (likely > UNLIKELY))
        # Others have nothing to do with it.
        _, labels = cv2.connectedComponents(figure.astype(np.uint8))
        return np.asarray(figure & np.isin(labels, np.unique(np.asarray(labels)[head])))

    @torch.inference_mode()
    def likely(
        self, picture: Pixels, middle: tuple[float, float], width: float
    ) -> NDArray[np.float32]:
        """How likely each cell (rows, columns) of a picture is of the figure whose face's `middle`
        and head's `width` those are."""
        rows, columns = picture.shape[:2]
        scale = HEAD / width
        down, across = (
            min(MOST, -(-int(scale * side) // MULTIPLE) * MULTIPLE) for side in (rows, columns)
        )
        # All of the picture, or as much of it around the head as may be shown.
        left, top = (
            float(np.clip(spot - most / scale / 2, 0, max(0, side - most / scale)))
            for spot, most, side in ((middle[0], across, columns), (middle[1], down, rows))
        )
        view = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        shown = cv2.warpAffine(
            picture, view, (across, down), flags=method, borderMode=cv2.BORDER_REPLICATE
        )
        pixels = to_tensor(np.asarray(shown, np.uint8)[None])
        place = torch.tensor([[(middle[0] - left) * scale, (middle[1] - top) * scale]])
        told = self._network(pixels, head_at(place, down, across)).sigmoid()[0, 0]
        return np.asarray(
            cv2.warpAffine(
                told.numpy(),
                view,
                (columns, rows),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            ),
            np.float32,
        )


@cache
def shipped_figures() -> FigureReader:
    """The reader that ships, loaded once. Raises MissingPart and LoadFailed."""
    return FigureReader.load(find_part("figures"))
