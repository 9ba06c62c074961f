"""Adapter recipes side by side, told apart by `faces`: the judge must not choose what it judges.

    .venv/bin/python benchmarks/adapter_recipes.py DATA STRANGERS OUT '{}' '{"rank": 8}'

DATA: people rendered with another seed than those of `foundry evaluate`, 24 photos of each at
256 px; STRANGERS: any other rendered people. Each further argument is what a recipe changes in
mini's own, or in that of another `--base`. Trains an adapter for the first people in DATA by each
recipe, draws pictures for prompts of the evaluation, and prints likeness (1 = own photos, 0 =
strangers), the share recognised among all these people, the share with the eyewear asked for,
seconds of a training and of a picture, eight at a time. Leaves a sheet for each recipe in OUT:
clothes and places are for the eye.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image

from foundry.dataset import Dataset, Pixels
from foundry.evaluation.likeness import TRAINED_ON, Floats, Gallery, draw, learn
from foundry.evaluation.prompts import adapter_prompts
from foundry.pictures import grid
from likeness.bases import Base, TrainingRecipe, find_base, find_part, prompt_for
from likeness.engine.faces import Description, FaceReader
from likeness.engine.sampling import Sampler

PICTURES = 16
MOST_STRANGERS = 192
THREADS = 2


def seen(reader: FaceReader, pictures: Pixels) -> list[Description | None]:
    """What is seen of the largest face in each."""
    found = [reader.largest(Image.fromarray(picture)) for picture in pictures]
    return [one[1] if one else None for one in found]


def embeddings(said: Sequence[Description | None]) -> Floats:
    return np.stack([one.embedding for one in said if one])


class Bench:
    """People to learn, and everybody whom their pictures could be taken for."""

    def __init__(self, base: Base, data: Dataset, strangers: Dataset) -> None:
        self._base, self._data = base, data
        self._people = data.people()
        self._reader = FaceReader.load(find_part("faces"))
        self._gallery = Gallery(
            [self._look(data, group[:TRAINED_ON]) for group in self._people],
            [
                *(self._look(data, group[TRAINED_ON:]) for group in self._people),
                *(self._look(strangers, one) for one in strangers.people()[:MOST_STRANGERS]),
            ],
        )

    def measure(self, recipe: TrainingRecipe, people: int, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        sampler = Sampler(self._base, "cpu", THREADS)
        gallery = self._gallery
        likeness, recognised, worn, seconds, drawing, shown = [], [], [], [], [], []
        for number, group in enumerate(self._people[:people]):
            learned = learn(
                self._base,
                self._data.entries[group[0]].person,
                self._data.pictures(group[:TRAINED_ON]),
                folder,
                device="cpu",
                threads=THREADS,
                recipe=recipe,
            )
            asked = adapter_prompts(PICTURES, start=number * PICTURES)
            prompts = [prompt_for(learned.identity, one.prompt) for one in asked]
            started = perf_counter()
            pictures = draw(sampler, prompts, learned.adapter, range(PICTURES))
            drawing.append((perf_counter() - started) / PICTURES)
            said = seen(self._reader, pictures)
            some, floor = embeddings(said), gallery.floor(number)
            own = gallery.similarity(number, some) - floor
            likeness.append(own / (gallery.ceiling(number) - floor))
            recognised.append(gallery.recognised(number, some) * len(some) / PICTURES)
            for one, prompt in zip(said, asked, strict=True):
                worn.append(one is not None and one.eyewear == prompt.answers["eyewear"])
            seconds.append(learned.seconds)
            shown.append(pictures[:8])
        grid(np.concatenate(shown), columns=8).save(folder / "sheet.png")
        return (
            f"likeness {np.mean(likeness):.2f} (worst {min(likeness):.2f}), "
            f"recognised {np.mean(recognised):.0%}, eyewear {np.mean(worn):.0%}, "
            f"{np.mean(seconds):.0f} s a training, {np.mean(drawing):.2f} s a picture"
        )

    def _look(self, data: Dataset, indices: list[int]) -> Floats:
        return embeddings(seen(self._reader, data.pictures(indices)))


def main() -> None:
    """Print a line for each recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    for folder in ("data", "strangers", "out"):
        parser.add_argument(folder, type=Path)
    parser.add_argument("recipes", type=json.loads, nargs="+")
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--base", default="mini", help="a name or a folder")
    options = parser.parse_args()
    base = find_base(options.base)
    bench = Bench(base, Dataset.open(options.data), Dataset.open(options.strangers))
    for number, changes in enumerate(options.recipes):
        recipe = TrainingRecipe.model_validate(base.manifest.training.model_dump() | changes)
        figures = bench.measure(recipe, options.people, options.out / f"{number:02d}")
        print(f"{json.dumps(changes)}: {figures}", flush=True)


if __name__ == "__main__":
    main()
