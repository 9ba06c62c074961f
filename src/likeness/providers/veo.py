"""Google: Veo, as the Gemini API's guide "Generate videos with Veo" has it.

Frames are sent as `bytesBase64Encoded`, which the endpoint takes although the guide shows another
form for `generateContent`. With this API sound is always made and prompts are always enhanced:
`audio` and `enhance_prompt` are not sent.
"""

import base64
from typing import Annotated, Any

from pydantic import Field

from likeness.providers.complaints import failure
from likeness.providers.errors import ProviderRefuses, TaskFailed
from likeness.providers.talk import Reply, Talk
from likeness.providers.videos import VideoOrder

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+|/[A-Za-z0-9_-]+)*$")]


class _Video(Reply):
    uri: str


class _Sample(Reply):
    video: _Video


class _Made(Reply):
    generatedSamples: tuple[_Sample, ...] = ()
    raiMediaFilteredReasons: tuple[str, ...] = ()


class _Response(Reply):
    generateVideoResponse: _Made = _Made()


class _Error(Reply):
    message: str = ""


class _Begun(Reply):
    name: Name


class _Operation(Reply):
    done: bool = False
    error: _Error | None = None
    response: _Response = _Response()


class Veo:
    """Makes videos from words, from one or two frames, or from reference images."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def submit(self, order: VideoOrder) -> str:
        """Ask for a video; returns the operation's name. Raises ProviderError."""
        instance: dict[str, Any] = {"prompt": order.prompt}
        if order.first_frame:
            instance["image"] = _image(order.first_frame)
        if order.last_frame:
            instance["lastFrame"] = _image(order.last_frame)
        if order.references:
            instance["referenceImages"] = [
                {"image": _image(jpeg), "referenceType": "asset"} for jpeg in order.references
            ]
        wanted: dict[str, Any] = {
            "aspectRatio": order.ratio,
            "durationSeconds": order.seconds,
            "resolution": order.resolution,
            "negativePrompt": order.negative_prompt or None,
            "seed": order.seed,
        }
        parameters = {name: value for name, value in wanted.items() if value is not None}
        path = f"models/{order.model}:predictLongRunning"
        body = {"instances": [instance], "parameters": parameters}
        return (await self._talk.post(path, _Begun, json=body)).name

    async def look(self, task: str) -> str | None:
        """Where the video is, or None while it is made. Raises ProviderError."""
        operation = await self._talk.get(task, _Operation)
        if not operation.done:
            return None
        if operation.error is not None:
            raise failure(self._talk.title, operation.error.message, TaskFailed)
        made = operation.response.generateVideoResponse
        if made.generatedSamples:
            return made.generatedSamples[0].video.uri
        if made.raiMediaFilteredReasons:
            raise ProviderRefuses(self._talk.title, "; ".join(made.raiMediaFilteredReasons)[:300])
        raise TaskFailed(self._talk.title, "it is done without a video")


def _image(jpeg: bytes) -> dict[str, str]:
    return {"bytesBase64Encoded": base64.b64encode(jpeg).decode(), "mimeType": "image/jpeg"}
