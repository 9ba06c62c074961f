"""The questionnaire counts right answers of every token, and nothing that cannot be answered."""

import torch

from foundry.networks.questionnaire import LANDMARKS, Questionnaire
from foundry.questions import QUESTIONS, UNSEEN


def test_tokens_that_know_the_picture_learn_to_tell_it() -> None:
    torch.manual_seed(0)
    questionnaire = Questionnaire(64)
    known = torch.stack([torch.randint(len(c), (6,)) for c in QUESTIONS.values()], dim=1)
    landmarks = torch.rand(6, LANDMARKS, 2)
    # Each token knows its picture, and half of its features tell it where it stands.
    tokens = torch.randn(6, 1, 64).expand(6, 16, 64).clone()
    tokens[..., 32:] = torch.randn(1, 16, 32)
    optimizer = torch.optim.Adam(questionnaire.parameters(), 0.01)
    history: list[tuple[float, float]] = []
    for _ in range(600):
        answers, missed = questionnaire(tokens, known, landmarks)
        history.append((answers.item(), missed.item()))
        optimizer.zero_grad()
        (answers + missed).backward()
        optimizer.step()

    assert history[0][0] > 1 and history[0][1] > 0.1
    assert history[-1][0] < 0.05 and history[-1][1] < 0.03


def test_what_is_unseen_counts_for_nothing() -> None:
    torch.manual_seed(0)
    questionnaire = Questionnaire(16)
    tokens, landmarks = torch.randn(4, 9, 16), torch.rand(4, LANDMARKS, 2)
    known = torch.zeros(2, len(QUESTIONS), dtype=torch.long)
    unseen = torch.full_like(known, UNSEEN)

    half, _ = questionnaire(tokens, torch.cat([known, unseen]), landmarks)
    alone, _ = questionnaire(tokens[:2], known, landmarks[:2])
    nothing, _ = questionnaire(tokens[:2], unseen, landmarks[:2])

    assert torch.allclose(half, alone)
    assert nothing.item() == 0
