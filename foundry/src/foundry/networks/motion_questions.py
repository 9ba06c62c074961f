"""Questions to a network that is still learning how people move."""

from math import isqrt
from typing import get_args

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from foundry.footage import Take
from foundry.networks.questionnaire import LANDMARKS
from likeness.engine.acting.motion import KINDS, Track

SEEN: tuple[str, ...] = (*KINDS, *get_args(Track))
"""What is asked of a clip: which of these it shows."""

YAW_SPREAD = 45.0  # degrees
# Of all that a clip can show, two or three things are shown.
RARE = -2.5


def shown(take: Take) -> list[float]:
    """For each of SEEN, 1 if the clip shows it, else 0."""
    there = {*take.motion.kinds, take.motion.camera}
    return [float(one in there) for one in SEEN]


class MotionQuestions(nn.Module):
    """Reads off tokens of a transformer's inside which movements the clip shows, and how the head
    is turned and where the face is at the token's moment (networks/questionnaire.py tells why).
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width)
        self.shown = nn.Linear(width, len(SEEN))
        self.yaw = nn.Linear(width, 1)
        self.landmarks = nn.Linear(width, 2 * LANDMARKS)
        nn.init.constant_(self.shown.bias, RARE)

    def forward(
        self, tokens: Tensor, shown: Tensor, yaw: Tensor, landmarks: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Three losses: the cross-entropy of everything that could be shown, the mean distance of
        yaws in YAW_SPREAD, and that of landmarks along each axis in picture sides.

        `tokens` (batch, frames × side², width); `shown` (batch, SEEN) in 0..1; `yaw` (batch,
        frames) in degrees; `landmarks` (batch, frames, 5, 2) in picture sides.
        """
        frames = yaw.shape[1]
        seen = self.norm(tokens.float()).unflatten(1, (frames, -1))
        said = self.shown(seen).float()
        asked = shown[:, None, None].expand_as(said)
        unlike = binary_cross_entropy_with_logits(said, asked, reduction="none")
        turned = self.yaw(seen).float().squeeze(-1) - yaw.unsqueeze(2) / YAW_SPREAD
        places = _middles(seen) + self.landmarks(seen).float().unflatten(-1, (LANDMARKS, 2))
        missed = (places - landmarks.unsqueeze(2)).abs().mean()
        return unlike.sum(-1).mean(), turned.abs().mean(), missed


def _middles(seen: Tensor) -> Tensor:
    """Where each token stands, (side², 1, 2) in picture sides."""
    side = isqrt(seen.shape[2])
    middles = (torch.arange(side, device=seen.device) + 0.5) / side
    rows, columns = torch.meshgrid(middles, middles, indexing="ij")
    return torch.stack([columns, rows], dim=-1).view(-1, 1, 2)
