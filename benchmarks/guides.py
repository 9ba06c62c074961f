"""How near guides are to the clips that they are guides of, beside standing still.

    .venv/bin/python -m benchmarks.guides FOOTAGE [--clips N]

FOOTAGE is a folder that `foundry footage` wrote. Prints the mean squared error of the rig's clips
around the face, where the camera is still, as a share of that of the first frame repeated; and how
long a frame takes.
"""

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np

from foundry.footage import Footage
from foundry.guides import guide_of
from likeness.bases import find_part
from likeness.engine.figure import shipped_figures
from likeness.engine.rig import Rig

AROUND = 0.8
"""Sides of the face's square that are looked at, on each side of its middle."""


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("footage", type=Path)
    parser.add_argument("--clips", type=int, default=40)
    options = parser.parse_args()
    data, rig = Footage.open(options.footage), Rig.load(find_part("rig"))
    still = [n for n, take in enumerate(data.records) if take.motion.camera == "still"]
    chosen = still[:: max(1, len(still) // options.clips)][: options.clips]
    guided, standing, took = 0.0, 0.0, 0.0
    for index in chosen:
        take, clip = data.records[index], data.clips([index])[0]
        began = perf_counter()
        guide = guide_of(rig, shipped_figures(), take, clip)
        took += perf_counter() - began
        x, y, side = (value * data.size for value in take.face[0])
        reach = AROUND * side
        rows = slice(max(0, int(y - reach)), int(y + reach))
        columns = slice(max(0, int(x - reach)), int(x + reach))
        there = clip[:, rows, columns].astype(np.float32)
        guided += float(((guide[:, rows, columns] - there) ** 2).mean())
        standing += float(((clip[:1, rows, columns] - there) ** 2).mean())
    print(
        f"{len(chosen)} clips: error {guided / standing:.2f} of standing still, "
        f"{1000 * took / len(chosen) / data.frames:.0f} ms a frame"
    )


if __name__ == "__main__":
    main()
