"""Why a provider did not make what was asked for."""

from typing import ClassVar


class ProviderError(Exception):
    """{title} did not make it."""

    final: ClassVar[bool] = True
    """Whether another attempt would meet the same."""

    def __init__(self, title: str, detail: str = "") -> None:
        """`title` names the provider to clients, `detail` is for the operator's log alone."""
        self.detail = detail
        super().__init__(" ".join(str(self.__doc__).format(title=title).split()))


class ProviderRefuses(ProviderError):
    """{title} declined this under its safety policy. Change the prompt or the reference images."""


class ProviderRejects(ProviderError):
    """{title} does not take this request. Change its options or its reference images, and send it
    again."""


class ProviderClosed(ProviderError):
    """This server cannot use {title} at the moment. Its operator finds the reason in its log."""


class ProviderBusy(ProviderError):
    """{title} is too busy, or did not answer."""

    final = False

    def __init__(
        self, title: str, detail: str = "", *, taken: bool = True, pause: float | None = None
    ) -> None:
        """`taken` says whether the provider may have begun with it and may ask money for it;
        `pause` is how many seconds it wants to be left alone."""
        self.taken = taken
        self.pause = pause
        super().__init__(title, detail)


class NothingMade(ProviderBusy):
    """{title} answered, and made nothing."""


class TaskFailed(ProviderError):
    """{title} could not make it. Try again, or change the request."""


class WrongAnswer(ProviderError):
    """{title} gave an answer that cannot be used."""

    final = False
