"""The figure in a picture: whoever a rig covers, with hair, hats and clothes that it has not."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from likeness.engine.between import Pixels

Mask = NDArray[np.bool_]

SURE = 2
"""Cells by which a spot must lie within the rig, to be the figure for sure."""

REACH = 0.8
"""Widths of a head beside the rig, where nothing of the figure is any more."""

ROUNDS = 3
SEED = 7


def figure_of(picture: Pixels, rig: Mask, head: float) -> Mask:
    """Where the figure is in a picture (rows, columns, 3) of which the rig covers a part.

    A head is `head` cells wide.

    By colours, of what the rig covers and of what is far from it: Rother, Kolmogorov and Blake,
    "GrabCut" (2004).
    """
    inside = cv2.distanceTransform(rig.astype(np.uint8), cv2.DIST_L2, 5)
    away = cv2.distanceTransform((~rig).astype(np.uint8), cv2.DIST_L2, 5)
    marks = np.where(inside > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[inside > SURE] = cv2.GC_FGD
    marks[away > REACH * head] = cv2.GC_BGD
    if not ((marks == cv2.GC_FGD).any() and (marks == cv2.GC_BGD).any()):
        return rig
    cv2.setRNGSeed(SEED)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    found, _, _ = cv2.grabCut(picture, marks, (0, 0, 0, 0), *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    figure = np.isin(cast(NDArray[np.uint8], found), (cv2.GC_FGD, cv2.GC_PR_FGD))
    opened = cv2.morphologyEx(figure.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(((opened > 0) | rig).astype(np.uint8))
    # Spots of the rig's colours elsewhere are not of the figure.
    return np.asarray(np.isin(labels, np.unique(np.asarray(labels)[rig])) & ((opened > 0) | rig))
