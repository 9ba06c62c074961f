"""Presets: their files, and on the wire."""

from string import Formatter
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from likeness.wire import Record

Noun = Literal["man", "woman", "person"]


class Words(BaseModel):
    """What a place in a prompt says of a man, of a woman, and where the model has no gender."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    man: str = Field(min_length=1)
    woman: str = Field(min_length=1)
    person: str = Field(min_length=1)


class Preset(BaseModel):
    """A preset's file. `prompt` follows who the person is; its `{places}` are filled from `words`.

    `width` and `height` in px and `steps` are taken where the request does not say them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=60)
    description: str = Field(min_length=1, max_length=200)
    prompt: str = Field(min_length=1, max_length=1000)
    width: Annotated[int, Field(ge=64, le=2048)]
    height: Annotated[int, Field(ge=64, le=2048)]
    steps: Annotated[int, Field(ge=1, le=100)] | None = None
    words: dict[str, Words] = {}

    @model_validator(mode="after")
    def _every_place_has_words(self) -> "Preset":
        places = {place for _, place, _, _ in Formatter().parse(self.prompt) if place is not None}
        if unknown := sorted(places - self.words.keys()):
            raise ValueError(f"the prompt has {{{unknown[0]}}}, but words.{unknown[0]} is missing")
        if unused := sorted(self.words.keys() - places):
            raise ValueError(f"words.{unused[0]} is nowhere in the prompt")
        return self

    def prompt_for(self, noun: Noun, asked: str) -> str:
        """The prompt for a person, what the client `asked` itself (or "") first."""
        words = {place: getattr(words, noun) for place, words in self.words.items()}
        return ", ".join(part for part in (asked, self.prompt.format(**words)) if part)


class PresetRecord(Record):
    """A preset as clients see it."""

    tag: str = Field(description="what to send as `preset`")
    name: str
    description: str
    width: int
    height: int
