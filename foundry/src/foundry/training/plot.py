"""Loss curves."""

import json
from pathlib import Path

from matplotlib.figure import Figure


def draw_losses(losses: Path) -> None:
    """Draw every curve of a `losses.jsonl` into `losses.png` beside it."""
    rows = [json.loads(line) for line in losses.read_text().splitlines()]
    names = sorted({name for row in rows for name in row} - {"step"})
    if not names:
        return
    figure = Figure(figsize=(7, 2 * len(names)), layout="constrained")
    for number, name in enumerate(names, start=1):
        axes = figure.add_subplot(len(names), 1, number)
        points = [(row["step"], row[name]) for row in rows if name in row]
        axes.plot(*zip(*points, strict=True), linewidth=0.8)
        axes.set_yscale("log" if all(value > 0 for _, value in points) else "linear")
        axes.set_ylabel(name)
    figure.savefig(losses.with_suffix(".png"), dpi=100)
