"""The plot of a simulated fleet: who waits how long, and how often an adapter is at hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

Waits = tuple[float, float]
"""The median and the 99th percentile, in seconds."""


@dataclass(frozen=True)
class Row:
    """What one fleet came through: how long generations waited and took until they were done, how
    long trainings waited, and the share of generations for which no adapter was loaded."""

    workers: int
    load: float
    affinity: bool
    generation: Waits
    done: Waits
    training: Waits
    at_hand: float


TIMES: dict[str, Callable[[Row], Waits]] = {
    "generations wait, s": lambda row: row.generation,
    "generations are done, s": lambda row: row.done,
    "trainings wait, s": lambda row: row.training,
}
# The broad line lies below, for where both are the same.
SORTS = ((False, "#e8b48c", 4, "without affinity"), (True, "#2b2b9e", 1, "with affinity"))


def draw_waiting(rows: Sequence[Row], title: str, path: Path) -> None:
    """A column for each load, over the size of the fleet."""
    loads = sorted({row.load for row in rows})
    figure = Figure(figsize=(3.4 * len(loads), 9), layout="constrained")
    figure.suptitle(title, fontsize=9)
    grid = figure.subplots(1 + len(TIMES), len(loads), sharex=True, sharey="row", squeeze=False)
    for column, load in enumerate(loads):
        for affinity, colour, width, word in SORTS:
            some = [row for row in rows if row.load == load and row.affinity == affinity]
            line = _Line([row.workers for row in some], colour, width)
            for axes, time in zip(grid[:, column], TIMES.values(), strict=False):
                line.draw(axes, [time(row)[0] for row in some], "-", f"median, {word}")
                line.draw(axes, [time(row)[1] for row in some], "--", f"99th percentile, {word}")
            line.draw(grid[-1][column], [100 * row.at_hand for row in some], "-", word)
        grid[0][column].set_title(f"{100 * load:g} % load", fontsize=9)
        grid[-1][column].set_xlabel("workers")
        for axes in grid[:, column]:
            axes.set_xscale("log")
            axes.grid(alpha=0.3)
    for axes, label in zip(grid[:, 0], (*TIMES, "no adapter loaded, %"), strict=True):
        axes.set_ylabel(label, fontsize=8)
        if label in TIMES:
            axes.set_yscale("log")
    grid[-1][0].set_ylim(0, 100)
    grid[0][-1].legend(fontsize=6)
    figure.savefig(path, dpi=110)


@dataclass(frozen=True)
class _Line:
    sizes: Sequence[int]
    colour: str
    width: int

    def draw(self, axes: Axes, values: Sequence[float], style: str, label: str) -> None:
        axes.plot(
            self.sizes,
            values,
            style,
            color=self.colour,
            linewidth=self.width,
            marker=".",
            label=label,
        )
