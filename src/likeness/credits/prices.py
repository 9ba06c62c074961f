"""What things cost: a table in a file of the operator's; without one everything is free."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from likeness.mistakes import mistakes

Price = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""Whole credits for one piece: at most a million, so that no job can cost more than fits a row."""

Piece = Literal["training", "generation", "upscaling", "video"]
"""What has a price: a training, a picture that is made or enlarged, a video."""


class BadPrices(Exception):
    """The prices cannot be used. Correct the lines below and start again."""

    def __init__(self, found: Sequence[str]) -> None:
        self.mistakes = list(found)
        super().__init__("\n".join([str(self.__doc__), *(f"  {line}" for line in found)]))


class Prices(BaseModel):
    """Credits for one piece of each kind; `models` names public models whose pieces cost another
    number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    training: Price = 0
    generation: Price = 0
    upscaling: Price = 0
    video: Price = 0
    models: Mapping[str, Price] = Field(default_factory=dict[str, int])

    def of(self, piece: Piece, model_id: str, count: int) -> int:
        """What `count` pieces cost, made with a model, which may be a public one."""
        by_kind = {
            "training": self.training,
            "generation": self.generation,
            "upscaling": self.upscaling,
            "video": self.video,
        }
        # A public model's pictures are enlarged here: that is not its own price.
        own = None if piece == "upscaling" else self.models.get(model_id)
        return count * (by_kind[piece] if own is None else own)


FREE = Prices()
"""Nothing costs anything."""


def load_prices(file: Path | None) -> Prices:
    """The prices in a TOML file; all is free without one. Raises BadPrices with every mistake."""
    if file is None:
        return FREE
    try:
        return Prices.model_validate(tomllib.loads(file.read_text("utf-8")))
    except ValidationError as error:
        raise BadPrices([f"{file}: {line}" for line in mistakes(error)]) from None
    except (OSError, ValueError) as error:
        raise BadPrices([f"{file}: it cannot be read: {error}"]) from None
