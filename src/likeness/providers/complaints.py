"""What a provider means when it does not answer with success."""

import json
from typing import Any

from likeness.providers.errors import (
    ProviderBusy,
    ProviderClosed,
    ProviderError,
    ProviderRefuses,
    ProviderRejects,
)

ABOUT_CONTENT = (
    "safety",
    "moderation",
    "sensitive",
    "content policy",
    "content_policy",
    "content security",
    "usage guidelines",
    "prohibited",
    "risk control",
)
"""Words of errors that are about what was to be shown."""

ABOUT_MONEY = ("insufficient_quota", "billing_hard_limit", "arrears", "depleted", "overdue")
"""Words of errors that no waiting mends, although some come with the status of "too busy"."""

ABOUT_ACCESS = ("api key", "api_key", "location is not supported")
"""Words of errors that are the operator's, although Google gives them the status of bad requests.
"""

LONGEST = 300


def complaint(title: str, status: int, body: bytes, pause: str = "") -> ProviderError:
    """The error that an HTTP status and its body stand for; `pause` is a `Retry-After`."""
    said = _said(body)
    detail = f"it answers {status}: {said}"
    if status in (400, 403, 422) and _is_about(said, ABOUT_CONTENT):
        return ProviderRefuses(title, detail)
    if (
        status in (401, 402, 403, 404)
        or (status in (400, 429) and _is_about(said, ABOUT_MONEY))
        or (status == 400 and _is_about(said, ABOUT_ACCESS))
    ):
        return ProviderClosed(title, detail)
    if status in (408, 425, 429) or status >= 500:
        seconds = float(pause) if pause.isdecimal() and len(pause) < 6 else None
        return ProviderBusy(title, detail, taken=status != 429, pause=seconds)
    return ProviderRejects(title, detail)


def failure(title: str, said: str, otherwise: type[ProviderError]) -> ProviderError:
    """The error of an answer that was a success but says that nothing was made: a refusal if its
    words are a content filter's."""
    kind = ProviderRefuses if _is_about(said, ABOUT_CONTENT) else otherwise
    return kind(title, said[:LONGEST])


def _is_about(said: str, words: tuple[str, ...]) -> bool:
    lower = said.lower()
    return any(word in lower for word in words)


def _said(body: bytes) -> str:
    """Code and message of an error, in whichever of their shapes, as one short line."""
    text = body[: 64 * 1024].decode("utf-8", "replace")
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return _line(text)
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, dict):
        return _line(text)
    inner = found.get("error")
    source = inner if isinstance(inner, dict) else found
    words = [source.get(name) for name in ("code", "status", "type", "message")]
    if isinstance(inner, str):
        words.append(inner)
    return _line(" ".join(str(word) for word in words if word is not None) or text)


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
