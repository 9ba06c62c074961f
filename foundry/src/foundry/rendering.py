"""Rendering a dataset: people by number, photos by person, shard by shard, in several processes."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from foundry.dataset import Entry, Pixels, write_shard
from foundry.portraits.pack import AssetPack
from foundry.portraits.person import Person, draw_person
from foundry.portraits.photo import Photo, draw_photo
from foundry.portraits.renderer import Rendering
from foundry.shards import render_shards, renderer_of

PEOPLE_A_SHARD = 50
# Person number n of dataset seed s has seed s × this + n: datasets of other seeds have others.
PEOPLE_A_SEED = 1_000_000


@dataclass(frozen=True)
class Commission:
    """What to render: `people` × `photos` pictures of `size` px from the pack's folder, or cut-outs
    of the people in them."""

    pack: Path
    folder: Path
    people: int
    photos: int
    size: int
    seed: int
    cut_out: bool = False


def render(commission: Commission, workers: int) -> None:
    """Render what is missing in the folder, by whole shards: start it again after it was killed.

    Raises BadPack, and DriverCrash as `render_shards` does.
    """
    AssetPack(commission.pack)  # a bad pack is told here, once, not by every worker
    shards = -(-commission.people // PEOPLE_A_SHARD)
    render_shards(commission.folder, shards, partial(_render_shard, commission), workers)


def _render_shard(commission: Commission, number: int) -> None:
    renderer = renderer_of(commission.pack)
    draw = renderer.cut_out if commission.cut_out else renderer.render
    first = number * PEOPLE_A_SHARD
    last = min(first + PEOPLE_A_SHARD, commission.people)
    pictures: list[Pixels] = []
    entries: list[Entry] = []
    for someone in range(first, last):
        person = draw_person(commission.seed * PEOPLE_A_SEED + someone)
        for index in range(commission.photos):
            photo = draw_photo(index, person)
            rendering = draw(person, photo, commission.size)
            pictures.append(rendering.pixels)
            entries.append(_entry(someone, person, photo, rendering, commission.size))
    write_shard(commission.folder, number, np.stack(pictures), entries)


def _entry(number: int, person: Person, photo: Photo, rendering: Rendering, size: int) -> Entry:
    landmarks, face = found_face(rendering, size)
    return Entry(number=number, person=person, photo=photo, landmarks=landmarks, face=face)


def found_face(
    rendering: Rendering, size: int
) -> tuple[tuple[tuple[float, float], ...], tuple[float, float, float]]:
    """Landmarks and face as records have them, in shares of the picture's side."""
    face = rendering.face
    landmarks = tuple((float(x) / size, float(y) / size) for x, y in rendering.landmarks)
    return landmarks, (face.x / size, face.y / size, face.side / size)
