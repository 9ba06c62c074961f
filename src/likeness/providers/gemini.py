"""Google: Gemini's image models ("Nano Banana"), as the Gemini API's guide "Image generation" and
the reference of `models.generateContent` have it.

One request draws one picture; there is no task that a later request could ask for.
"""

import base64
import math
from typing import Any

from pydantic import Base64Bytes

from likeness.providers.errors import NothingMade, ProviderRefuses
from likeness.providers.pictures import PictureOrder
from likeness.providers.talk import Reply, Talk

RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
"""What every model of the family takes."""

SIZES = {"1K": 1024**2, "2K": 2048**2, "4K": 4096**2}
"""Names of sizes, by their area in px when square."""

ONE_SIZE = "gemini-2"
"""Models whose names begin so draw at one size, and refuse to be told one."""

CATEGORIES = ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")
"""Filters that a request may set; others are always on."""

REFUSALS = (
    "SAFETY",
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "SPII",
    "RECITATION",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
)
"""Reasons for the end of an answer that are a filter's."""


class _Blob(Reply):
    data: Base64Bytes


class _Part(Reply):
    inlineData: _Blob | None = None
    thought: bool = False


class _Content(Reply):
    parts: tuple[_Part, ...] = ()


class _Candidate(Reply):
    content: _Content = _Content()
    finishReason: str = ""


class _Feedback(Reply):
    blockReason: str = ""


class _Answer(Reply):
    candidates: tuple[_Candidate, ...] = ()
    promptFeedback: _Feedback = _Feedback()


class Gemini:
    """Draws from words, or from words and reference images."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def draw(self, order: PictureOrder) -> bytes:
        """A picture's file. Raises ProviderError."""
        path = f"models/{order.model}:generateContent"
        answer = await self._talk.post(path, _Answer, json=_request(order))
        if reason := answer.promptFeedback.blockReason:
            raise ProviderRefuses(self._talk.title, f"it blocks the prompt: {reason}")
        reasons = [candidate.finishReason for candidate in answer.candidates]
        # Sketches on the way to a picture are thoughts.
        pictures = [
            part.inlineData.data
            for candidate in answer.candidates
            for part in candidate.content.parts
            if part.inlineData is not None and not part.thought
        ]
        if pictures:
            return pictures[-1]
        if any(reason in REFUSALS for reason in reasons):
            raise ProviderRefuses(self._talk.title, f"it ends with {', '.join(reasons)}")
        raise NothingMade(self._talk.title, f"it ends with {', '.join(reasons) or 'nothing'}")


def _request(order: PictureOrder) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": order.prompt}]
    for jpeg in order.references:
        blob = {"mimeType": "image/jpeg", "data": base64.b64encode(jpeg).decode()}
        parts.append({"inlineData": blob})
    image: dict[str, str] = {}
    if order.ratio is not None:
        image["aspectRatio"] = _nearest_ratio(order.ratio)
    if not order.model.startswith(ONE_SIZE):
        image["imageSize"] = _nearest_size(order.area)
    config: dict[str, Any] = {"responseModalities": ["TEXT", "IMAGE"]}
    if image:
        config["imageConfig"] = image
    request: dict[str, Any] = {
        "contents": [{"role": "user", "parts": parts}],
        "generationConfig": config,
    }
    if order.safety:
        request["safetySettings"] = [
            {"category": f"HARM_CATEGORY_{category}", "threshold": order.safety}
            for category in CATEGORIES
        ]
    return request


def _nearest_ratio(ratio: float) -> str:
    def distance(words: str) -> float:
        width, height = words.split(":")
        return abs(math.log(ratio * int(height) / int(width)))

    return min(RATIOS, key=distance)


def _nearest_size(area: int) -> str:
    return min(SIZES, key=lambda name: abs(math.log(area / SIZES[name])))
