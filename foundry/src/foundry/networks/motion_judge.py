"""What has moved in a clip: a small network over time, on what the judge sees in each frame."""

import torch
from torch import Tensor, nn

from foundry.networks.judge import PLACES, YAW_SPREAD
from likeness.engine.acting.motion import KINDS

SEEN = PLACES + 10 + 1
"""Numbers of a frame: what is seen where in the face, where its landmarks are, and its yaw."""

WIDTH = 96
MEANT = 25.0
"""What landmarks, in shares of the picture's side, are multiplied by: a twenty-fifth is a lot."""


class MotionJudge(nn.Module):
    """Says of clips how likely each kind of movement is in them."""

    def __init__(self) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.2)
        self.enter = nn.Linear(2 * SEEN, WIDTH)
        self.one = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.two = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.answer_heads = nn.Linear(3 * WIDTH, len(KINDS))

    def forward(self, seen: Tensor) -> Tensor:
        """`seen` (n, frames, SEEN), as `seen_in` has it, to logits (n, KINDS)."""
        # What is so from the beginning is no movement: each frame, and how it differs from the
        # first.
        both = torch.cat([seen, seen - seen[:, :1]], dim=2)
        x = self.enter(self.dropout(both)).relu().transpose(1, 2)
        x = x + self.one(x).relu()
        x = x + self.two(x).relu()
        # What there is at any time, at most times, and at the end.
        told = torch.cat([x.amax(dim=2), x.mean(dim=2), x[:, :, -1]], dim=1)
        return self.answer_heads(self.dropout(told))


def seen_in(places: Tensor, landmarks: Tensor, yaw: Tensor) -> Tensor:
    """What the judge says of frames (n, frames, …), as one row of numbers for each."""
    middle = landmarks - landmarks[:, :1].mean(dim=2, keepdim=True)
    where = MEANT * middle.flatten(2)
    return torch.cat([places, where, yaw.unsqueeze(2) / YAW_SPREAD], dim=2)
