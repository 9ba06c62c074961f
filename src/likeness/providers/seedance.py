"""BytePlus ModelArk: Seedance, as its pages "Create a video generation task" and "Retrieve a video
generation task" have it.

Its visible watermark is switched off: what we store says in its own bytes that it is synthetic.
"""

from typing import Annotated, Any

from pydantic import Field

from likeness.providers.complaints import failure
from likeness.providers.errors import TaskFailed, WrongAnswer
from likeness.providers.pictures import data_url
from likeness.providers.talk import Reply, Talk
from likeness.providers.videos import VideoOrder

TASKS = "contents/generations/tasks"
OVER = ("failed", "cancelled", "expired")


class _Begun(Reply):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]


class _Content(Reply):
    video_url: str = ""


class _Error(Reply):
    code: str = ""
    message: str = ""


class _Task(Reply):
    status: str
    content: _Content | None = None
    error: _Error | None = None


class Seedance:
    """Makes videos from words, one or two frames, reference images and reference videos."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def submit(self, order: VideoOrder) -> str:
        """Ask for a video; returns the task's id. Raises ProviderError."""
        content: list[dict[str, Any]] = []
        if order.prompt:
            content.append({"type": "text", "text": order.prompt})
        if order.first_frame:
            content.append(_image(order.first_frame, "first_frame"))
        if order.last_frame:
            content.append(_image(order.last_frame, "last_frame"))
        content += [_image(jpeg, "reference_image") for jpeg in order.references]
        content += [
            {"type": "video_url", "video_url": {"url": url}, "role": "reference_video"}
            for url in order.videos
        ]
        body: dict[str, Any] = {
            "model": order.model,
            "content": content,
            "generate_audio": order.audio,
            "watermark": False,
        }
        wanted: dict[str, Any] = {
            "ratio": order.ratio,
            "duration": order.seconds,
            "resolution": order.resolution,
            "seed": order.seed,
        }
        body |= {name: value for name, value in wanted.items() if value is not None}
        return (await self._talk.post(TASKS, _Begun, json=body)).id

    async def look(self, task: str) -> str | None:
        """Where the video is, or None while it is made. Raises ProviderError."""
        found = await self._talk.get(f"{TASKS}/{task}", _Task)
        if found.status == "succeeded":
            if found.content and found.content.video_url:
                return found.content.video_url
            raise WrongAnswer(self._talk.title, "it succeeded without a video")
        if found.status in OVER:
            said = f"{found.error.code} {found.error.message}" if found.error else found.status
            raise failure(self._talk.title, said, TaskFailed)
        return None


def _image(jpeg: bytes, role: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": data_url(jpeg)}, "role": role}
