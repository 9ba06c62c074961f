"""Questions to a network that is still learning what its prompt says."""

from math import isqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from foundry.questions import QUESTIONS, UNSEEN

LANDMARKS = 5


class Questionnaire(nn.Module):
    """Reads answers to all QUESTIONS, and where the face is, off tokens of a transformer's inside.

    While the picture is still noise, only the prompt can tell the answers: tokens that must give
    them soon attend to it. Used in training alone, as representations are aligned by Yu et al.
    ("Representation alignment for generation", 2025), here with what the renderer knows.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width)
        self.answers = nn.Linear(width, sum(map(len, QUESTIONS.values())))
        self.landmarks = nn.Linear(width, 2 * LANDMARKS)

    def forward(self, tokens: Tensor, known: Tensor, landmarks: Tensor) -> tuple[Tensor, Tensor]:
        """Two losses: the mean cross-entropy of all answers of all tokens, and the mean distance
        along each axis, in picture sides, at which tokens miss the landmarks.

        `tokens` (batch, side², width); `known` (batch, questions): places in QUESTIONS, UNSEEN
        where there is none; `landmarks` (batch, 5, 2) in picture sides.
        """
        seen = self.norm(tokens.float())
        return self._answers(seen, known), self._landmarks(seen, landmarks)

    def _answers(self, seen: Tensor, known: Tensor) -> Tensor:
        logits = self.answers(seen).float().transpose(1, 2)
        each = logits.split([len(choices) for choices in QUESTIONS.values()], dim=1)
        asked = known[:, None].expand(-1, seen.shape[1], -1).unbind(2)
        losses = [
            cross_entropy(said, right, ignore_index=UNSEEN, reduction="sum")
            for said, right in zip(each, asked, strict=True)
        ]
        return torch.stack(losses).sum() / (known != UNSEEN).sum().clamp(min=1) / seen.shape[1]

    def _landmarks(self, seen: Tensor, landmarks: Tensor) -> Tensor:
        side = isqrt(seen.shape[1])
        middles = (torch.arange(side, device=seen.device) + 0.5) / side
        rows, columns = torch.meshgrid(middles, middles, indexing="ij")
        own = torch.stack([columns, rows], dim=-1).view(1, -1, 1, 2)
        said = self.landmarks(seen).float().view(*seen.shape[:2], LANDMARKS, 2)
        return (own + said - landmarks[:, None]).abs().mean()
