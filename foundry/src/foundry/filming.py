"""Filming: people by number, clips by person, shard by shard, in several processes."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from foundry.dataset import Pixels, write_shard
from foundry.footage import Take
from foundry.portraits.directing import draw_motion, draw_start
from foundry.portraits.moment import photo_moment
from foundry.portraits.pack import AssetPack
from foundry.portraits.person import Person, draw_person
from foundry.rendering import PEOPLE_A_SEED, found_face
from foundry.shards import render_shards, renderer_of
from likeness.engine.acting.moments import clip_moments

PEOPLE_A_SHARD = 10


@dataclass(frozen=True)
class Shoot:
    """What to film: `people` × `clips` of `frames` at `rate` a second, `size` px, from the pack's
    folder. People of a seed are those whom `Commission` has."""

    pack: Path
    folder: Path
    people: int
    clips: int
    frames: int
    rate: float
    size: int
    seed: int


def film(shoot: Shoot, workers: int) -> None:
    """Film what is missing in the folder, by whole shards: start it again after it was killed.

    Raises BadPack, and DriverCrash as `render_shards` does.
    """
    AssetPack(shoot.pack)  # a bad pack is told here, once, not by every worker
    shards = -(-shoot.people // PEOPLE_A_SHARD)
    render_shards(shoot.folder, shards, partial(_film_shard, shoot), workers)


def _film_shard(shoot: Shoot, number: int) -> None:
    first = number * PEOPLE_A_SHARD
    last = min(first + PEOPLE_A_SHARD, shoot.people)
    pixels = np.empty(
        ((last - first) * shoot.clips, shoot.frames, shoot.size, shoot.size, 3), np.uint8
    )
    takes: list[Take] = []
    for someone in range(first, last):
        person = draw_person(shoot.seed * PEOPLE_A_SEED + someone)
        for index in range(shoot.clips):
            take, frames = _film_clip(shoot, someone, person, index)
            pixels[len(takes)] = frames
            takes.append(take)
    write_shard(shoot.folder, number, pixels, takes)


def _film_clip(shoot: Shoot, number: int, person: Person, index: int) -> tuple[Take, Pixels]:
    photo = draw_start(index, person)
    motion = draw_motion(index, person, photo, shoot.frames, shoot.rate)
    moments = clip_moments(photo_moment(photo), motion)
    renderings = renderer_of(shoot.pack).film(person, photo, moments, shoot.size)
    found = [found_face(rendering, shoot.size) for rendering in renderings]
    take = Take(
        number=number,
        person=person,
        photo=photo,
        motion=motion,
        landmarks=tuple(landmarks for landmarks, _ in found),
        face=tuple(face for _, face in found),
        yaw=tuple(moment.yaw for moment in moments),
    )
    return take, np.stack([rendering.pixels for rendering in renderings])
