"""Kling, as its API reference has it ("Text to Video", "Image to Video", "Motion Control").

Pictures are sent as plain Base64. `model` is such as `kling-v3`, and `grade` is its `mode`. With a
first frame the frame decides the ratio; of references it takes the first, as that frame. Motion
control is asked for when there is a reference video: its length is the video's.
"""

import base64
from typing import Annotated, Any

from pydantic import Field

from likeness.providers.complaints import failure
from likeness.providers.errors import ProviderClosed, TaskFailed, WrongAnswer
from likeness.providers.talk import Reply, Talk
from likeness.providers.videos import VideoOrder

TEXT, IMAGE, MOTION = "videos/text2video", "videos/image2video", "videos/motion-control"


class _Video(Reply):
    url: str


class _Result(Reply):
    videos: tuple[_Video, ...] = ()


class _Data(Reply):
    task_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    task_status: str = ""
    task_status_msg: str = ""
    task_result: _Result = _Result()


class _Answer(Reply):
    code: int
    message: str = ""
    data: _Data | None = None


class Kling:
    """Makes videos from words, from one or two frames, or from an image and a video's motion."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def submit(self, order: VideoOrder) -> str:
        """Ask for a video; returns where the task is. Raises ProviderError."""
        image = order.first_frame or next(iter(order.references), None)
        path = MOTION if order.videos else IMAGE if image else TEXT
        body: dict[str, Any] = {"model_name": order.model, "mode": order.grade}
        wanted: dict[str, Any] = {"prompt": order.prompt or None}
        if path == MOTION:
            wanted |= {
                "image_url": _base64(image),
                "video_url": order.videos[0],
                "character_orientation": order.orientation,
                "keep_original_sound": "yes" if order.keep_sound else "no",
            }
        else:
            wanted |= {
                "negative_prompt": order.negative_prompt or None,
                "duration": None if order.seconds is None else str(order.seconds),
                "sound": "on" if order.audio else "off",
                "aspect_ratio": order.ratio if path == TEXT else None,
                "image": _base64(image),
                "image_tail": _base64(order.last_frame),
            }
        body |= {name: value for name, value in wanted.items() if value is not None}
        return f"{path}/{self._data(await self._talk.post(path, _Answer, json=body)).task_id}"

    async def look(self, task: str) -> str | None:
        """Where the video is, or None while it is made. Raises ProviderError."""
        data = self._data(await self._talk.get(task, _Answer))
        if data.task_status == "failed":
            raise failure(self._talk.title, data.task_status_msg, TaskFailed)
        if data.task_status != "succeed":
            return None
        if not data.task_result.videos:
            raise WrongAnswer(self._talk.title, "it succeeded without a video")
        return data.task_result.videos[0].url

    def _data(self, answer: _Answer) -> _Data:
        # Errors come with their HTTP statuses; a gateway may pass on the code alone.
        if answer.code != 0 or answer.data is None:
            raise failure(self._talk.title, f"{answer.code} {answer.message}", ProviderClosed)
        return answer.data


def _base64(jpeg: bytes | None) -> str | None:
    return None if jpeg is None else base64.b64encode(jpeg).decode()
