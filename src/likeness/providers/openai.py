"""OpenAI: GPT Image, as its API reference has it ("Create image", "Create image edit"; sizes of
gpt-image-2 in the guide "Image generation").

One request draws; there is no task that a later request could ask for. It is answered within
minutes.
"""

from typing import Annotated

from pydantic import Base64Bytes, Field

from likeness.providers.pictures import PictureOrder, Sizes
from likeness.providers.talk import Reply, Talk

SIZES = Sizes(step=16, least=655_360, most=8_294_400, longest=3840, widest=3.0)
"""Documented for gpt-image-2."""


class _Image(Reply):
    b64_json: Base64Bytes


class _Images(Reply):
    data: Annotated[list[_Image], Field(min_length=1)]


class OpenAI:
    """Draws from words, or from words and reference images."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def draw(self, order: PictureOrder) -> bytes:
        """A picture's file. Raises ProviderError."""
        wanted: dict[str, str | int] = {
            "model": order.model,
            "prompt": order.prompt,
            "n": 1,
            "size": _size(order),
            "output_format": order.format,
            "quality": order.quality or "auto",
        }
        if order.references:
            files = [
                ("image[]", (f"{index}.jpg", jpeg, "image/jpeg"))
                for index, jpeg in enumerate(order.references)
            ]
            made = await self._talk.post("images/edits", _Images, data=wanted, files=files)
        else:
            made = await self._talk.post("images/generations", _Images, json=wanted)
        return made.data[0].b64_json


def _size(order: PictureOrder) -> str:
    if order.ratio is None and order.references:
        return "auto"
    width, height = SIZES.nearest(order.area, order.ratio or 1.0)
    return f"{width}x{height}"
