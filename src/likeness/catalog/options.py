"""Options of public models: a group of keys for each family of models."""

from typing import Any, TypeVar

from pydantic import ValidationError

from likeness.errors import Refusal
from likeness.mistakes import mistakes
from likeness.wire import Body

Options = TypeVar("Options", bound=Body)


class BadOptions(Refusal):
    """The options are not right."""


def read_options(kind: type[Options], options: dict[str, Any] | None, group: str) -> Options:
    """A model's own group of options; what stands in other groups is not looked at.

    Raises `BadOptions`.
    """
    try:
        return kind.model_validate((options or {}).get(group) or {})
    except ValidationError as error:
        lines = [f"options.{group}.{line}" for line in mistakes(error)]
        raise BadOptions(f"{'; '.join(lines)}.") from None
