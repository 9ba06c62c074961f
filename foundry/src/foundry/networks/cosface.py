"""Telling people apart: a network that embeds faces, and one direction for each person."""

from pathlib import Path
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from foundry.training.loop import CHECKPOINT, load_trained

N = TypeVar("N", bound=nn.Module)


class WithPeople(nn.Module, Generic[N]):
    """`network` and the directions of the people it is trained on, which do not ship.

    A face's embedding must be nearer to its person's direction than to any other by a margin
    (Wang et al., "CosFace", 2018).
    """

    def __init__(self, network: N, people: int, width: int) -> None:
        super().__init__()
        self.network = network
        self.people = nn.Parameter(torch.randn(people, width))

    def identity_loss(
        self, embeddings: Tensor, who: Tensor, margin: float, scale: float
    ) -> tuple[Tensor, Tensor]:
        """The loss, and the share that is nearest to its own person even so.

        `embeddings` (n, width) of length 1; `who` (n): numbers of people.
        """
        cosines = embeddings @ normalize(self.people, dim=1).T
        own = nn.functional.one_hot(who, len(self.people))
        logits = scale * (cosines - margin * own)
        right = (cosines.argmax(dim=1) == who).float().mean()
        return cross_entropy(logits, who), right


def load_without_people(network: nn.Module, width: int, run: Path) -> int:
    """Give `network` the weights it had within a WithPeople. Returns the step they are from."""
    saved = torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)
    whole = WithPeople(network, len(saved["network"]["people"]), width)
    return load_trained(whole, run)
