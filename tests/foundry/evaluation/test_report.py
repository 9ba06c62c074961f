"""The table and the plots tell what the figures say."""

from pathlib import Path

import pytest
from PIL import Image

from foundry.evaluation.crowd import CrowdFigures
from foundry.evaluation.enlarging import EnlargingFigures
from foundry.evaluation.figures import PROMPTED, Figures
from foundry.evaluation.likeness import PersonFigures
from foundry.evaluation.photographs import PhotographFigures
from foundry.evaluation.plots import draw_likeness, draw_prompts
from foundry.evaluation.report import table


def person(number: int, generated: float) -> PersonFigures:
    return PersonFigures(
        number=number,
        generated=generated,
        before=0.15,
        ceiling=0.9,
        floor=0.1,
        recognised=0.75,
        followed={"clothes": 1.0, "background": 0.5},
        seconds=60,
        picture_seconds=0.5,
    )


@pytest.fixture
def figures() -> Figures:
    enlarged = EnlargingFigures(
        pictures=4, psnr=31.5, psnr_lanczos=29.5, ssim=0.9, ssim_lanczos=0.85
    )
    followed: dict[str, float] = dict.fromkeys(PROMPTED, 0.8)
    crowd = CrowdFigures(
        followed=followed, on_renders=followed, frechet=9.0, frechet_renders=1.0, pictures=8
    )
    return Figures(
        people=[person(3, 0.7), person(8, 0.3)],
        gallery=200,
        judge_recognised=0.99,
        crowd=crowd,
        autoencoder_psnr=31.0,
        renders=enlarged,
        photographs=enlarged,
        faces=PhotographFigures(astronaut_overlap=0.9, faces={"astronaut": 1}),
    )


def test_likeness_is_told_between_strangers_and_own_photos(figures: Figures) -> None:
    text = table(figures)

    assert figures.likeness == pytest.approx(0.5)
    assert "| likeness (1 = own photos, 0 = strangers) | 0.50 |" in text
    assert "| … of the worst person | 0.25 |" in text
    assert "| recognised among 200 | 75% |" in text
    assert "| prompt followed, with adapter | 75% |" in text
    assert "| upscaler beside Lanczos, renders | 31.5 dB (+2.0) |" in text


def test_a_question_that_adapters_were_not_asked_has_no_figure(figures: Figures) -> None:
    assert "| hair | 80% | – | 80% |" in table(figures)


def test_plots_are_drawn_even_where_no_adapter_was_asked(figures: Figures, tmp_path: Path) -> None:
    draw_likeness(figures.people, tmp_path / "likeness.png")
    draw_prompts(figures, tmp_path / "prompts.png")

    for name in ("likeness.png", "prompts.png"):
        with Image.open(tmp_path / name) as plot:
            assert plot.width > 600
