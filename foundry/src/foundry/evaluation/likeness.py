"""Adapters for people that nothing has seen, trained and used as the product does it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import BaseModel, ConfigDict

from foundry.dataset import Dataset, Pixels
from foundry.evaluation.prompts import Asked, adapter_prompts, identity_description
from foundry.judge import Judge, Opinion
from foundry.pictures import grid
from foundry.portraits.person import Person
from likeness.bases import Base, Identity, TrainingRecipe, prompt_for
from likeness.engine.sampling import Sampler, SampleRequest
from likeness.engine.training import train

TRAINED_ON = 16
PICTURES = 32
AT_ONCE = 8

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Gallery:
    """Embeddings of real pictures, of every person: those trained on, and the others."""

    trained_on: list[Floats]
    others: list[Floats]

    @classmethod
    def of(cls, data: Dataset, judge: Judge, cache: Path) -> "Gallery":
        """Look at all of `data` once; its first 16 photos of each person are for training."""
        people = data.people()
        if cache.exists():
            embeddings = np.load(cache)
        else:
            indices = [index for group in people for index in group]
            parts = [
                judge.look(data.pictures(indices[start : start + 256])).embeddings
                for start in range(0, len(indices), 256)
            ]
            embeddings = np.concatenate(parts)
            np.save(cache, embeddings)
        ends = np.cumsum([len(group) for group in people])[:-1]
        each = np.split(embeddings, ends)
        return cls([one[:TRAINED_ON] for one in each], [one[TRAINED_ON:] for one in each])

    def centres(self) -> Floats:
        """One embedding for each person (people, features): the direction of their others' mean."""
        means = np.stack([others.mean(axis=0) for others in self.others])
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    def similarity(self, number: int, pictures: Floats) -> float:
        """The mean cosine of pictures (n, features) to a person's other photos."""
        return float((pictures @ self.others[number].T).mean())

    def ceiling(self, number: int) -> float:
        """The similarity of the person's own photos."""
        return self.similarity(number, self.trained_on[number])

    def floor(self, number: int) -> float:
        """The similarity of all strangers' photos."""
        strangers = [one for other, one in enumerate(self.others) if other != number]
        return self.similarity(number, np.concatenate(strangers))

    def recognised(self, number: int, pictures: Floats) -> float:
        """The share of pictures whose nearest person is this one."""
        return float(((pictures @ self.centres().T).argmax(axis=1) == number).mean())


class PersonFigures(BaseModel):
    """What came of one person. Similarities are mean cosines of embeddings.

    `generated`, `ceiling` and `floor`: generated, own real and strangers' real photos to the
    person's other photos; `before`: the base without the adapter. `recognised` is the share of
    generated pictures whose nearest person in the gallery is this one; `followed` the share of
    prompts whose answer is right, by question. `seconds` is one training, `picture_seconds` one
    picture (of a batch).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    generated: float
    before: float
    ceiling: float
    floor: float
    recognised: float
    followed: dict[str, float]
    seconds: float
    picture_seconds: float

    @property
    def likeness(self) -> float:
        return (self.generated - self.floor) / (self.ceiling - self.floor)


@dataclass(frozen=True)
class Learned:
    """An adapter that the product trained: what its person is called in prompts, its file, and the
    seconds that it took."""

    identity: Identity
    adapter: Path
    seconds: float


def learn(
    base: Base,
    person: Person,
    pictures: Pixels,
    folder: Path,
    *,
    device: str,
    threads: int,
    recipe: TrainingRecipe | None = None,
) -> Learned:
    """Train an adapter on pictures of a person, in `folder`, by the base's recipe or another."""
    identity = Identity("ohwx", identity_description(person))
    photos = _write_photos(pictures, folder / "photos")
    started = perf_counter()
    trained = train(
        base,
        photos,
        identity,
        device=device,
        threads=threads,
        folder=folder,
        resume=None,
        on_progress=_silent,
        on_checkpoint=_silent,
        recipe=recipe,
    )
    return Learned(identity, trained.path, perf_counter() - started)


@dataclass(frozen=True)
class Bench:
    """What every person is measured with."""

    base: Base
    judge: Judge
    data: Dataset
    gallery: Gallery
    device: str
    threads: int


def measure_person(bench: Bench, number: int, folder: Path) -> PersonFigures:
    """Train, generate and judge; what was done before in `folder` is not done again.

    Leaves `figures.json`, `adapter.safetensors` and `sheet.png` (photos trained on, pictures of
    the base, pictures of the adapter).
    """
    done = folder / "figures.json"
    if done.exists():
        return PersonFigures.model_validate_json(done.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    indices = bench.data.people()[number]
    person = bench.data.entries[indices[0]].person
    learned = learn(
        bench.base,
        person,
        bench.data.pictures(indices[:TRAINED_ON]),
        folder,
        device=bench.device,
        threads=bench.threads,
    )

    asked = adapter_prompts(PICTURES, start=number * PICTURES)
    prompts = [prompt_for(learned.identity, one.prompt) for one in asked]
    sampler = Sampler(bench.base, bench.device, bench.threads)
    started = perf_counter()
    seeds = range(number * PICTURES, (number + 1) * PICTURES)
    pictures = draw(sampler, prompts, learned.adapter, seeds)
    picture_seconds = (perf_counter() - started) / PICTURES
    plain = draw(sampler, prompts[:AT_ONCE], None, seeds[:AT_ONCE])

    opinion = bench.judge.look(pictures)
    gallery = bench.gallery
    figures = PersonFigures(
        number=number,
        generated=gallery.similarity(number, opinion.embeddings),
        before=gallery.similarity(number, bench.judge.look(plain).embeddings),
        ceiling=gallery.ceiling(number),
        floor=gallery.floor(number),
        recognised=gallery.recognised(number, opinion.embeddings),
        followed=followed(opinion, asked),
        seconds=learned.seconds,
        picture_seconds=picture_seconds,
    )
    shown = [bench.data.pictures(indices[:AT_ONCE]), plain, pictures[:AT_ONCE]]
    grid(np.concatenate([_sized(some, plain.shape[1]) for some in shown]), columns=AT_ONCE).save(
        folder / "sheet.png"
    )
    done.write_text(json.dumps(figures.model_dump(), indent=2) + "\n")
    return figures


def draw(
    sampler: Sampler, prompts: Sequence[str], adapter: Path | None, seeds: Sequence[int]
) -> Pixels:
    """Pictures of the base's own size, one for each prompt and its seed, (n, side, side, 3)."""
    side = sampler.base.manifest.resolution
    pictures: list[Image.Image] = []
    for start in range(0, len(prompts), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        request = SampleRequest(tuple(prompts[some]), tuple(seeds[some]), side, side)
        pictures += sampler.sample(request, adapter, _silent)
    return np.stack([np.asarray(picture) for picture in pictures])


def followed(opinion: Opinion, asked: Sequence[Asked]) -> dict[str, float]:
    """The share of right answers, by question, among the prompts that ask it."""
    right: dict[str, list[bool]] = {}
    for question in asked[0].answers:
        seen = opinion.answers(question)
        for one, answer in zip(asked, seen, strict=True):
            if question in one.answers:
                right.setdefault(question, []).append(one.answers[question] == answer)
    return {question: float(np.mean(answers)) for question, answers in right.items()}


def _write_photos(pictures: Pixels, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:02d}.jpg" for number in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        Image.fromarray(picture).save(path, quality=95)
    return paths


def _sized(pictures: Pixels, side: int) -> Pixels:
    return np.stack(
        [
            np.asarray(Image.fromarray(one).resize((side, side), Image.Resampling.LANCZOS))
            for one in pictures
        ]
    )


def _silent(*_: object) -> None: ...
