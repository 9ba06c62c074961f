"""Types that every body and record of the contract is made of."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)


class Body(BaseModel):
    """A JSON body from a client. Keys that it does not know are ignored, as the contract says."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Record(BaseModel):
    """A record of the contract, with the wire's own casing: every key is always present."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode: it holds half of a surrogate pair") from None
    return text


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""Takes 7.0 for the integer 7: JSON does not tell them apart, and not every client can."""

_NO_NUL = Field(json_schema_extra={"pattern": "^[^\\x00]*$"})

Text = Annotated[str, StringConstraints(max_length=200), AfterValidator(_storable), _NO_NUL]
"""A short text: at most 200 characters, no NUL."""

LongText = Annotated[str, StringConstraints(max_length=5000), AfterValidator(_storable), _NO_NUL]
"""A long text: at most 5,000 characters, no NUL."""


def timestamp(seconds: float) -> str:
    """A point in time (seconds since 1970) as RFC 3339 in UTC, to the second."""
    return _written(int(seconds))


@lru_cache(1024)  # what was made together is read together
def _written(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
