"""What the engine needs of an architecture, and nothing more.

Everything else in the engine speaks to a `LoadedBase` and never learns which family it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from PIL import Image
from torch import Tensor, nn

Texts = list[Tensor]
"""One text state per sample: (tokens, features), tokens differing from sample to sample."""


@dataclass(frozen=True)
class Drawing:
    """One call to `LoadedBase.draw`: `noise` (samples, channels, height, width) of latents, and
    for each sample the generator, on the CPU, of what noise is drawn on the way. With `reference`,
    clean latents of the same shape, the first `skipped` of `steps` are left out: the rest begins
    with the reference under as much noise as is left there."""

    prompts: tuple[str, ...]
    negative_prompt: str
    noise: Tensor
    generators: Sequence[torch.Generator]
    steps: int
    guidance: float
    reference: Tensor | None = None
    skipped: int = 0


class LoadedBase(Protocol):
    """The networks of one base, in memory on one device."""

    @property
    def network(self) -> nn.Module:
        """The denoising network: the one that adapters go into."""
        ...

    @property
    def adapter_targets(self) -> str:
        """A regular expression that matches the names of the linear layers that adapters change."""
        ...

    @property
    def adapter_prefix(self) -> str:
        """What diffusers puts before the network's parameter names in an adapter file."""
        ...

    def latent_shape(self, width: int, height: int) -> tuple[int, int, int]:
        """(channels, height, width) of the latents of a picture of `width` × `height` px."""
        ...

    def encode_picture(self, pixels: Tensor) -> Tensor:
        """Normalised latents, float32 on the CPU, of (samples, 3, height, width) in -1..1."""
        ...

    def encode_text(self, prompts: Sequence[str]) -> Texts:
        """The text states of prompts; each comes out the same whatever others are beside it."""
        ...

    def keep_only_network(self) -> None:
        """Let go of the parts that encode, to leave the device's memory to the network."""
        ...

    def checkpoint_gradients(self) -> None:
        """Compute activations again in the backward pass instead of keeping them in memory."""
        ...

    def noisy(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """What the network sees at `time` (samples), 0 = all noise, 1 = clean latents."""
        ...

    def target(self, clean: Tensor, noise: Tensor) -> Tensor:
        """What the network is meant to predict from `noisy(clean, noise, time)`."""
        ...

    def predict(self, noisy: Tensor, time: Tensor, texts: Texts) -> Tensor:
        """The network's prediction in float32, in the shape of `noisy`."""
        ...

    def draw(self, drawing: Drawing, on_step: Callable[[int], None]) -> list[Image.Image]:
        """Denoise and decode; `on_step` gets 1, 2, … and may raise."""
        ...


class Family(Protocol):
    """An architecture: how its folders are loaded."""

    def load(self, folder: Path, device: torch.device, dtype: torch.dtype) -> LoadedBase:
        """Load a diffusers folder without touching any network. Raises LoadFailed."""
        ...
