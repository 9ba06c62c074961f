"""A motion: what moves in a clip of somebody, and when."""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "turn left",
    "turn right",
    "face the camera",
    "look up",
    "look down",
    "tilt left",
    "tilt right",
    "nod",
    "shake the head",
    "glance left",
    "glance right",
    "glance up",
    "glance down",
    "look around",
    "smile",
    "stop smiling",
    "laugh",
    "look surprised",
    "look sad",
    "look angry",
    "raise the eyebrows",
    "close the eyes",
    "blink",
    "talk",
    "shrug",
]
Track = Literal["still", "push in", "pull back", "drift left", "drift right"]

KINDS: tuple[Kind, ...] = get_args(Kind)


class Movement(BaseModel):
    """One movement that a caption can ask for; sides are the viewer's.

    It begins at `start` and takes `seconds` to where it leads, or as a whole if it is a repeated
    one (of `times` nods, say); it begins to go `back` at that second, or stays. `amount` is in
    degrees for heads and eyes, else a share of the full movement. `watching` eyes stay on what
    they look at while the head moves; others go ahead of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    start: float
    seconds: float = Field(gt=0)
    amount: float
    times: int = 1
    back: float | None = None
    watching: bool = False


class Motion(BaseModel):
    """`frames` at `rate` a second, the first at second 0; `blinks` are the middles of blinks.

    `seed` decides what words cannot say: how the head sways, the syllables of talk. Clips without
    `movements` show somebody who keeps still: breath and blinks are all that moves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int
    frames: int = Field(ge=1)
    rate: float = Field(gt=0)
    movements: tuple[Movement, ...]
    blinks: tuple[float, ...]
    camera: Track

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its movements, in the order in which they begin."""
        return tuple(m.kind for m in sorted(self.movements, key=lambda m: m.start))
