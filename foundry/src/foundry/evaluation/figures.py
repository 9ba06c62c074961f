"""All figures of one evaluation."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from foundry.evaluation.crowd import CrowdFigures
from foundry.evaluation.enlarging import EnlargingFigures
from foundry.evaluation.likeness import PersonFigures
from foundry.evaluation.photographs import PhotographFigures


class Figures(BaseModel):
    """What `foundry evaluate` found. `judge_recognised`: of real photos, the share whose nearest
    person in the gallery of `gallery` people is the right one; `autoencoder_psnr` in dB."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: list[PersonFigures]
    gallery: int
    judge_recognised: float
    crowd: CrowdFigures
    autoencoder_psnr: float
    renders: EnlargingFigures
    photographs: EnlargingFigures
    faces: PhotographFigures

    @property
    def likeness(self) -> float:
        """The mean, normalised: 1 = the person's own photos, 0 = strangers'."""
        return float(np.mean([person.likeness for person in self.people]))

    @property
    def worst(self) -> float:
        return min(person.likeness for person in self.people)

    @property
    def recognised(self) -> float:
        return float(np.mean([person.recognised for person in self.people]))

    @property
    def base_followed(self) -> float:
        return mean_followed([self.crowd.followed])

    @property
    def adapter_followed(self) -> float:
        return mean_followed([person.followed for person in self.people])

    def adapters_followed(self, question: str) -> float | None:
        """The share of one question's right answers; None if no adapter was asked it."""
        each = [person.followed[question] for person in self.people if question in person.followed]
        return float(np.mean(each)) if each else None

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.model_dump(), indent=2) + "\n")


PROMPTED = ("clothes", "background", "expression", "eyewear", "hair", "hair colour")


def mean_followed(each: Sequence[dict[str, float]]) -> float:
    """The mean over what prompts ask for: every question weighs the same."""
    return float(np.mean([np.mean([one[q] for q in PROMPTED if q in one]) for one in each]))
