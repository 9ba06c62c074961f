"""xAI: Grok Imagine's videos, as its guide "Video generation" and its REST reference have it.

The model takes one frame to begin with, or reference images, not both; it has no seed, no last
frame and no reference videos.
"""

from typing import Annotated, Any

from pydantic import Field

from likeness.providers.complaints import failure
from likeness.providers.errors import ProviderRefuses, TaskFailed, WrongAnswer
from likeness.providers.pictures import data_url
from likeness.providers.talk import Reply, Talk
from likeness.providers.videos import VideoOrder


class _Begun(Reply):
    request_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]


class _Video(Reply):
    url: str = ""
    respect_moderation: bool | None = None


class _Error(Reply):
    code: str | None = None
    message: str | None = None


class _Request(Reply):
    status: str | None = None
    video: _Video | None = None
    error: _Error | None = None


class Grok:
    """Makes videos from words, from a first frame, or from reference images."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def submit(self, order: VideoOrder) -> str:
        """Ask for a video; returns the request's id. Raises ProviderError."""
        body: dict[str, Any] = {"model": order.model, "prompt": order.prompt}
        if order.first_frame:
            body["image"] = {"url": data_url(order.first_frame)}
        elif order.references:
            body["reference_images"] = [{"url": data_url(jpeg)} for jpeg in order.references]
        wanted: dict[str, Any] = {
            "duration": order.seconds,
            "aspect_ratio": order.ratio,
            "resolution": order.resolution,
        }
        body |= {name: value for name, value in wanted.items() if value is not None}
        return (await self._talk.post("videos/generations", _Begun, json=body)).request_id

    async def look(self, task: str) -> str | None:
        """Where the video is, or None while it is made. Raises ProviderError."""
        found = await self._talk.get(f"videos/{task}", _Request)
        if found.status in ("failed", "expired"):
            error = found.error or _Error()
            said = " ".join(word for word in (found.status, error.code, error.message) if word)
            raise failure(self._talk.title, said, TaskFailed)
        if found.video is not None and found.video.respect_moderation is False:
            raise ProviderRefuses(self._talk.title, "the video does not respect moderation")
        if found.video is not None and found.video.url:
            return found.video.url
        if found.status == "done":
            raise WrongAnswer(self._talk.title, "it is done without a video")
        return None
