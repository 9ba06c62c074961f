"""A puppet: a picture of somebody, moved as the rig moves that is laid over them.

Every spot of a picture is where it was in the first one, by the rig, as long as it was seen there.
What turns into view takes after what is beside it; the inside of a mouth is painted.
"""

from typing import cast

import cv2
import numpy as np

from likeness.engine.acting.moment import Moment
from likeness.engine.between import Flow, Pixels
from likeness.engine.camera import seen_from, taken
from likeness.engine.figure import figure_of
from likeness.engine.head_fit import HeadFit
from likeness.engine.lids import Lids, opened
from likeness.engine.rig import Rig
from likeness.engine.rig_view import HEAD, Floats, Indices, Layer, Mask, RigView

AROUND = 0.35
"""Widths of a head beside the figure, where nothing moves with it any more."""

SOFT = 0.8
"""Cells by which the field is smoothed that says where pixels come from."""
LOOSE = 3.0
"""The same where the rig does not say what is there."""

WIDTHS, ENOUGH = (1.5, 3.0, 6.0, 12.0, 24.0), 0.05
"""Cells of a neighbourhood from which a cell takes what is not known of it, and the least share of
that which must be known."""

ISLAND = 0.02
"""Share of what is known, below which a spot that is cut off from all others is not believed."""

THROAT, WHITE = (0.28, 0.12, 0.11), (0.88, 0.84, 0.78)
"""Colours of a mouth's inside, in brightnesses of the skin beside it, and of teeth, in
those of what is half as far from white, by stops."""

TEETH, WIDE = 0.4, 4
"""Share of an open mouth's height that upper teeth take, and cells that it must be open."""

SMOOTH = 3
"""Cells across a neighbourhood of which most must be painted, for a cell to be."""

EDGE = (0.35, 0.65)
"""Shares of a cell's surroundings that are painted, from which to which it fades in."""


class Puppet:
    """Somebody in a picture (height, width, 3), whom a fit of the rig covers."""

    def __init__(self, rig: Rig, fit: HeadFit, picture: Pixels) -> None:
        self._rig, self._fit, self._picture = rig, fit, picture
        height, width = picture.shape[:2]
        self._view = RigView(rig, fit, width, height)
        start = self._view.at(fit.start, fit)
        self._from = np.stack([start.x, start.y], axis=1)
        self._known = self._view.shown(start)
        rows, columns = self._view.shape
        small = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
        head = HEAD * fit.scale * self._view.scale
        figure = figure_of(np.asarray(small, np.uint8), start.sample >= 0, head)
        self._figure = figure.astype(np.float32)
        self._lids = Lids(rig, fit)
        self._skin = self._brightness()

    def at(self, moment: Moment, fit: HeadFit | None = None) -> Pixels:
        """The picture at a moment, held where another fit has it, if one is given. At the puppet's
        own, it is the picture itself."""
        flow, mouth = self._field(opened(moment), fit or self._fit)
        x, y = seen_from(moment, self._picture)
        scale = self._view.scale
        across, down = (((side + 0.5) * scale - 0.5).astype(np.float32) for side in (x, y))
        edge = cv2.BORDER_REPLICATE
        cells = cv2.remap(flow, across, down, cv2.INTER_LINEAR, borderMode=edge)
        whole = cast(Flow, cells / scale)
        shut = self._lids.shut(x + whole[..., 0], y + whole[..., 1], moment)
        moved = taken(self._picture, *shut)
        teeth = _upper(mouth) & (moment.teeth > 0)
        bright = 255 * (self._skin / 255) ** 0.5
        for mask, level, colour in ((mouth, self._skin, THROAT), (teeth, bright, WHITE)):
            if mask.any():
                soft = cv2.GaussianBlur(_smooth(mask), (0, 0), SOFT)
                share = cv2.remap(soft, across, down, cv2.INTER_CUBIC)
                moved = _painted(moved, cast(Floats, share), level * np.array(colour))
        return moved

    def _field(self, moment: Moment, fit: HeadFit) -> tuple[Flow, Mask]:
        """Where each cell's pixels come from, in cells from where they are (rows, columns, 2); and
        where a mouth is open."""
        view = self._view
        seen = view.at(moment, fit)
        there, sample = seen.sample >= 0, seen.sample
        layer = np.where(there, view.layer[sample], Layer.NONE)
        known = there & self._known[sample]
        known &= _joined(known, ISLAND * float(known.sum()))
        mouth = (layer == Layer.MOUTH) & ~known
        mouth &= _joined(mouth, float(mouth.sum()) / 2)
        at = np.nonzero(known)
        samples = sample[at]
        flow = np.zeros((*view.shape, 2), np.float32)
        flow[at] = self._from[samples] - np.stack([seen.x[samples], seen.y[samples]], axis=1)
        return self._filled(flow, known, layer), mouth

    def _filled(self, flow: Flow, known: Mask, layer: Indices) -> Flow:
        """The same where nothing is known: as around it in the layer that the rig says is there;
        elsewhere as around it, and less, the farther that is from the figure."""
        loose, whole = flow.copy(), known.copy()
        for one in (Layer.BODY, Layer.HEAD, Layer.EYES):
            part = layer == one
            _take_after(loose, whole, known & part, part)
        nothing = layer == Layer.NONE
        loose = _nearest(loose, whole)
        away = cv2.distanceTransform(
            (nothing & ~self._moved_figure(loose)).astype(np.uint8), cv2.DIST_L2, 5
        )
        less = np.clip(1 - away / (AROUND * HEAD * self._fit.scale * self._view.scale), 0, 1)
        less *= less * (3 - 2 * less)
        loose = cv2.GaussianBlur(loose * less[..., None], (0, 0), LOOSE)
        soft = cv2.GaussianBlur(np.where(known[..., None], flow, loose), (0, 0), SOFT)
        return cast(Flow, soft.astype(np.float32))

    def _moved_figure(self, flow: Flow) -> Mask:
        """Where the figure is when each cell comes from where `flow` says."""
        rows, columns = self._view.shape
        x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
        across, down = x + flow[..., 0], y + flow[..., 1]
        moved = cv2.remap(self._figure, across, down, cv2.INTER_LINEAR)
        return np.asarray(moved > 0.5)

    def _brightness(self) -> float:
        """Of the skin between nose and mouth, 0..255."""
        spots = self._fit.project(self._rig.landmarks(self._fit.start)[2:])
        height, width = self._picture.shape[:2]
        reach = max(1, round(0.12 * self._fit.scale))
        x, y = np.clip(np.rint(spots.mean(axis=0)), 0, (width - 1, height - 1)).astype(int)
        piece = self._picture[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
        return float(piece.mean())


def _take_after(flow: Flow, whole: Mask, known: Mask, where: Mask) -> None:
    """Have cells of `flow` take after the known ones around them, `where` that is wanted and they
    are not `whole`, which they then are."""
    share = known.astype(np.float32)
    weighed = flow * share[..., None]
    for width in WIDTHS:
        new = where & ~whole
        if not new.any():
            return
        around = cv2.GaussianBlur(share, (0, 0), width)
        near = cv2.GaussianBlur(weighed, (0, 0), width) / np.maximum(around, 1e-6)[..., None]
        new &= around > ENOUGH
        flow[new], whole[new] = near[new], True


def _nearest(flow: Flow, whole: Mask) -> Flow:
    """The flow, at every cell that of the nearest one that is `whole`."""
    if not whole.any():
        return flow
    _, found = cv2.distanceTransformWithLabels(
        (~whole).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = np.asarray(found, np.int64)
    rows, columns = np.nonzero(whole)
    of = np.zeros(int(labels.max()) + 1, np.int64)
    of[labels[rows, columns]] = np.arange(len(rows))
    chosen = of[labels]
    return flow[rows[chosen], columns[chosen]]


def _joined(mask: Mask, least: float) -> Mask:
    """The parts of a mask, each in one piece, that have so many cells; an ear beside a cheek that
    is not seen may have fewer."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=4
    )
    large = statistics[:, cv2.CC_STAT_AREA] >= least
    return np.asarray(mask & large[np.asarray(labels, np.int64)])


def _upper(mouth: Mask) -> Mask:
    """Where in an open mouth the upper teeth are."""
    above = np.cumsum(mouth, axis=0)
    high = above[-1]
    return np.asarray(mouth & (above <= TEETH * high) & (high >= WIDE))


def _smooth(mask: Mask) -> Floats:
    """The mask, in 0 and 1, without what is finer than its cells can show."""
    return cast(Floats, cv2.medianBlur(mask.astype(np.uint8), SMOOTH).astype(np.float32))


def _painted(picture: Pixels, share: Floats, colour: Floats) -> Pixels:
    """The picture with a colour (3,) where the share (height, width) of it is large."""
    low, high = EDGE
    rows, columns = np.nonzero(share > low)
    if not len(rows):
        return picture
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    much = np.clip((share[box] - low) / (high - low), 0, 1)[..., None]
    painted = picture.copy()
    mixed = picture[box] + much * (colour - picture[box])
    painted[box] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return painted
