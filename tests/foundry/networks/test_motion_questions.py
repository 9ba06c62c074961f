"""Tokens are asked what a clip shows, and about their own moment and place."""

from pathlib import Path

import torch
from tests.foundry.parts.footages import write_footage

from foundry.networks.motion_questions import SEEN, MotionQuestions, shown
from foundry.networks.questionnaire import LANDMARKS

CLIPS, MOMENTS, PLACES = 6, 3, 16


def test_tokens_that_know_the_clip_learn_to_tell_it() -> None:
    torch.manual_seed(0)
    questions = MotionQuestions(96)
    there = (torch.rand(CLIPS, len(SEEN)) < 0.1).float()
    yaw = torch.randn(CLIPS, MOMENTS) * 20
    landmarks = torch.rand(CLIPS, MOMENTS, LANDMARKS, 2)
    # Each token knows its clip and moment, and a third of its features tell where it stands.
    tokens = torch.randn(CLIPS, MOMENTS, 1, 96).expand(-1, -1, PLACES, -1).clone()
    tokens[..., 64:] = torch.randn(1, 1, PLACES, 32)
    optimizer = torch.optim.Adam(questions.parameters(), 0.01)
    history: list[list[float]] = []
    for _ in range(500):
        losses = questions(tokens.flatten(1, 2), there, yaw, landmarks)
        history.append([one.item() for one in losses])
        optimizer.zero_grad()
        torch.stack(losses).sum().backward()
        optimizer.step()

    for before, after in zip(history[0], history[-1], strict=True):
        assert after < 0.2 * before


def test_a_moment_is_asked_about_its_own_yaw() -> None:
    questions = MotionQuestions(8)
    for weight in questions.parameters():
        torch.nn.init.zeros_(weight)
    yaw = torch.tensor([[0.0, 45.0]])
    none = torch.zeros(1, len(SEEN)), torch.full((1, 2, LANDMARKS, 2), 0.5)

    _, turned, missed = questions(torch.randn(1, 8, 8), none[0], yaw, none[1])

    assert torch.allclose(turned, torch.tensor(0.5))
    assert torch.allclose(missed, torch.tensor(0.25))  # places stand a quarter from the middle


def test_movements_and_the_camera_are_what_is_shown(tmp_path: Path) -> None:
    data = write_footage(tmp_path, people=1, clips=2, frames=5, size=16)

    told = [
        {SEEN[place] for place, there in enumerate(shown(one)) if there} for one in data.records
    ]

    assert told == [{"turn left", "still"}, {"turn right", "still"}]
