"""What is asked of a provider that makes a video: a task that takes minutes, which is asked for by
its id until it is done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from likeness.providers.errors import WrongAnswer
from likeness.providers.patience import patiently
from likeness.providers.talk import Talk


@dataclass(frozen=True)
class VideoOrder:
    """One video. `model` is the provider's own name of it. What is None or empty is left to the
    provider, and what a provider has no word for is not sent to it.

    `ratio` is such as `16:9`, `resolution` such as `720p`. Frames and references are JPEG files.
    `videos` are URLs that the provider itself fetches, so they must be open to the internet.
    `grade` is Kling's (standard or professional), `orientation` and `keep_sound` its motion
    control's: whether the person faces as in the image or as in the video, and whether its sound
    stays.
    """

    model: str
    prompt: str = ""
    negative_prompt: str = ""
    ratio: str | None = None
    seconds: int | None = None
    resolution: str | None = None
    audio: bool = False
    enhance_prompt: bool | None = None
    seed: int | None = None
    first_frame: bytes | None = None
    last_frame: bytes | None = None
    references: tuple[bytes, ...] = ()
    videos: tuple[str, ...] = ()
    grade: Literal["std", "pro"] = "std"
    orientation: Literal["image", "video"] = "video"
    keep_sound: bool = True


class VideoMaker(Protocol):
    """A provider that makes videos."""

    async def submit(self, order: VideoOrder) -> str:
        """Ask for a video; returns the task's id. Raises ProviderError."""
        ...

    async def look(self, task: str) -> str | None:
        """Where the video is, or None while it is made. Raises ProviderError."""
        ...


async def make_video(
    talk: Talk,
    maker: VideoMaker,
    order: VideoOrder,
    path: Path,
    *,
    task: str | None = None,
    on_task: Callable[[str], None] = lambda _: None,
) -> None:
    """Write an MP4 to `path`, as the provider made it. Raises ProviderError.

    `on_task` hears the task's id before anything is waited for. Who keeps it and gives it as `task`
    at the next attempt does not ask, and pay, for the same video twice.
    """
    if task is None:
        task = await patiently(lambda: maker.submit(order), talk.patience, careful=True)
        on_task(task)
    begun = task
    while (url := await patiently(lambda: maker.look(begun), talk.patience)) is None:
        await asyncio.sleep(talk.patience.poll)
    found = url
    await patiently(lambda: talk.save(found, path), talk.patience)
    with path.open("rb") as file:
        if file.read(12)[4:8] != b"ftyp":
            raise WrongAnswer(talk.title, "its result is no MP4 file")
