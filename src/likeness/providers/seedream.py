"""BytePlus ModelArk: Seedream, as its page "Image generation API" has it.

One request draws one picture; there is no task that a later request could ask for. Its visible
watermark is switched off: what we store says in its own bytes that it is synthetic.
"""

from typing import Annotated, Any

from pydantic import Base64Bytes, Field

from likeness.providers.complaints import failure
from likeness.providers.errors import NothingMade
from likeness.providers.pictures import PictureOrder, Sizes, data_url
from likeness.providers.talk import Reply, Talk

SIZES = {
    "seedream-4-0": Sizes(step=16, least=921_600, most=16_777_216, longest=16_384, widest=16.0),
    "seedream-4-5": Sizes(step=16, least=3_686_400, most=16_777_216, longest=16_384, widest=16.0),
    "seedream-5-0": Sizes(step=16, least=3_686_400, most=10_404_496, longest=16_384, widest=16.0),
}
"""Documented sizes, by how the model's name begins."""

NEWEST = "seedream-5-0"
"""A model of another name is taken for one of these."""


class _Error(Reply):
    code: str = ""
    message: str = ""


class _Image(Reply):
    b64_json: Base64Bytes = b""
    error: _Error | None = None


class _Images(Reply):
    data: Annotated[list[_Image], Field(min_length=1)]


class Seedream:
    """Draws from words, or from words and reference images."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def draw(self, order: PictureOrder) -> bytes:
        """A picture's file. Raises ProviderError."""
        wanted: dict[str, Any] = {
            "model": order.model,
            "prompt": order.prompt,
            "size": _size(order),
            "response_format": "b64_json",
            "sequential_image_generation": "disabled",
            "watermark": False,
        }
        if order.references:
            wanted["image"] = [data_url(jpeg) for jpeg in order.references]
        made = (await self._talk.post("images/generations", _Images, json=wanted)).data[0]
        if made.b64_json:
            return made.b64_json
        said = f"{made.error.code} {made.error.message}" if made.error else "no picture"
        raise failure(self._talk.title, said, NothingMade)


def _size(order: PictureOrder) -> str:
    sizes = next((SIZES[name] for name in SIZES if order.model.startswith(name)), SIZES[NEWEST])
    if order.ratio is None and order.references:
        # A name of a size leaves the shape to the model, which takes that of the references.
        return "4K" if order.area > 3072**2 and sizes.most >= 4096**2 else "2K"
    width, height = sizes.nearest(order.area, order.ratio or 1.0)
    return f"{width}x{height}"
