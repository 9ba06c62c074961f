"""What a base takes noisy pictures for, shortly before it has drawn them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from foundry.dataset import Dataset
from foundry.pictures import to_tensor
from foundry.portraits.caption import full_caption
from foundry.training.noise import of_step
from likeness.bases import Base
from likeness.engine.device import fastest_dtype
from likeness.engine.families.family import LoadedBase
from likeness.engine.loading import load_base

AT_ONCE = 48
# Of time, 0 = noise and 1 = clean: from where faces are decided to the last step of drawing.
EARLIEST, LATEST = 0.6, 0.97


@dataclass(frozen=True)
class Guesses:
    """For some pictures of a dataset, by `indices`: `clean` latents (n, channels, side, side), and
    the latents that the base, with its own guidance, `guessed` from them under noise. These are
    means over all that a picture could be, as latents that are drawn are, and decode to a blur.
    """

    indices: NDArray[np.int64]
    clean: NDArray[np.float16]
    guessed: NDArray[np.float16]

    @classmethod
    def of(cls, data: Dataset, count: int, base: Base, device: torch.device, cache: Path) -> Self:
        """Read `cache`, or guess `count` pictures into it."""
        if not cache.exists():
            _write(data, count, base, device, cache)
        with np.load(cache) as kept:
            return cls(kept["indices"], kept["clean"], kept["guessed"])

    def __len__(self) -> int:
        return len(self.indices)


def _write(data: Dataset, count: int, base: Base, device: torch.device, cache: Path) -> None:
    loaded = load_base(base, device, fastest_dtype(device))
    indices = np.linspace(0, len(data) - 1, min(count, len(data))).astype(np.int64)
    pairs = [
        _guess(data, indices[start : start + AT_ONCE], base, loaded, start)
        for start in tqdm(range(0, len(indices), AT_ONCE), desc="guessing", mininterval=5)
    ]
    clean, guessed = (np.concatenate(side) for side in zip(*pairs, strict=True))
    unfinished = cache.with_suffix(".part.npz")
    np.savez(unfinished, indices=indices, clean=clean, guessed=guessed)
    unfinished.rename(cache)


@torch.no_grad()
def _guess(
    data: Dataset, chosen: NDArray[np.int64], base: Base, loaded: LoadedBase, seed: int
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    rng, generator = of_step(seed, 0)
    clean = loaded.encode_picture(to_tensor(data.pictures(chosen)))
    noise = torch.randn(clean.shape, generator=generator)
    time = torch.from_numpy(rng.uniform(EARLIEST, LATEST, len(chosen))).float()
    noisy = loaded.noisy(clean, noise, time)
    entries = [data.entries[index] for index in chosen]
    captions = [full_caption(entry.person, entry.photo) for entry in entries]
    with_text = loaded.predict(noisy, time, loaded.encode_text(captions)).cpu()
    without = loaded.predict(noisy, time, loaded.encode_text([""]) * len(chosen)).cpu()
    towards_clean = with_text + base.manifest.sampling.guidance * (with_text - without)
    guessed: Tensor = noisy + (1 - time.view(-1, 1, 1, 1)) * towards_clean
    return clean.half().numpy(), guessed.half().numpy()
