"""Training examples: photos and captions, encoded once before the first step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from likeness.bases import Identity, prompt_for
from likeness.engine.families.family import LoadedBase, Texts
from likeness.engine.photos import Crop

AT_ONCE = 8


@dataclass(frozen=True)
class Examples:
    """What training draws from, all on the CPU.

    `latents` (examples, channels, height, width); `heads` and `known` (examples, 1, height, width)
    as in Crop; `staged` (examples) likewise; `captions[example]` are indices into `texts`, the
    states of all captions.
    """

    latents: Tensor
    heads: Tensor
    known: Tensor
    staged: Tensor
    captions: list[list[int]]
    texts: Texts


def encode_examples(
    loaded: LoadedBase, crops: Sequence[Crop], identity: Identity, on_crop: Callable[[int], None]
) -> Examples:
    """Encode crops and their captions. `on_crop(n)` is called after the nth crop."""
    latents: list[Tensor] = []
    for start in range(0, len(crops), AT_ONCE):
        some = crops[start : start + AT_ONCE]
        latents.append(loaded.encode_picture(torch.stack([crop.pixels for crop in some])))
        on_crop(start + len(some))
    encoded = torch.cat(latents)
    size = encoded.shape[-2:]
    ends = list(dict.fromkeys(end for crop in crops for end in crop.captions))
    index = {end: number for number, end in enumerate(ends)}
    return Examples(
        latents=encoded,
        heads=_shrunk([crop.head for crop in crops], size),
        known=_shrunk([crop.known for crop in crops], size),
        staged=torch.tensor([crop.staged for crop in crops]),
        captions=[[index[end] for end in crop.captions] for crop in crops],
        texts=loaded.encode_text([prompt_for(identity, end) for end in ends]),
    )


def _shrunk(masks: list[Tensor], size: torch.Size) -> Tensor:
    return interpolate(torch.stack(masks).unsqueeze(1), size=size, mode="area")
