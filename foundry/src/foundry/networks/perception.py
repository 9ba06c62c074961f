"""What the face recogniser that ships sees in a crop, layer by layer."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from foundry.device import place
from likeness.engine.face_network import FaceNetwork, fold_norms
from likeness.engine.faces import FILE
from likeness.engine.weights import load_weights


class Perception(nn.Module):
    """Not to be trained; gradients pass through it."""

    def __init__(self, network: FaceNetwork, device: torch.device) -> None:
        """`network` is changed: it can only be evaluated from now on."""
        super().__init__()
        self._recogniser = network.requires_grad_(False).eval().recogniser
        fold_norms(network)
        place(self, device)

    @classmethod
    def load(cls, folder: Path, device: torch.device) -> "Perception":
        """Read the faces' weights in `folder`. Raises LoadFailed."""
        network = FaceNetwork()
        load_weights(network, folder / FILE)
        return cls(network, device)

    def forward(self, crops: Tensor) -> tuple[list[Tensor], Tensor]:
        """Crops (n, 3, 96, 96) in −1..1 to what every stage makes of them, and to the embeddings
        (n, 128) of length 1."""
        recogniser = self._recogniser
        seen = [recogniser.stem(crops).relu()]
        for stage in recogniser.body:
            seen.append(stage(seen[-1]))
        known = (recogniser.widen(seen[-1]).relu() * recogniser.places).sum(dim=(2, 3))
        embeddings = normalize(recogniser.identity(known).float(), dim=1)
        return [*seen, known], embeddings


def unlike(one: tuple[list[Tensor], Tensor], other: tuple[list[Tensor], Tensor]) -> Tensor:
    """How much is seen in one that is not seen in the other: the mean over all stages of their
    squared difference, as a share of the other's square, and the distance of the embeddings."""
    shares = [
        (mine.float() - theirs.float()).pow(2).mean() / theirs.float().pow(2).mean()
        for mine, theirs in zip(one[0], other[0], strict=True)
    ]
    return torch.stack(shares).mean() + (1 - (one[1] * other[1]).sum(dim=1)).mean()
