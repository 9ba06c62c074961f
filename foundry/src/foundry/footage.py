"""Rendered clips on disk: shards of frames beside the records that they were drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from foundry.dataset import Pixels, by_number, found, picked
from foundry.errors import BadFootage, NoGuides
from foundry.portraits.person import Person
from foundry.portraits.photo import Photo
from likeness.engine.acting.motion import Motion


class Take(BaseModel):
    """One clip: who it shows, the photo that it begins as, what moves, and where the face is.

    `landmarks`, `face` and `yaw` have an item for each frame: landmarks and face as `Entry` has
    them, the head seen from the camera in degrees, positive towards the viewer's right. `number`
    counts people in the folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    person: Person
    photo: Photo
    motion: Motion
    landmarks: tuple[tuple[tuple[float, float], ...], ...]
    face: tuple[tuple[float, float, float], ...]
    yaw: tuple[float, ...]


GUIDES = ".guides.npy"
"""How the name of a shard's guides ends."""


@dataclass(frozen=True)
class Footage:
    """All clips of a folder, in memory-mapped shards: (frames, size, size, 3) uint8 each, sRGB; and
    their guides, if all have some, in shards of that form, but that a fourth channel says how much
    of a pixel is new."""

    shards: Sequence[Pixels]
    records: Sequence[Take]
    guides: Sequence[Pixels] = ()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what has been written so far. Raises BadFootage if there is nothing."""
        shards: list[Pixels] = []
        records: list[Take] = []
        guides: list[Pixels] = []
        # A shard's records appear, by renaming, after its pixels are whole.
        for written in sorted(folder.glob("*.jsonl")):
            shard = np.load(written.with_suffix(".npy"), mmap_mode="r")
            if shard.ndim != 5:
                raise BadFootage(folder, f"{written.stem}.npy holds no clips")
            lines = [Take.model_validate_json(line) for line in written.read_text().splitlines()]
            if len(lines) != len(shard):
                raise BadFootage(folder, f"{written.name} has not one record for each clip")
            shards.append(shard)
            records.extend(lines)
            if written.with_suffix(GUIDES).exists():
                guides.append(np.load(written.with_suffix(GUIDES), mmap_mode="r"))
        if not shards:
            raise BadFootage(folder, "there are no shards in it")
        if len({shard.shape[1:] for shard in shards}) > 1:
            raise BadFootage(folder, "its shards have clips of different sizes or lengths")
        return cls(shards, records, guides if len(guides) == len(shards) else ())

    def __len__(self) -> int:
        return len(self.records)

    @property
    def frames(self) -> int:
        """How many frames a clip has."""
        return int(self.shards[0].shape[1])

    @property
    def size(self) -> int:
        """Side of the frames in px."""
        return int(self.shards[0].shape[2])

    def clips(self, indices: Sequence[int] | NDArray[np.int64]) -> Pixels:
        """A copy of some clips, (n, frames, size, size, 3)."""
        return picked(self.shards, indices)

    def guides_of(self, indices: Sequence[int] | NDArray[np.int64]) -> Pixels:
        """A copy of the guides of some clips, (n, frames, size, size, 4). Raises NoGuides."""
        if not self.guides:
            raise NoGuides
        return picked(self.guides, indices)

    def frames_at(self, indices: NDArray[np.int64], places: NDArray[np.int64]) -> Pixels:
        """A copy of one frame of each of some clips, (n, size, size, 3)."""
        clips = found(self.shards, indices)
        return np.stack([clip[place] for clip, place in zip(clips, places, strict=True)])

    def people(self) -> list[list[int]]:
        """Indices of clips, person by person."""
        return by_number(record.number for record in self.records)
