"""Plots of an evaluation: people by likeness, answers by question."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from foundry.evaluation.figures import PROMPTED, Figures
from foundry.evaluation.likeness import PersonFigures

BASE, ADAPTER, RENDERS = "#b8b8c8", "#4a55c8", "#2b2b35"


def draw_likeness(people: Sequence[PersonFigures], path: Path) -> None:
    """One column for each person, from the most to the least alike: similarity to the person's
    other photos of the base, of the adapter and of real photos, above that of strangers."""
    ranked = sorted(people, key=lambda person: -person.likeness)
    columns = np.arange(len(ranked))
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.add_subplot()
    kinds = {
        "own photos": ([one.ceiling for one in ranked], RENDERS, "_"),
        "with adapter": ([one.generated for one in ranked], ADAPTER, "o"),
        "base alone": ([one.before for one in ranked], BASE, "o"),
        "strangers": ([one.floor for one in ranked], RENDERS, "."),
    }
    floors, ceilings = [one.floor for one in ranked], [one.ceiling for one in ranked]
    axes.vlines(columns, floors, ceilings, colors="#e4e4ec", linewidth=6)
    for name, (values, colour, marker) in kinds.items():
        axes.scatter(columns, values, color=colour, marker=marker, label=name, zorder=3)
    axes.set_xticks(columns, [str(one.number) for one in ranked], fontsize=7)
    axes.set_xlabel("person")
    axes.set_ylabel("similarity to other photos")
    axes.legend(fontsize=8, ncols=4, loc="upper center", bbox_to_anchor=(0.5, 1.15), frameon=False)
    figure.savefig(path, dpi=110)


def draw_prompts(figures: Figures, path: Path) -> None:
    """The share of right answers by question: base, adapters, and the judge on renders."""
    figure = Figure(figsize=(8, 3), layout="constrained")
    axes = figure.add_subplot()
    columns = np.arange(len(PROMPTED))
    adapters = [figures.adapters_followed(question) for question in PROMPTED]
    kinds = {
        "base": ([figures.crowd.followed[q] for q in PROMPTED], BASE),
        "with adapter": ([np.nan if one is None else one for one in adapters], ADAPTER),
        "judge on renders": ([figures.crowd.on_renders[q] for q in PROMPTED], RENDERS),
    }
    for number, (name, (values, colour)) in enumerate(kinds.items()):
        axes.bar(columns + (number - 1) * 0.27, values, width=0.25, color=colour, label=name)
    axes.set_xticks(columns, PROMPTED)
    axes.set_ylim(0, 1)
    axes.set_ylabel("answers as asked")
    axes.legend(fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, 1.15), frameon=False)
    figure.savefig(path, dpi=110)
