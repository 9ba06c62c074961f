"""A puppet: a picture of somebody, moved as the rig moves that is laid over them.

Every spot of the figure is where it was in the first picture, by the rig, as long as it was seen
there. What of a head turns into view has the colours of its far side, other things those beside
them; the inside of a mouth is painted. What is behind the figure stands still.
"""

from dataclasses import dataclass
from typing import TypeVar, cast

import cv2
import numpy as np

from likeness.engine.acting.moment import Moment
from likeness.engine.between import Flow, Pixels
from likeness.engine.camera import seen_from, taken
from likeness.engine.far_side import FarSide
from likeness.engine.figure import FigureReader
from likeness.engine.head_fit import HeadFit
from likeness.engine.lids import Lids, opened
from likeness.engine.plate import plate_of
from likeness.engine.rig import Rig
from likeness.engine.rig_view import HEAD, Floats, Indices, Layer, Mask, RigView, Seen
from likeness.engine.surroundings import spread

FRINGE = 4
"""Cells around the figure that are of it too, as long as it hardly moves: its colours run into
those beside it."""
FADE = 2.0
"""Cells beside the figure within which what moves gives way to what stands still."""
TORN = 10.0
"""Cells by which hair that hangs down on a body may be torn from the head, without a gap."""
STILL = 2.0
"""Cells from which on somebody is not where they were."""

SOFT = 0.8
"""Cells by which the field is smoothed that says where pixels come from."""
LOOSE = 3.0
"""The same where the rig does not say what is there."""

ISLAND = 0.02
"""Share of what is known, below which a spot that is cut off from all others is not believed."""

THROAT, TONGUE, WHITE = (0.28, 0.12, 0.11), (0.75, 0.34, 0.33), (0.88, 0.84, 0.78)
"""Colours of a mouth's inside and the tongue, in brightnesses of the skin beside it, and of teeth,
in those of what is half as far from white, by stops."""

TEETH, ABOVE_TONGUE, WIDE = 0.45, 0.55, 3
"""Shares of an open mouth's height that upper teeth take, and that is above the tongue, and cells
that it must be open."""

SMOOTH = 3
"""Cells across a neighbourhood of which most must be painted, for a cell to be."""

TURNED = 0.2
"""How far what was never seen must look towards the viewer (the cosine) to count as turned into
view, and what the edge of that is: cells by which it is wider, and softer."""
NEAR, SOFTLY = 3, 1.5
SPECK = 0.01
"""Share of what is known, below which what is new in one spot is not worth painting."""

RIM = 3.0
"""Cells from a head's edge that are its outline."""
REACH = 4.0
"""Cells beside it within which what goes as its skin does gives way to what goes as its outline:
faces may be wider than the rig."""

COHERENT = 5
"""Cells across a neighbourhood of which most must be known, for a cell to count as known."""

EDGE = (0.35, 0.65)
"""Shares of a cell's surroundings that are painted, from which to which it fades in."""


T = TypeVar("T", Flow, Indices)


@dataclass(frozen=True)
class Shot:
    """A picture (height, width, 3) of a puppet; `unseen` (height, width), how much of each pixel
    has turned into view, or was seen aslant, and takes after others."""

    picture: Pixels
    unseen: Floats


@dataclass(frozen=True)
class Part:
    """A part of the figure: how much each cell (rows, columns) is of it where it has moved, and,
    in a `wide` sense, where it has not. Both have a margin of one cell: what lies beyond the
    picture goes on as it ends there."""

    tight: Floats
    wide: Floats

    @classmethod
    def of(cls, part: Mask, but: Mask | None = None, into: Mask | None = None) -> "Part":
        """It, and less beside it, `but` where something else is; far `into` what may be torn from
        it."""
        away = _away(part)
        if into is not None:
            away = np.where(into, np.maximum(away - TORN, 0), away)

        def faded(reach: float) -> Floats:
            whole = np.pad(part, 1, mode="edge").astype(np.float32)
            inner = np.clip(1 - (away - reach) / FADE, 0, 1)
            whole[1:-1, 1:-1] = inner if but is None else inner * ~but
            return whole

        return cls(faded(0), faded(FRINGE))

    def at(self, flow: Flow) -> Floats:
        """How much of what has come to each cell was of it."""
        rows, columns = flow.shape[:2]
        x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
        across, down = x + flow[..., 0] + 1, y + flow[..., 1] + 1
        edge = cv2.BORDER_REPLICATE
        tight, wide = (
            cast(Floats, cv2.remap(one, across, down, cv2.INTER_LINEAR, borderMode=edge))
            for one in (self.tight, self.wide)
        )
        still = np.clip(1 - np.linalg.norm(flow, axis=2) / STILL, 0, 1)
        return tight + still * (wide - tight)


class Puppet:
    """Somebody in a picture (height, width, 3), whom a fit of the rig covers."""

    def __init__(self, rig: Rig, figures: FigureReader, fit: HeadFit, picture: Pixels) -> None:
        self._rig, self.fit, self._picture = rig, fit, picture
        height, width = picture.shape[:2]
        self._view = RigView(rig, fit, width, height)
        start = self._view.at(fit.start, fit)
        self._from = np.stack([start.x, start.y], axis=1)
        self._known = self._view.shown(start)
        layer = self._layers(start.sample)
        figure = self._figure_of(figures, layer)
        self._plate = plate_of(picture, np.asarray(_away(figure) < FRINGE))
        near = _nearest(layer[..., None], layer > Layer.NONE)[..., 0]
        heads = figure & (near > Layer.BODY)
        self._figure = Part.of(figure)
        self._far = FarSide(rig, self._view, start, self._known, _away(~figure), picture)
        self._parts = Part.of(figure & ~heads, but=heads), Part.of(heads, into=figure)
        self._lids = Lids(rig, fit)
        self._skin = self._brightness()

    def at(self, moment: Moment, fit: HeadFit | None = None) -> Shot:
        """The picture at a moment, held where another fit has it, if one is given. At the puppet's
        own, it is the picture itself."""
        seen = self._view.at(opened(moment), fit or self.fit)
        colours, aside = self._far.at(seen)
        flow, share, mouth, unseen = self._field(moment, seen, aside)
        aside = cast(Floats, cv2.GaussianBlur(aside, (0, 0), SOFT))
        share = np.maximum(share, _sharp(aside))
        x, y = seen_from(moment, self._picture)
        scale = self._view.scale
        across, down = (((side + 0.5) * scale - 0.5).astype(np.float32) for side in (x, y))
        edge = cv2.BORDER_REPLICATE
        cells = cv2.remap(flow, across, down, cv2.INTER_LINEAR, borderMode=edge)
        whole = cast(Flow, cells / scale)
        from_x, from_y = x + whole[..., 0], y + whole[..., 1]
        moved = taken(self._picture, *self._lids.shut(from_x, from_y, moment))
        if aside.any():
            told, much = (
                cast(Floats, cv2.remap(one, across, down, cv2.INTER_LINEAR, borderMode=edge))
                for one in (colours, aside)
            )
            moved = _painted(moved, much, told)
        shown = mouth & (moment.teeth > 0)
        teeth, tongue = _upper(shown, TEETH), _upper(shown) & ~_upper(shown, ABOVE_TONGUE)
        bright = 255 * (self._skin / 255) ** 0.5
        for mask, level, colour in (
            (mouth, self._skin, THROAT),
            (tongue, self._skin, TONGUE),
            (teeth, bright, WHITE),
        ):
            if mask.any():
                soft = cv2.GaussianBlur(_smooth(mask), (0, 0), SOFT)
                much = cv2.remap(soft, across, down, cv2.INTER_CUBIC)
                moved = _painted(moved, cast(Floats, much), level * np.array(colour))
        figure, lost = (
            cast(Floats, cv2.remap(one, across, down, cv2.INTER_LINEAR, borderMode=edge))
            for one in (share, unseen)
        )
        stands = (moment.closer, moment.aside) == (1.0, 0.0)
        behind = self._plate if stands else taken(self._plate, x, y)
        return Shot(_before(behind, moved, figure), lost)

    def _figure_of(self, figures: FigureReader, layer: Indices) -> Mask:
        """Where in the picture's cells whom the rig covers is."""
        rows, columns = self._view.shape
        small = cv2.resize(self._picture, (columns, rows), interpolation=cv2.INTER_AREA)
        x, y = (self.fit.middle(self._rig) * self._view.scale).tolist()
        head, body = layer > Layer.BODY, layer == Layer.BODY
        width = HEAD * self.fit.scale * self._view.scale
        return figures.figure_of(np.asarray(small, np.uint8), head, body, (x, y), width)

    def _layers(self, sample: Indices) -> Indices:
        return np.where(sample >= 0, self._view.layer[sample], Layer.NONE)

    def _field(
        self, moment: Moment, seen: Seen, aside: Floats
    ) -> tuple[Flow, Floats, Mask, Floats]:
        """Where each cell's pixels come from, in cells from where they are (rows, columns, 2); how
        much of it is the figure; where a mouth is open; and how much of it is seen for the first
        time."""
        sample, layer = seen.sample, self._layers(seen.sample)
        shown = (sample >= 0) & self._known[sample]
        known = shown & _joined(shown, ISLAND * float(shown.sum())) & (_smooth(shown, COHERENT) > 0)
        mouth = (layer == Layer.MOUTH) & ~known
        mouth &= _joined(mouth, float(mouth.sum()) / 2)
        where = np.stack([seen.x, seen.y], axis=1)
        flow = np.zeros((*self._view.shape, 2), np.float32)
        flow[known] = self._from[sample[known]] - where[sample[known]]
        rim = (layer == Layer.HEAD) & (_away(layer == Layer.NONE) < RIM)
        outline = self._view.alike(sample[rim], self.fit, moment) - where[sample[rim]]
        turned = seen.towards[self._view.triangle[sample]] > TURNED
        new = (sample >= 0) & (~shown | (aside > 0.5)) & turned & (layer != Layer.MOUTH)
        new &= _joined(new, SPECK * float(shown.sum()))
        return *self._filled(flow, known, layer, rim, outline), mouth, _widened(new)

    def _filled(
        self, flow: Flow, known: Mask, layer: Indices, rim: Mask, outline: Floats
    ) -> tuple[Flow, Floats]:
        """The same where nothing is known: as around it in the layer that the rig says is there;
        beside the rig, as the `outline` of the head in its `rim` or the body goes, whichever has
        something there; and how much of each cell is the figure."""
        around = flow.copy()
        around[rim] = outline
        loose, whole = np.where(known[..., None], flow, around), known | rim
        for one in (Layer.BODY, Layer.HEAD, Layer.EYES):
            part = layer == one
            like, new = part & whole, part & ~whole
            if like.any() and new.any():
                loose[new] = spread(loose, like)[new]
                whole |= new
        around = np.where(rim[..., None], around, loose)
        head, beside = layer == Layer.HEAD, layer == Layer.NONE
        away = _away(head)
        far = np.minimum(away / REACH, 1)[..., None]
        share = np.where(beside, 0, self._figure.at(loose)).astype(np.float32)
        for one, of in zip(self._parts, (layer == Layer.BODY, layer > Layer.BODY), strict=True):
            near = _nearest(np.concatenate([loose, around], axis=2), whole & of)
            way = near[..., :2] * (1 - far) + far * near[..., 2:]
            way = cast(Flow, cv2.GaussianBlur(way, (0, 0), LOOSE))
            has = one.at(way)
            better = beside & (has > share)
            loose[better], share[better] = way[better], has[better]
        loose = cv2.GaussianBlur(_nearest(loose, share > 0), (0, 0), LOOSE)
        moved = cv2.GaussianBlur(np.where(known[..., None], flow, loose), (0, 0), SOFT)
        return cast(Flow, moved.astype(np.float32)), share

    def _brightness(self) -> float:
        """Of the skin between nose and mouth, 0..255."""
        spots = self.fit.project(self._rig.landmarks(self.fit.start)[2:])
        height, width = self._picture.shape[:2]
        reach = max(1, round(0.12 * self.fit.scale))
        x, y = np.clip(np.rint(spots.mean(axis=0)), 0, (width - 1, height - 1)).astype(int)
        piece = self._picture[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
        return float(piece.mean())


def _nearest(flow: T, whole: Mask) -> T:
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


def _away(mask: Mask) -> Floats:
    """Cells from each to the nearest of a mask."""
    return cast(Floats, cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5))


def _joined(mask: Mask, least: float) -> Mask:
    """The parts of a mask, each in one piece, that have so many cells; an ear beside a cheek that
    is not seen may have fewer."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=4
    )
    large = statistics[:, cv2.CC_STAT_AREA] >= least
    return np.asarray(mask & large[np.asarray(labels, np.int64)])


def _upper(mouth: Mask, share: float = 1.0) -> Mask:
    """The upper share of a mouth, where it is open enough."""
    above = np.cumsum(mouth, axis=0)
    high = above[-1]
    return np.asarray(mouth & (above <= share * high) & (high >= WIDE))


def _widened(mask: Mask) -> Floats:
    """A mask without its specks, and a soft edge around it."""
    around = np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)
    return cast(Floats, cv2.GaussianBlur(cv2.dilate(_smooth(mask), around), (0, 0), SOFTLY))


def _smooth(mask: Mask, across: int = SMOOTH) -> Floats:
    """The mask, in 0 and 1, without what is finer than its cells can show."""
    return cast(Floats, cv2.medianBlur(mask.astype(np.uint8), across).astype(np.float32))


def _painted(picture: Pixels, share: Floats, colour: Floats) -> Pixels:
    """The picture with a colour (…, 3) where the share (height, width) of it is large."""
    rows, columns = np.nonzero(share > EDGE[0])
    if not len(rows):
        return picture
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    much = _sharp(share[box])[..., None]
    painted = picture.copy()
    mixed = picture[box] + much * ((colour[box] if colour.ndim > 1 else colour) - picture[box])
    painted[box] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return painted


def _sharp(share: Floats) -> Floats:
    low, high = EDGE
    return np.clip((share - low) / (high - low), 0, 1)


def _before(behind: Pixels, figure: Pixels, share: Floats) -> Pixels:
    """The figure before what is behind it, where the share (height, width) of it says so."""
    return cast(Pixels, cv2.blendLinear(figure, behind, share, 1 - share))
