"""Refusals: what was asked cannot be done, and the asker can do something about it."""

import re
from inspect import cleandoc
from typing import ClassVar


def sentence(kind: type[Exception]) -> str:
    """What a class of errors says of itself, in one line."""
    return " ".join(cleandoc(kind.__doc__ or "").split())


class Refusal(Exception):
    """The request cannot be carried out.

    Each cause is a subclass: `status` is the HTTP status that the API answers with, and the
    docstring is the message, unless one with more detail is given.
    """

    status: ClassVar[int] = 400
    retry_after: int | None = None
    """Seconds after which to ask again, where that is known."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or sentence(type(self))
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """The cause as a word that programs can compare, e.g. `model_not_found`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()
