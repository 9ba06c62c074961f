"""Pictures and videos that a request for a video names, each in its role."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from likeness.actions.references import Link, Url
from likeness.errors import Refusal
from likeness.wire import Body

MOST = 20

Role = Literal["first_frame", "last_frame", "reference_image"]


class TooManyFrames(Refusal):
    """A video has one first frame and one last frame. Name one image with each of these roles."""


class ImageReference(Body):
    """A picture for a video."""

    url: Url
    role: Role | None = Field(
        None, description="without one, the first picture is the first frame, others are references"
    )


def _named(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


ImageReferences = Annotated[
    Sequence[
        Annotated[
            ImageReference, BeforeValidator(_named, json_schema_input_type=ImageReference | Url)
        ]
    ],
    Field(max_length=MOST),
]
VideoReferences = Annotated[Sequence[Link], Field(max_length=MOST)]
"""Videos whose movement is wanted; roles are not looked at."""


@dataclass(frozen=True)
class Pictures:
    """URLs by what they are for."""

    first: str | None
    last: str | None
    references: tuple[str, ...]


def by_role(named: Sequence[ImageReference]) -> Pictures:
    """The pictures in their roles. Raises `TooManyFrames`."""
    urls: dict[Role, list[str]] = {"first_frame": [], "last_frame": [], "reference_image": []}
    for reference in named:
        if reference.role:
            urls[reference.role].append(reference.url)
    for reference in named:
        if reference.role is None:
            urls["reference_image" if urls["first_frame"] else "first_frame"].append(reference.url)
    first, last = urls["first_frame"], urls["last_frame"]
    if len(first) > 1 or len(last) > 1:
        raise TooManyFrames
    return Pictures(
        first[0] if first else None, last[0] if last else None, tuple(urls["reference_image"])
    )
