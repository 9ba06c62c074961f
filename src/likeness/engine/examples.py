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

    `latents` (examples, channels, height, width); `heads` (examples, 1, height, width) as in Crop;
    `texts` are the states of their captions.
    """

    latents: Tensor
    heads: Tensor
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
    captions = list(dict.fromkeys(crop.caption for crop in crops))
    states = loaded.encode_text([prompt_for(identity, caption) for caption in captions])
    known = dict(zip(captions, states, strict=True))
    heads = torch.stack([crop.head for crop in crops]).unsqueeze(1)
    return Examples(
        latents=encoded,
        heads=interpolate(heads, size=encoded.shape[-2:], mode="area"),
        texts=[known[crop.caption] for crop in crops],
    )
