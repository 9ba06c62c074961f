"""Addresses of webhooks, as clients and operators give them."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

EventType = Literal["job.success", "job.failed", "training.success", "training.failed"]
"""What a message is about."""

LONGEST = 4096
_PATTERN = "^[Hh][Tt][Tt][Pp][Ss]?://[!-~]+$"


def webhook_url(url: str) -> str:
    """The address, if a message can be sent there at all: http or https, at most 4,096 plain
    characters. Whether it is on the public internet is looked at each time. Raises ValueError."""
    if len(url) > LONGEST:
        raise ValueError(f"must have at most {LONGEST} characters")
    if not re.fullmatch(_PATTERN, url):
        raise ValueError("must begin with http:// or https:// and have plain characters only")
    return url


WebhookUrl = Annotated[
    str,
    AfterValidator(webhook_url),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "maxLength": LONGEST}),
]
"""The same in a body."""

Told = Annotated[
    WebhookUrl | None, Field(description="where to send the job's record when it is over")
]
"""The field of a body that starts a job."""
