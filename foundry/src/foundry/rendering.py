"""Rendering a dataset: people by number, photos by person, shard by shard, in several processes."""

import multiprocessing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from foundry.dataset import Entry, Pixels, write_shard
from foundry.portraits.pack import AssetPack
from foundry.portraits.person import Person, draw_person
from foundry.portraits.photo import Photo, draw_photo
from foundry.portraits.renderer import Renderer, Rendering

PEOPLE_A_SHARD = 50
# Person number n of dataset seed s has seed s × this + n: datasets of other seeds have others.
PEOPLE_A_SEED = 1_000_000


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
    """Render what is missing in the folder, by whole shards: start it again after it was killed."""
    AssetPack(commission.pack)  # a bad pack is told here, once, not by every worker
    missing = [
        (commission, number)
        for number in range(-(-commission.people // PEOPLE_A_SHARD))
        if not (commission.folder / f"{number:05d}.jsonl").exists()
    ]
    # Spawned, because a graphics context does not survive a fork.
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        done = pool.imap_unordered(_render_shard, missing)
        for _ in tqdm(done, total=len(missing), unit="shard", mininterval=5):
            pass


_renderers: dict[Path, Renderer] = {}  # one for each process


def _render_shard(job: tuple[Commission, int]) -> int:
    commission, number = job
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
    return number


def _entry(number: int, person: Person, photo: Photo, rendering: Rendering, size: int) -> Entry:
    face = rendering.face
    return Entry(
        number=number,
        person=person,
        photo=photo,
        landmarks=tuple((float(x) / size, float(y) / size) for x, y in rendering.landmarks),
        face=(face.x / size, face.y / size, face.side / size),
    )
