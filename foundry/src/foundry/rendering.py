"""Rendering a dataset: people by number, photos by person, shard by shard, in several processes."""

import logging
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from foundry.dataset import Entry, Pixels, write_shard
from foundry.errors import DriverCrash
from foundry.portraits.pack import AssetPack
from foundry.portraits.person import Person, draw_person
from foundry.portraits.photo import Photo, draw_photo
from foundry.portraits.renderer import Renderer, Rendering

PEOPLE_A_SHARD = 50
# Person number n of dataset seed s has seed s × this + n: datasets of other seeds have others.
PEOPLE_A_SEED = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Commission:
    """What to render: `people` × `photos` pictures of `size` px from the pack's folder."""

    pack: Path
    folder: Path
    people: int
    photos: int
    size: int
    seed: int


def render(commission: Commission, workers: int) -> None:
    """Render what is missing in the folder, by whole shards: start it again after it was killed.

    A graphics driver that takes its process down costs that shard's time, no more: the rest goes on
    in new processes. Raises DriverCrash if not even one shard was finished by the last ones.
    """
    AssetPack(commission.pack)  # a bad pack is told here, once, not by every worker
    while missing := _missing(commission):
        try:
            _render_all(commission, missing, workers)
        except BrokenProcessPool as crash:
            if len(_missing(commission)) == len(missing):
                raise DriverCrash(commission.folder) from crash
            log.warning("a renderer crashed; going on with another")


def _missing(commission: Commission) -> list[int]:
    numbers = range(-(-commission.people // PEOPLE_A_SHARD))
    return [n for n in numbers if not (commission.folder / f"{n:05d}.jsonl").exists()]


def _render_all(commission: Commission, numbers: Sequence[int], workers: int) -> None:
    # Spawned, because a graphics context does not survive a fork.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawned) as pool:
        shards = [pool.submit(_render_shard, commission, number) for number in numbers]
        for done in tqdm(as_completed(shards), total=len(shards), unit="shard", mininterval=5):
            done.result()


_renderers: dict[Path, Renderer] = {}  # one for each process


def _render_shard(commission: Commission, number: int) -> None:
    if commission.pack not in _renderers:
        _renderers[commission.pack] = Renderer(AssetPack(commission.pack))
    renderer = _renderers[commission.pack]
    first = number * PEOPLE_A_SHARD
    last = min(first + PEOPLE_A_SHARD, commission.people)
    pictures: list[Pixels] = []
    entries: list[Entry] = []
    for someone in range(first, last):
        person = draw_person(commission.seed * PEOPLE_A_SEED + someone)
        for index in range(commission.photos):
            photo = draw_photo(index, person)
            rendering = renderer.render(person, photo, commission.size)
            pictures.append(rendering.pixels)
            entries.append(_entry(someone, person, photo, rendering, commission.size))
    write_shard(commission.folder, number, np.stack(pictures), entries)


def _entry(number: int, person: Person, photo: Photo, rendering: Rendering, size: int) -> Entry:
    face = rendering.face
    return Entry(
        number=number,
        person=person,
        photo=photo,
        landmarks=tuple((float(x) / size, float(y) / size) for x, y in rendering.landmarks),
        face=(face.x / size, face.y / size, face.side / size),
    )
