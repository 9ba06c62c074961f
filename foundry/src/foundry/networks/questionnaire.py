"""Questions to a network that is still learning what its prompt says."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from foundry.questions import QUESTIONS, UNSEEN


class Questionnaire(nn.Module):
    """Reads answers to all QUESTIONS off tokens of a transformer's inside.

    While the picture is still noise, only the prompt can tell the answers: tokens that must give
    them soon attend to it. Used in training alone, as representations are aligned by Yu et al.
    ("Representation alignment for generation", 2025), here with what the renderer knows.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width)
        self.answers = nn.Linear(width, sum(map(len, QUESTIONS.values())))

    def forward(self, tokens: Tensor, known: Tensor) -> Tensor:
        """The mean cross-entropy of all answers of all tokens.

        `tokens` (batch, tokens, width); `known` (batch, questions): places in QUESTIONS, UNSEEN
        where there is none.
        """
        logits = self.answers(self.norm(tokens.float())).float().transpose(1, 2)
        each = logits.split([len(choices) for choices in QUESTIONS.values()], dim=1)
        asked = known[:, None].expand(-1, tokens.shape[1], -1).unbind(2)
        losses = [
            cross_entropy(said, right, ignore_index=UNSEEN, reduction="sum")
            for said, right in zip(each, asked, strict=True)
        ]
        return torch.stack(losses).sum() / (known != UNSEEN).sum().clamp(min=1) / tokens.shape[1]
