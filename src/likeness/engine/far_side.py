"""The far side of a head: what a picture shows only aslant, or not at all."""

from typing import cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from likeness.engine.between import Pixels
from likeness.engine.rig import Rig
from likeness.engine.rig_view import ASIDE, Floats, Layer, Mask, RigView, Seen

ASLANT = 0.3
"""How far a spot must look towards the viewer (the cosine) to be seen well."""

HAIRLINE = 4.0
"""dm that lie, as it were, between hair and skin: each looks like its own kind."""

DEEP = 2.5
"""Cells within a figure from which on what is behind it does not show through."""

TURNS = (0.05, 0.2)
"""How much farther a spot must look towards the viewer than in the picture to take after what is
seen well: a little, wholly."""

SOFT = 2.5
"""Cells by which colours are smoothed that are taken from elsewhere."""
SPECKS = 5
"""Cells across a neighbourhood, of which most are of the far side where a cell is."""


class FarSide:
    """What of a view's head and neck is not seen well in its picture has the colour of what is: of
    the nearest spot on the rig, skin that of skin and hair that of hair.

    `start` is what the picture (height, width, 3) shows, `known` (samples,) which samples that are,
    and `within` how many cells each (rows, columns) is within the figure of whoever is seen.
    """

    def __init__(
        self, rig: Rig, view: RigView, start: Seen, known: Mask, within: Floats, picture: Pixels
    ) -> None:
        self._view, self._towards = view, start.towards[view.triangle]
        self._hidden = ~known & (self._towards > ASIDE)
        rows, columns = view.shape
        solid = (view.layer == Layer.HEAD) | (view.layer == Layer.BODY)
        deep = np.zeros(len(solid), bool)
        front = start.sample[within > DEEP]
        deep[front[front >= 0]] = True
        well = solid & known & (self._towards > ASLANT)
        sources = np.nonzero(well & deep)[0]
        row, column = (
            side.clip(0, most - 1).astype(np.int64)
            for side, most in ((start.y, rows), (start.x, columns))
        )
        self._is = solid & ~(well & (within[row, column] > DEEP)) & bool(len(sources))
        small = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
        places = np.column_stack([rig.rest, HAIRLINE * rig.scalp])
        colours = np.zeros(rig.rest.shape, np.float32)
        if len(sources):
            like = sources[_nearest(places, view.within(places, sources))]
            colours = np.asarray(small, np.float32)[row[like], column[like]]
        self._colour = view.within(colours, slice(None))

    def at(self, seen: Seen) -> tuple[Floats, Floats]:
        """Colours of cells (rows, columns, 3), 0..255, and how much each of them is of the far side
        (rows, columns), where that is seen."""
        little, wholly = TURNS
        sample = seen.sample
        more = seen.towards[self._view.triangle[sample]] - self._towards[sample]
        turned = ((more - little) / (wholly - little)).clip(0, 1)
        is_it = (sample >= 0) & self._is[sample]
        share = np.where(is_it, np.where(self._hidden[sample], 1, turned), 0).astype(np.float32)
        much = cv2.medianBlur(share, SPECKS)
        near = cv2.GaussianBlur(much, (0, 0), SOFT)
        colours = cv2.GaussianBlur(self._colour[seen.sample] * much[..., None], (0, 0), SOFT)
        return cast(Floats, colours / np.maximum(near, 1e-3)[..., None]), cast(Floats, much)


def _nearest(some: Floats, others: Floats) -> NDArray[np.int64]:
    """Which of the others is nearest to each of some places (n, k)."""
    one, other = (torch.from_numpy(these.astype(np.float32)) for these in (some, others))
    return torch.cdist(one, other).argmin(dim=1).numpy()
