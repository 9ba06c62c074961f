"""Tiny datasets that no renderer is needed for: a smooth picture with a face-like figure each."""

from pathlib import Path

import cv2
import numpy as np

from foundry.dataset import Dataset, Entry, write_shard
from foundry.portraits.person import draw_person
from foundry.portraits.photo import draw_photo


def write_dataset(folder: Path, people: int, photos: int, size: int) -> Dataset:
    rng = np.random.default_rng(0)
    pictures, entries = [], []
    for number in range(people):
        person = draw_person(number)
        colour = rng.integers(60, 255, 3).tolist()
        for index in range(photos):
            x, y, side = rng.uniform((0.4, 0.4, 0.3), (0.6, 0.6, 0.4)).tolist()
            spots = [(-0.22, -0.2), (0.22, -0.2), (0, 0.05), (-0.16, 0.25), (0.16, 0.25)]
            landmarks = tuple((x + dx * side, y + dy * side) for dx, dy in spots)
            pictures.append(_draw(rng, (x, y, side), landmarks, colour, size))
            photo = draw_photo(index, person)
            entries.append(
                Entry(
                    number=7 * number,
                    person=person,
                    photo=photo,
                    landmarks=landmarks,
                    face=(x, y, side),
                )
            )
    write_shard(folder, 0, np.stack(pictures), entries)
    return Dataset.open(folder)


def _draw(
    rng: np.random.Generator,
    face: tuple[float, float, float],
    landmarks: tuple[tuple[float, float], ...],
    colour: list[int],
    size: int,
) -> np.ndarray:
    coarse = rng.integers(0, 255, (4, 4, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    x, y, side = (value * size for value in face)
    cv2.circle(picture, (round(x), round(y)), round(side / 2), colour, -1)
    for at_x, at_y in landmarks:
        at = (round(at_x * size), round(at_y * size))
        cv2.circle(picture, at, max(1, round(side / 16)), (20, 20, 20), -1)
    return np.asarray(picture)
