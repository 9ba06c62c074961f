"""The questionnaire counts right answers of every token, and nothing that cannot be answered."""

import torch

from foundry.networks.questionnaire import Questionnaire
from foundry.questions import QUESTIONS, UNSEEN


def test_it_descends_to_nothing_where_tokens_tell_the_answers() -> None:
    torch.manual_seed(0)
    questionnaire = Questionnaire(64)
    known = torch.stack([torch.randint(len(c), (6,)) for c in QUESTIONS.values()], dim=1)
    tokens = torch.randn(6, 1, 64).expand(6, 5, 64)
    optimizer = torch.optim.Adam(questionnaire.parameters(), 0.05)
    first = questionnaire(tokens, known).item()
    for _ in range(200):
        optimizer.zero_grad()
        loss = questionnaire(tokens, known)
        loss.backward()
        optimizer.step()

    assert first > 1
    assert questionnaire(tokens, known).item() < 0.01


def test_what_is_unseen_counts_for_nothing() -> None:
    torch.manual_seed(0)
    questionnaire = Questionnaire(16)
    tokens = torch.randn(2, 3, 16)
    known = torch.zeros(2, len(QUESTIONS), dtype=torch.long)
    hidden = torch.cat([known, torch.full_like(known, UNSEEN)])

    both = torch.cat([tokens, torch.randn(2, 3, 16)])

    assert torch.allclose(questionnaire(both, hidden), questionnaire(tokens, known))
    assert questionnaire(tokens, torch.full_like(known, UNSEEN)).item() == 0
