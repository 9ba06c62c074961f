"""Adapter recipes side by side, told apart by `faces`: the judge must not choose what it judges.

    .venv/bin/python benchmarks/adapter_recipes.py DATA STRANGERS OUT '{}' '{"rank": 8}'

DATA: people rendered with another seed than those of `foundry evaluate`, 24 photos of each at
256 px; STRANGERS: any other rendered people. Each further argument is what a recipe changes in
mini's own. Trains an adapter for the first people in DATA by each recipe, draws pictures for
prompts of the evaluation, and prints likeness (1 = own photos, 0 = strangers), the share recognised
among all these people, the share with the eyewear asked for, and seconds of a training. Leaves a
sheet for each recipe in OUT: clothes and places are for the eye.
"""

import argparse
import json
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from foundry.dataset import Dataset, Pixels
from foundry.evaluation.likeness import TRAINED_ON, draw
from foundry.evaluation.prompts import adapter_prompts, identity_description
from foundry.pictures import grid
from likeness.bases import Base, Identity, TrainingRecipe, find_base, find_part, prompt_for
from likeness.engine.faces import Description, FaceReader
from likeness.engine.sampling import Sampler
from likeness.engine.training import train

PICTURES = 16
MOST_STRANGERS = 192

Embeddings = NDArray[np.float32]


def silent(*_: object) -> None: ...


def seen(reader: FaceReader, pictures: Pixels) -> list[Description | None]:
    """What is seen of the largest face in each."""
    photos = [Image.fromarray(picture) for picture in pictures]
    found = [reader.find(photo) for photo in photos]
    return [
        reader.describe(photo, faces[0]) if faces else None
        for photo, faces in zip(photos, found, strict=True)
    ]


def embeddings(reader: FaceReader, pictures: Pixels) -> Embeddings:
    return np.stack([one.embedding for one in seen(reader, pictures) if one is not None])


def centre(some: Embeddings) -> Embeddings:
    return some.mean(axis=0) / np.linalg.norm(some.mean(axis=0))


class Bench:
    """People to learn, and everybody whom their pictures could be taken for."""

    def __init__(self, base: Base, data: Dataset, strangers: Dataset) -> None:
        self.base, self.data = base, data
        self.people = data.people()
        self._reader = FaceReader.load(find_part("faces"))
        self._others = [self._of(data, group[TRAINED_ON:]) for group in self.people]
        self._own = [self._of(data, group[:TRAINED_ON]) for group in self.people]
        self._strangers = [self._of(strangers, g) for g in strangers.people()[:MOST_STRANGERS]]
        self._centres = np.stack([centre(one) for one in [*self._others, *self._strangers]])

    def _of(self, data: Dataset, indices: list[int]) -> Embeddings:
        return embeddings(self._reader, data.pictures(indices))

    def measure(self, recipe: TrainingRecipe, people: int, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        sampler = Sampler(self.base, "cpu", 2)
        likeness, recognised, worn, seconds, shown = [], [], [], [], []
        for number, group in enumerate(self.people[:people]):
            pictures, spent = self._draw(sampler, recipe, number, group, folder)
            said = seen(self._reader, pictures)
            some = np.stack([one.embedding for one in said if one is not None])
            others = self._others[number]
            floor = np.mean([(one @ others.T).mean() for one in self._strangers])
            ceiling = (self._own[number] @ others.T).mean()
            likeness.append(((some @ others.T).mean() - floor) / (ceiling - floor))
            nearest = (some @ self._centres.T).argmax(axis=1)
            recognised.append((nearest == number).sum() / len(pictures))
            for one, prompt in zip(said, adapter_prompts(PICTURES, number * PICTURES), strict=True):
                worn.append(one is not None and one.eyewear == prompt.answers["eyewear"])
            seconds.append(spent)
            shown.append(pictures[:8])
        grid(np.concatenate(shown), columns=8).save(folder / "sheet.png")
        return (
            f"likeness {np.mean(likeness):.2f} (worst {min(likeness):.2f}), "
            f"recognised {np.mean(recognised):.0%}, eyewear {np.mean(worn):.0%}, "
            f"{np.mean(seconds):.0f} s"
        )

    def _draw(
        self,
        sampler: Sampler,
        recipe: TrainingRecipe,
        number: int,
        group: list[int],
        folder: Path,
    ) -> tuple[Pixels, float]:
        photos: list[Path] = []
        for index, picture in enumerate(self.data.pictures(group[:TRAINED_ON])):
            photos.append(folder / f"{index:02d}.png")
            Image.fromarray(picture).save(photos[-1])
        identity = Identity("ohwx", identity_description(self.data.entries[group[0]].person))
        started = perf_counter()
        trained = train(
            self.base,
            photos,
            identity,
            device="cpu",
            threads=2,
            folder=folder,
            resume=None,
            on_progress=silent,
            on_checkpoint=silent,
            recipe=recipe,
        )
        spent = perf_counter() - started
        asked = adapter_prompts(PICTURES, start=number * PICTURES)
        prompts = [prompt_for(identity, one.prompt) for one in asked]
        return draw(sampler, prompts, trained.path, range(PICTURES)), spent


def main() -> None:
    """Print a line for each recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    for folder in ("data", "strangers", "out"):
        parser.add_argument(folder, type=Path)
    parser.add_argument("recipes", type=json.loads, nargs="+")
    parser.add_argument("--people", type=int, default=4)
    options = parser.parse_args()
    base = find_base("mini")
    bench = Bench(base, Dataset.open(options.data), Dataset.open(options.strangers))
    for number, changes in enumerate(options.recipes):
        recipe = TrainingRecipe.model_validate(base.manifest.training.model_dump() | changes)
        figures = bench.measure(recipe, options.people, options.out / f"{number:02d}")
        print(f"{json.dumps(changes)}: {figures}", flush=True)


if __name__ == "__main__":
    main()
