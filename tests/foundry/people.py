"""Small datasets for tests: right records, pictures of nothing."""

import numpy as np

from foundry.dataset import Entry, Pixels
from foundry.portraits.person import draw_person
from foundry.portraits.photo import draw_photo

PHOTOS = 3
LANDMARKS = ((0.4, 0.4), (0.6, 0.4), (0.5, 0.5), (0.42, 0.6), (0.58, 0.6))


def pictures(count: int, seed: int = 0, size: int = 32) -> Pixels:
    """Soft blobs of colour: something that an autoencoder can learn."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (count, 4, 4, 3), np.uint8)
    return coarse.repeat(size // 4, axis=1).repeat(size // 4, axis=2)


def entries(count: int, start: int = 0) -> list[Entry]:
    """Records of people from number `start` on, each with three photos."""
    found: list[Entry] = []
    for index in range(count):
        number = start + index // PHOTOS
        person = draw_person(number)
        photo = draw_photo(index % PHOTOS, person)
        found.append(
            Entry(
                number=number,
                person=person,
                photo=photo,
                landmarks=LANDMARKS,
                face=(0.5, 0.5, 0.4),
            )
        )
    return found
