"""The plot of a simulated fleet: who waits how long, and how often an adapter is at hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

ON, OFF = "#2b2b9e", "#e8b48c"


@dataclass(frozen=True)
class Row:
    """What one fleet came through; waits are (median, 99th percentile) in seconds."""

    workers: int
    load: float
    affinity: bool
    generation: tuple[float, float]
    training: tuple[float, float]
    hits: float


def draw_waiting(rows: Sequence[Row], title: str, path: Path) -> None:
    """A column for each load, over the size of the fleet."""
    loads = sorted({row.load for row in rows})
    figure = Figure(figsize=(3.4 * len(loads), 7.5), layout="constrained")
    figure.suptitle(title, fontsize=9)
    grid = figure.subplots(3, len(loads), sharex=True, sharey="row", squeeze=False)
    for column, load in enumerate(loads):
        # The broad line below, for where both are the same.
        for affinity, colour, word, width in ((False, OFF, "off", 4), (True, ON, "on", 1)):
            some = [row for row in rows if row.load == load and row.affinity == affinity]

            def line(
                axes: Axes,
                value: Callable[[Row], float],
                style: str,
                label: str,
                some: Sequence[Row] = tuple(some),
                colour: str = colour,
                width: int = width,
            ) -> None:
                sizes = [row.workers for row in some]
                axes.plot(
                    sizes,
                    [value(row) for row in some],
                    style,
                    color=colour,
                    label=label,
                    marker=".",
                    linewidth=width,
                )

            line(grid[0][column], lambda row: row.generation[0], "-", f"median, affinity {word}")
            line(grid[0][column], lambda row: row.generation[1], "--", f"p99, affinity {word}")
            line(grid[1][column], lambda row: row.training[0], "-", f"median, affinity {word}")
            line(grid[1][column], lambda row: row.training[1], "--", f"p99, affinity {word}")
            line(grid[2][column], lambda row: 100 * row.hits, "-", f"affinity {word}")
        grid[0][column].set_title(f"{100 * load:g} % load", fontsize=9)
        grid[2][column].set_xlabel("workers")
        for axes in grid[:, column]:
            axes.set_xscale("log")
            axes.grid(alpha=0.3)
        for axes in grid[:2, column]:
            axes.set_yscale("log")
    labels = ("generations wait, s", "trainings wait, s", "adapter at hand, %")
    for axes, label in zip(grid[:, 0], labels, strict=True):
        axes.set_ylabel(label)
    grid[2][0].set_ylim(0, 100)
    grid[0][0].legend(fontsize=7)
    figure.savefig(path, dpi=110)
