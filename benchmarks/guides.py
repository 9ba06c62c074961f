"""How near what the rig makes of first frames, and what is painted of that, is to the clips.

    .venv/bin/python -m benchmarks.guides FOOTAGE [--clips N] [--motion FOLDER]

FOOTAGE is a folder that `foundry footage` wrote. Prints the mean squared error around the face,
where the camera is still, as a share of that of the first frame repeated: all of it, and where
something turns into view; by the rig alone, and with what a network paints there: the one that
ships, or that of FOLDER (`foundry export-motion`); and how long a frame takes.
"""

import argparse
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from foundry.evaluation.motion import clip_engine
from foundry.footage import Footage, Take
from foundry.guides import shots_of
from foundry.parts.figures import HEAD_OF_FACE
from foundry.portraits.motion_caption import draw_motion_caption
from likeness.bases import find_part
from likeness.engine.acted_clips import Head, Rehearsal
from likeness.engine.clip import ClipRequest
from likeness.engine.figure import shipped_figures
from likeness.engine.guided_clips import GuidedEngine
from likeness.engine.puppet import Shot
from likeness.engine.rig import Rig

AROUND = 0.8
"""Sides of the face's square that are looked at, on each side of its middle."""

NEW = 0.5
"""How much that is new, from which a pixel counts as turned into view."""

Pixels = NDArray[np.uint8]


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("footage", type=Path)
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--motion", type=Path)
    options = parser.parse_args()
    data, rig = Footage.open(options.footage), Rig.load(find_part("rig"))
    engine = clip_engine(options.motion)
    still = [n for n, take in enumerate(data.records) if take.motion.camera == "still"]
    chosen = still[:: max(1, len(still) // options.clips)][: options.clips]
    wrong: dict[str, list[tuple[float, float]]] = defaultdict(list)
    took: dict[str, float] = defaultdict(float)
    for index in chosen:
        take, clip = data.records[index], data.clips([index])[0]
        began = perf_counter()
        shots = shots_of(rig, shipped_figures(), take, clip)
        took["rig"] += perf_counter() - began
        ways = {
            "standing": np.repeat(clip[:1], len(clip), axis=0),
            "rig": np.stack([shot.picture for shot in shots]),
        }
        began = perf_counter()
        ways["painted"] = _painted(engine, take, clip, shots)
        took["painted"] += perf_counter() - began
        new = np.stack([shot.unseen for shot in shots]) > NEW
        for way, frames in ways.items():
            wrong[way].append(_errors(take, clip, frames, new))
    standing = np.sum(wrong["standing"], axis=0)
    for way, seconds in took.items():
        whole, new = np.sum(wrong[way], axis=0) / standing
        pace = 1000 * seconds / len(chosen) / data.frames
        print(f"{way}: error {whole:.3f}, {new:.3f} where it is new; {pace:.0f} ms a frame")


def _painted(engine: GuidedEngine, take: Take, clip: Pixels, shots: list[Shot]) -> Pixels:
    frames, height, width, _ = clip.shape
    x, y = np.mean(take.landmarks[0], axis=0) * width
    request = ClipRequest(
        prompt=draw_motion_caption(take.person, take.photo, take.motion, seed=0),
        negative_prompt="",
        seed=take.motion.seed,
        width=width,
        height=height,
        frames=frames,
        rate=round(take.motion.rate),
        first=Image.fromarray(clip[0]),
    )
    head = Head(float(x), float(y), HEAD_OF_FACE * take.face[0][2] * width)
    rehearsal = Rehearsal(head, iter(shots))
    return np.stack(list(engine.complete(rehearsal, request)))


def _errors(
    take: Take, clip: Pixels, frames: Pixels, new: NDArray[np.bool_]
) -> tuple[float, float]:
    """Sums of squared errors around the face, and of those where it is new."""
    x, y, side = (value * clip.shape[2] for value in take.face[0])
    reach = AROUND * side
    rows = slice(max(0, int(y - reach)), int(y + reach))
    columns = slice(max(0, int(x - reach)), int(x + reach))
    off = (frames.astype(np.float32) - clip)[:, rows, columns] ** 2
    return float(off.sum()), float(off[new[:, rows, columns]].sum())


if __name__ == "__main__":
    main()
