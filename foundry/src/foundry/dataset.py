"""Rendered pictures on disk: shards of pixels beside the records that they were drawn from."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from foundry.errors import BadDataset
from foundry.portraits.person import Person
from foundry.portraits.photo import Photo

Pixels = NDArray[np.uint8]


class Entry(BaseModel):
    """One picture: who and what it shows, and where the face is.

    `landmarks` are left eye, right eye, nose tip, left and right corner of the mouth, as seen in
    the picture (x, y, in shares of its side); `face` is the square from brows to chin (centre x,
    centre y, side, in shares). `number` counts people in the folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    person: Person
    photo: Photo
    landmarks: tuple[tuple[float, float], ...]
    face: tuple[float, float, float]


@dataclass(frozen=True)
class Dataset:
    """All pictures of a folder, in memory-mapped shards: (size, size, 3) uint8, sRGB."""

    shards: Sequence[Pixels]
    entries: Sequence[Entry]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what has been written so far. Raises BadDataset if there is nothing."""
        shards: list[Pixels] = []
        entries: list[Entry] = []
        # A shard's records appear, by renaming, after its pixels are whole.
        for records in sorted(folder.glob("*.jsonl")):
            shard = np.load(records.with_suffix(".npy"), mmap_mode="r")
            lines = [Entry.model_validate_json(line) for line in records.read_text().splitlines()]
            if len(lines) != len(shard):
                raise BadDataset(folder, f"{records.name} has not one record for each picture")
            shards.append(shard)
            entries.extend(lines)
        if not shards:
            raise BadDataset(folder, "there are no shards in it")
        if len({shard.shape[1:] for shard in shards}) > 1:
            raise BadDataset(folder, "its shards have pictures of different sizes")
        return cls(shards, entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def size(self) -> int:
        """Side of the pictures in px."""
        return int(self.shards[0].shape[1])

    def pictures(self, indices: Sequence[int] | NDArray[np.int64]) -> Pixels:
        """A copy of some pictures, (n, size, size, 3)."""
        return picked(self.shards, indices)

    def people(self) -> list[list[int]]:
        """Indices of pictures, person by person."""
        return by_number(entry.number for entry in self.entries)


def picked(shards: Sequence[Pixels], indices: Sequence[int] | NDArray[np.int64]) -> Pixels:
    """A copy of some items of shards, whose items are counted through."""
    return np.stack(found(shards, indices))


def found(shards: Sequence[Pixels], indices: Sequence[int] | NDArray[np.int64]) -> list[Pixels]:
    """The same items where they lie."""
    starts = np.cumsum([0, *(len(shard) for shard in shards)])
    numbers = np.searchsorted(starts, indices, side="right") - 1
    return [
        shards[shard][index - starts[shard]] for shard, index in zip(numbers, indices, strict=True)
    ]


def by_number(numbers: Iterable[int]) -> list[list[int]]:
    """The places of each number, in the order in which numbers first appear."""
    groups: dict[int, list[int]] = {}
    for index, number in enumerate(numbers):
        groups.setdefault(number, []).append(index)
    return list(groups.values())


def write_shard(folder: Path, number: int, pixels: Pixels, records: Sequence[BaseModel]) -> None:
    """Write one shard, a record for each item of `pixels`, so that a reader sees all or nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{number:05d}"
    np.save(stem.with_suffix(".npy"), pixels)
    unfinished = stem.with_suffix(".part")
    unfinished.write_text("".join(f"{json.dumps(r.model_dump())}\n" for r in records))
    unfinished.rename(stem.with_suffix(".jsonl"))
